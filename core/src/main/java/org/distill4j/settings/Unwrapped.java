package org.distill4j.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a record component, itself a record, that has no key of its own: its components' keys stand
 * in the parent's mapping, as if they were the parent's. It parts a long record in Java and leaves
 * its YAML flat. Of what stands at the inner record's type only {@link InsteadOf} methods count.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Unwrapped {}
