package org.distill4j.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A sealed interface of records: a mapping with one key, which names the record. */
record Variants(Class<?> type) implements Kind {
  private static final ClassValue<List<Fields>> MEMBERS =
      new ClassValue<>() {
        @Override
        protected List<Fields> computeValue(Class<?> type) {
          List<Fields> found = new ArrayList<>();
          collect(type, found);
          return List.copyOf(found);
        }
      };

  /** The records, in the order in which the interface permits them. */
  List<Fields> all() {
    return MEMBERS.get(type);
  }

  private static void collect(Class<?> type, List<Fields> found) {
    if (type.isRecord()) {
      found.add(Fields.of(type));
      return;
    }
    if (!type.isSealed()) {
      throw new IllegalArgumentException(type + " (expected: a record or a sealed interface)");
    }
    for (Class<?> member : type.getPermittedSubclasses()) {
      collect(member, found);
    }
  }

  /** The record with that name. */
  Optional<Fields> named(String key) {
    return all().stream().filter(f -> f.key().equals(key)).findFirst();
  }

  /** The record that a bare value may stand for. */
  Optional<Fields> shorthand() {
    return all().stream().filter(Fields::standsAlone).findFirst();
  }

  /** The names of the records. */
  List<String> names() {
    return all().stream().map(Fields::key).toList();
  }

  @Override
  public String expects() {
    String names = Spelling.oneOf(names());
    return shorthand()
        .flatMap(Fields::shorthand)
        .map(f -> f.kind().expects() + ", " + names)
        .orElse(names);
  }
}
