package org.distill4j.recipe.binding;

import java.lang.reflect.RecordComponent;
import java.util.Optional;
import org.distill4j.settings.Default;
import org.distill4j.settings.Says;

/**
 * One component of a settings record.
 *
 * @param name as in Java
 * @param key as in a recipe
 * @param kind what it can be
 * @param fallback YAML for the value when it is left out
 * @param says its meaning in one line, or nothing
 */
record Field(String name, String key, Kind kind, Optional<String> fallback, String says) {
  static Field of(RecordComponent component) {
    Default fallback = component.getAnnotation(Default.class);
    Says says = component.getAnnotation(Says.class);
    return new Field(
        component.getName(),
        Spelling.kebab(component.getName()),
        Kind.of(component.getGenericType()),
        Optional.ofNullable(fallback).map(Default::value),
        says == null ? "" : says.value());
  }

  /** Whether the key may be left out. */
  boolean mayBeLeftOut() {
    return fallback.isPresent() || kind instanceof Kind.Maybe;
  }
}
