package org.distill4j.settings;

import java.util.Set;

/** Tries the defaults of records before anything is read. */
final class Defaults {
  private Defaults() {}

  /**
   * Tries every default of a kind and of all below it.
   *
   * @param seen classes that need no second look
   * @throws IllegalStateException if one is wrong
   */
  static void check(Kind kind, Set<Class<?>> seen) {
    if (kind instanceof Kind.Maybe maybe) {
      check(maybe.element(), seen);
    } else if (kind instanceof Kind.Many many) {
      check(many.element(), seen);
    } else if (kind instanceof Kind.Named named) {
      check(named.element(), seen);
    } else if (kind instanceof Variants variants) {
      variants.all().forEach(member -> check(member, seen));
    } else if (kind instanceof RecordKind fields && seen.add(fields.type())) {
      fields.alternatives().forEach(other -> check(other.kind(), seen));
      for (Field field : fields.all()) {
        check(field.kind(), seen);
        Binder.valueIfLeftOut(field);
      }
    }
  }
}
