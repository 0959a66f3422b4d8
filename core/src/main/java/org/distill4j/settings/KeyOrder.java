package org.distill4j.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The order in which a record's keys are written and described, where it is not that of the
 * components, as with {@link Unwrapped} ones.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface KeyOrder {
  /** The names of all components that have a key, those of unwrapped records among them. */
  String[] value();
}
