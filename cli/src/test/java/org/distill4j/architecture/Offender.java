package org.distill4j.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A place that breaks a rule of the house today, as a line of {@code offenders.txt} tells it.
 *
 * @param measure by how much: a count of files, packages or names
 * @param reason why it may; empty until somebody has written it
 */
record Offender(Kind kind, String place, int measure, String reason) {
  private static final int LARGEST_CIRCLE = 6;
  private static final int MOST_FILES = 40;

  /** The packages in which the models and stages of a run have their names. */
  private static final Set<String> NAMING = Set.of("recipe");

  /** The packages that speak of who teaches and who learns, whatever a run calls them. */
  private static final Set<String> TEACHING = Set.of("distill", "softlabels", "step");

  enum Kind {
    /** A package with circles of more than six files; measured in the files of these circles. */
    CIRCLE,
    /** A package of more than 40 files; measured in files. */
    FILES,
    /** A name that types of several packages have; measured in packages. */
    NAME,
    /** A file that names models or stages of a run; measured in names. */
    MODEL;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Path list(Path home) {
    return home.resolve("cli/src/test/resources/org/distill4j/architecture/offenders.txt");
  }

  static List<Offender> read(Path list) throws IOException {
    List<Offender> offenders = new ArrayList<>();
    for (String line : Files.readAllLines(list)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] cells = line.split("\\|", -1);
        offenders.add(
            new Offender(
                Kind.valueOf(cells[0].strip().toUpperCase(Locale.ROOT)),
                cells[1].strip(),
                Integer.parseInt(cells[2].strip()),
                cells[3].strip()));
      }
    }
    return offenders;
  }

  /** What breaks the rules in the code, with no reasons. */
  static List<Offender> of(House house) throws IOException {
    List<Offender> offenders = new ArrayList<>();
    Map<String, List<House.Source>> rooms = house.rooms();
    for (String room : rooms.keySet()) {
      int circled =
          Circles.of(house.within(room)).stream()
              .mapToInt(Set::size)
              .filter(size -> size > LARGEST_CIRCLE)
              .sum();
      if (circled > 0) {
        offenders.add(new Offender(Kind.CIRCLE, room, circled, ""));
      }
    }
    for (String room : rooms.keySet()) {
      int files = rooms.get(room).size();
      if (files > MOST_FILES) {
        offenders.add(new Offender(Kind.FILES, room, files, ""));
      }
    }
    house.files().stream()
        .collect(Collectors.groupingBy(House.Source::type, TreeMap::new, Collectors.counting()))
        .forEach(
            (type, packages) -> {
              if (packages > 1) {
                offenders.add(new Offender(Kind.NAME, type, packages.intValue(), ""));
              }
            });
    for (House.Source file : house.files()) {
      if (!NAMING.contains(file.room())) {
        String java = Files.readString(file.path());
        int names = ModelNames.in(java, TEACHING.contains(file.room())).size();
        if (names > 0) {
          offenders.add(new Offender(Kind.MODEL, file.name(), names, ""));
        }
      }
    }
    return offenders;
  }

  /** This one with the reason that a list gives for it, or for what it was before it moved. */
  Offender withReasonFrom(List<Offender> listed) {
    return Stream.concat(
            listed.stream().filter(other -> other.place.equals(place)),
            listed.stream().filter(other -> last(other.place).equals(last(place))))
        .filter(other -> other.kind == kind)
        .findFirst()
        .map(other -> new Offender(kind, place, measure, other.reason))
        .orElse(this);
  }

  private static String last(String place) {
    return place.substring(place.lastIndexOf('.') + 1);
  }

  /** What of the code makes it one, for a reader who wants to mend it. */
  String detail(House house) {
    return switch (kind) {
      case CIRCLE ->
          Circles.of(house.within(place)).stream()
              .filter(circle -> circle.size() > LARGEST_CIRCLE)
              .toList()
              .toString();
      case FILES -> "expected: at most " + MOST_FILES;
      case NAME ->
          house.files().stream()
              .filter(file -> file.type().equals(place))
              .map(House.Source::room)
              .collect(Collectors.toCollection(TreeSet::new))
              .toString();
      case MODEL -> "expected: only in " + new TreeSet<>(NAMING);
    };
  }

  String line() {
    return kind + " | " + place + " | " + measure + " | " + reason;
  }
}
