package org.distill4j.cli.options;

import java.io.PrintStream;

/**
 * Says where a run is cut off, by Ctrl-C or another signal, that the same command goes on with it.
 */
final class StopLine implements AutoCloseable {
  private final Thread atTheEnd;

  /** From now on, until this is closed. */
  StopLine(PrintStream err) {
    atTheEnd =
        new Thread(
            () -> err.println("\nCut off; what is done is kept: the same command goes on from it."),
            "stop-line");
    Runtime.getRuntime().addShutdownHook(atTheEnd);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atTheEnd);
    } catch (IllegalStateException e) {
      return; // the process is ending already, and the line is said
    }
  }
}
