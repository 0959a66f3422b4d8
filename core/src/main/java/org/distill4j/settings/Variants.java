package org.distill4j.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A sealed interface of records: a mapping with one key, which names the record. */
record Variants(Class<?> type) implements Kind {
  private static final ClassValue<List<RecordKind>> MEMBERS =
      new ClassValue<>() {
        @Override
        protected List<RecordKind> computeValue(Class<?> type) {
          List<RecordKind> found = new ArrayList<>();
          collect(type, found);
          return List.copyOf(found);
        }
      };

  /** The records, in the order in which the interface permits them. */
  List<RecordKind> all() {
    return MEMBERS.get(type);
  }

  private static void collect(Class<?> type, List<RecordKind> found) {
    if (type.isRecord()) {
      found.add(RecordKind.of(type));
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
  Optional<RecordKind> named(String key) {
    return all().stream().filter(f -> f.key().equals(key)).findFirst();
  }

  /** The record that a bare value may stand for. */
  Optional<RecordKind> shorthand() {
    return all().stream().filter(RecordKind::standsAlone).findFirst();
  }

  /** The names of the records. */
  List<String> names() {
    return all().stream().map(RecordKind::key).toList();
  }

  @Override
  public String expects() {
    String names = Spelling.oneOf(names());
    return shorthand()
        .flatMap(RecordKind::shorthand)
        .map(f -> f.kind().expects() + ", " + names)
        .orElse(names);
  }
}
