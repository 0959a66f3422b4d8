package org.distill4j.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A YAML value that knows where it was written. */
sealed interface Tree {
  /** Where it starts. */
  Place place();

  /** What it is called in a fault. */
  String shown();

  /**
   * One value.
   *
   * @param text without quotes
   * @param plain whether it was written without quotes, so that it may be a number
   */
  record Scalar(String text, boolean plain, Place place) implements Tree {
    private static final int SHOWN = 60;

    @Override
    public String shown() {
      if (isNull()) {
        return "nothing";
      }
      String line = text.replaceAll("\\p{Cntrl}+", " ");
      String start = line.length() <= SHOWN ? line : line.substring(0, SHOWN - 3) + "...";
      if (!plain) {
        return '"' + start + '"';
      }
      return Literal.isText(this) ? "'" + start + "'" : start;
    }

    /** Whether nothing was written. */
    boolean isNull() {
      return plain && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
    }
  }

  /** Several values in order. */
  record Sequence(List<Tree> items, Place place) implements Tree {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String shown() {
      return "a list";
    }
  }

  /** Values with keys, in the order written; a key may be there twice until that is refused. */
  record Mapping(List<Entry> entries, Place place) implements Tree {
    public Mapping {
      entries = List.copyOf(entries);
    }

    @Override
    public String shown() {
      return "a mapping";
    }

    /** The first entry of a key. */
    Optional<Entry> entry(String key) {
      return entries.stream().filter(e -> e.key().equals(key)).findFirst();
    }

    /** The same mapping with the key's entries replaced in place, or the entry added. */
    Mapping with(Entry entry) {
      List<Entry> changed = new ArrayList<>();
      boolean found = false;
      for (Entry old : entries) {
        if (!old.key().equals(entry.key())) {
          changed.add(old);
        } else if (!found) {
          changed.add(entry);
          found = true;
        }
      }
      if (!found) {
        changed.add(entry);
      }
      return new Mapping(changed, place);
    }

    /** The same mapping without a key. */
    Mapping without(String key) {
      return new Mapping(entries.stream().filter(e -> !e.key().equals(key)).toList(), place);
    }
  }

  /**
   * One key and its value.
   *
   * @param implied whether the user left the key out, as a shorthand allows
   */
  record Entry(String key, Place place, boolean implied, Tree value) {
    /** The path of the value as the user would write it. */
    String under(String path) {
      if (implied) {
        return path;
      }
      return path.isEmpty() ? key : path + "." + key;
    }
  }
}
