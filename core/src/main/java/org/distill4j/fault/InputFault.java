package org.distill4j.fault;

import java.util.List;

/**
 * A fault of the request: a recipe, an option, a model or data file that cannot be used.
 *
 * <p>Each line reads {@code thing: value (expected: bound)} and names the way out. The commands
 * print the lines and exit with 2.
 */
public final class InputFault extends RuntimeException {
  private final transient List<String> lines;

  /** One fault. */
  public InputFault(String line) {
    this(List.of(line));
  }

  /** One fault with the exception that brought it to light. */
  public InputFault(String line, Throwable cause) {
    super(line, cause);
    this.lines = List.of(line);
  }

  /** All faults found at once, one line each; at least one. */
  public InputFault(List<String> lines) {
    super(String.join("\n", lines));
    this.lines = List.copyOf(lines);
  }

  /** The faults, one line each. */
  public List<String> lines() {
    return lines == null ? List.of(getMessage().split("\n", -1)) : lines;
  }
}
