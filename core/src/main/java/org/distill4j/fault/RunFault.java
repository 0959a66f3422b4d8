package org.distill4j.fault;

/**
 * A fault of the run: the request was right, but a full disk, a NaN loss or a damaged artefact
 * stopped it.
 *
 * <p>The message is one line that names the thing, its value, what was expected and the way out.
 * The commands print it and exit with 1.
 */
public final class RunFault extends RuntimeException {
  /** One fault. */
  public RunFault(String line) {
    super(line);
  }

  /** One fault with the exception that brought it to light. */
  public RunFault(String line, Throwable cause) {
    super(line, cause);
  }
}
