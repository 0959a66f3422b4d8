package org.distill4j.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a record that YAML may give as a bare value of its first component, all others being their
 * defaults: {@code rate: 0.01} is {@code rate: {constant: {rate: 0.01}}} when {@code Constant} is
 * marked so. Of a sealed type's records at most one is given {@link #alone}; the others need their
 * name: {@code {shift: 2}} is {@code {shift: {pixels: 2}}}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Shorthand {
  /** Whether the bare value stands for the record without its name too, where a name is needed. */
  boolean alone() default true;
}
