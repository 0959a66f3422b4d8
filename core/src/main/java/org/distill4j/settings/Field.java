package org.distill4j.settings;

import java.lang.reflect.RecordComponent;
import java.util.Optional;

/**
 * One component of a settings record.
 *
 * @param name as in Java
 * @param key as in YAML
 * @param kind what it can be
 * @param fallback what it is when it is left out, if it has a default
 * @param says its meaning in one line, or nothing
 */
record Field(String name, String key, Kind kind, Optional<Fallback> fallback, String says) {
  static Field of(RecordComponent component) {
    String name = component.getName();
    Kind kind = Kind.of(component.getGenericType());
    Default fallback = component.getAnnotation(Default.class);
    Describe says = component.getAnnotation(Describe.class);
    return new Field(
        name,
        Spelling.kebab(name),
        kind,
        Optional.ofNullable(fallback).map(d -> new Fallback(name, d.value())),
        says == null ? "" : says.value());
  }

  /** Whether the key may be left out. */
  boolean mayBeLeftOut() {
    return fallback.isPresent() || kind instanceof Kind.Maybe;
  }
}
