package org.distill4j.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A word that YAML may give for a record: {@code preprocessing: imagenet} is the mapping that the
 * preset of that name spells out.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(Preset.All.class)
public @interface Preset {
  /** The word. */
  String name();

  /** A YAML mapping on one line, as a person could give it in place of the word. */
  String value();

  /** Several of them. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface All {
    /** In the order in which they are told. */
    Preset[] value();
  }
}
