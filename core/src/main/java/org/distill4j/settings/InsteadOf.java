package org.distill4j.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An alternative key that stands for some components of a record: a static method of the record
 * with one parameter, whose name is the key and which returns a list with the value of each
 * component named here. A recipe gives either that key or those components.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface InsteadOf {
  /** The names of the components that it stands for. */
  String[] value();
}
