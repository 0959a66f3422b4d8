package org.distill4j.settings;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** What a component is when a recipe leaves it out; made once, for settings never change. */
final class Fallback {
  private final String name;
  private final Kind kind;
  private final String text;
  private volatile Object value;

  /**
   * A default.
   *
   * @param name of the component
   * @param text YAML; a relative path in it stays relative
   */
  Fallback(String name, Kind kind, String text) {
    this.name = name;
    this.kind = kind;
    this.text = text;
  }

  /** The YAML. */
  Tree tree() {
    try {
      return TreeReader.read(text, Place.file("default of " + name, Path.of("")), new Faults())
          .orElseThrow();
    } catch (Unreadable | RuntimeException e) {
      throw wrong(e);
    }
  }

  /**
   * The value.
   *
   * @throws IllegalStateException if the default itself is wrong, which is a defect of the record
   */
  Object value() {
    if (value == null) {
      Faults faults = new Faults();
      try {
        Tree longhand = Longhand.spell(kind, tree());
        Optional<Object> bound = Binder.ofDefaults(faults).bind(kind, longhand, name);
        faults.raise();
        value = bound.orElseThrow();
      } catch (RuntimeException e) {
        throw wrong(e);
      }
    }
    return value;
  }

  private IllegalStateException wrong(Exception cause) {
    return new IllegalStateException("@Default(\"" + text + "\") of " + name, cause);
  }

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
    } else if (kind instanceof Fields fields && seen.add(fields.type())) {
      fields.alternatives().forEach(other -> check(other.kind(), seen));
      for (Field field : fields.all()) {
        check(field.kind(), seen);
        field.fallback().ifPresent(Fallback::value);
      }
    }
  }
}
