package org.distill4j.settings;

import java.nio.file.Path;
import java.util.function.Function;

/** What a component is when YAML leaves it out; made once, for settings never change. */
final class Fallback {
  private final String name;
  private final String text;
  private volatile Object value;

  /**
   * A default.
   *
   * @param name of the component
   * @param text YAML; a relative path in it stays relative
   */
  Fallback(String name, String text) {
    this.name = name;
    this.text = text;
  }

  /** The YAML. */
  Tree tree() {
    try {
      return TreeReader.read(text, Place.file("default of " + name, Path.of("")), new Faults())
          .orElseThrow();
    } catch (Unreadable | RuntimeException e) {
      throw wrong(e);
    }
  }

  /**
   * The value.
   *
   * @param maker makes it out of the YAML when it is asked for the first time
   * @throws IllegalStateException if the default itself is wrong, which is a defect of the record
   */
  Object value(Function<Tree, Object> maker) {
    if (value == null) {
      try {
        value = maker.apply(tree());
      } catch (RuntimeException e) {
        throw wrong(e);
      }
    }
    return value;
  }

  private IllegalStateException wrong(Exception cause) {
    return new IllegalStateException("@Default(\"" + text + "\") of " + name, cause);
  }
}
