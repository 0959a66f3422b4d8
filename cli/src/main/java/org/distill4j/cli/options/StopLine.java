package org.distill4j.cli.options;

/**
 * Says where a run is cut off, by Ctrl-C or another signal, that the same command goes on with it.
 */
final class StopLine {
  private final Thread atTheEnd;

  /** From now on, until the run is done. */
  StopLine() {
    atTheEnd =
        new Thread(
            () ->
                System.err.println(
                    "\nCut off; what is done is kept: the same command goes on from it."),
            "stop-line");
    Runtime.getRuntime().addShutdownHook(atTheEnd);
  }

  /** The run is over; nothing is said any more. */
  void done() {
    try {
      Runtime.getRuntime().removeShutdownHook(atTheEnd);
    } catch (IllegalStateException e) {
      return; // the process is ending already, and the line is said
    }
  }
}
