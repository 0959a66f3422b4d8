package org.distill4j.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A record that a recipe may give as a bare value of its first component, all others being their
 * defaults: {@code rate: 0.01} is {@code rate: {constant: {rate: 0.01}}} when {@code Constant} is
 * marked so. Of a sealed type's records at most one is.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Shorthand {}
