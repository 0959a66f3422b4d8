package org.distill4j.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The text by which a record enters a digest that lies in a file, see {@link DigestText}. It holds
 * whatever the record's class is called and in whatever order its components stand.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface DigestedAs {
  /**
   * A word and the components' names in the order of the text, {@code Linear[from, to]}, or the
   * name of the only component, whose text then stands for the record's. A name with a question
   * mark behind it, {@code order?}, is left out with its component where that is an empty list or
   * {@code Optional}: a component that came later leaves the texts of earlier versions as they are.
   */
  String value();
}
