package org.distill4j.settings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.distill4j.fault.InputFault;

/** Collects what is wrong with a request, to be told all at once. */
final class Faults {
  private static final int SHOWN = 100;
  private static final int LONGEST = 500;

  private final List<Fault> found = new ArrayList<>();

  private record Fault(Place place, String said, String line) {}

  /** Adds a fault; an empty path stands for the whole. */
  void add(Place place, String path, String message) {
    String line = place.line(path, message).replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ");
    boolean fits = line.length() <= LONGEST;
    String said = path.isEmpty() ? message : path;
    found.add(new Fault(place, said, fits ? line : line.substring(0, LONGEST - 3) + "..."));
  }

  /** Adds what could not be read. */
  void add(Unreadable unreadable) {
    add(unreadable.place(), "", unreadable.getMessage());
  }

  /** Whether nothing was found. */
  boolean isEmpty() {
    return found.isEmpty();
  }

  /** Whether something was found in a section, or about it. */
  boolean concerns(String section) {
    Pattern within = Pattern.compile(Pattern.quote(section) + "\\b.*", Pattern.DOTALL);
    return found.stream().anyMatch(f -> within.matcher(f.said()).matches());
  }

  /** The lines: those of a file in its order, then those of the options; the first 100. */
  List<String> lines() {
    LinkedHashSet<String> lines = new LinkedHashSet<>();
    found.stream()
        .sorted(
            Comparator.comparing((Fault f) -> f.place().isOption())
                .thenComparing(f -> f.place().line()))
        .forEach(f -> lines.add(f.line()));
    if (lines.size() <= SHOWN) {
      return List.copyOf(lines);
    }
    List<String> first = new ArrayList<>(lines.stream().limit(SHOWN).toList());
    first.add("... and " + (lines.size() - SHOWN) + " more");
    return first;
  }

  /**
   * Ends a reading that found something.
   *
   * @throws InputFault with all lines, if there are any
   */
  void raise() {
    if (!isEmpty()) {
      throw new InputFault(lines());
    }
  }
}
