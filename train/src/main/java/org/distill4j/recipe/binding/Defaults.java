package org.distill4j.recipe.binding;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** What components are when a recipe leaves them out. */
final class Defaults {
  private static final Path ANYWHERE = Path.of("/");

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
    } else if (kind instanceof Variants variants) {
      variants.all().forEach(member -> check(member, seen));
    } else if (kind instanceof Fields fields && seen.add(fields.type())) {
      fields.alternatives().forEach(other -> check(other.kind(), seen));
      for (Field field : fields.all()) {
        check(field.kind(), seen);
        new Defaults().of(field, ANYWHERE);
      }
    }
  }

  /**
   * The value of a component that is left out.
   *
   * @param folder what a relative path among the defaults is relative to
   * @return nothing if it must be given
   * @throws IllegalStateException if the default itself is wrong, which is a defect of the record
   */
  Optional<Object> of(Field field, Path folder) {
    if (field.fallback().isEmpty()) {
      return field.kind() instanceof Kind.Maybe ? Optional.of(Optional.empty()) : Optional.empty();
    }
    String text = field.fallback().get();
    Faults faults = new Faults();
    try {
      Place place = Place.file("default of " + field.name(), folder);
      Tree tree = TreeReader.read(text, place, faults).orElseThrow();
      Tree longhand = Longhand.spell(field.kind(), tree);
      Optional<Object> value = Binder.ofDefaults(faults).bind(field.kind(), longhand, field.key());
      faults.raise();
      return value;
    } catch (Unreadable | RuntimeException e) {
      throw new IllegalStateException("@Default(\"" + text + "\") of " + field.name(), e);
    }
  }
}
