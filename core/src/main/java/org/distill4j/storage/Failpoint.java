package org.distill4j.storage;

/**
 * A failpoint: a named place at which a test kills the process, to prove that a later run picks up
 * where this one was cut off.
 *
 * <p>{@code -Ddistill4j.failpoint=name} kills at the first visit of {@code name}, {@code name:3} at
 * the third; {@code ?} kills nowhere and prints the name of every place as it is visited, one line
 * each, {@code failpoint name}. Without the property a visit costs one comparison.
 */
public final class Failpoint {
  /** What the process exits with, as a process killed by SIGKILL does. */
  public static final int EXIT_CODE = 137;

  private static final String LIST = "?";
  private static final String NAME;
  private static int visitsLeft;

  static {
    String wanted = System.getProperty("distill4j.failpoint");
    int colon = wanted == null ? -1 : wanted.indexOf(':');
    NAME = colon < 0 ? wanted : wanted.substring(0, colon);
    visitsLeft = colon < 0 ? 1 : Integer.parseInt(wanted.substring(colon + 1));
  }

  private Failpoint() {}

  /** Ends the process at once, without shutdown hooks, if a test asked for this place. */
  public static void visit(String name) {
    if (NAME == null) {
      return;
    }
    if (NAME.equals(LIST)) {
      System.out.println("failpoint " + name);
    } else if (NAME.equals(name)) {
      countDown();
    }
  }

  private static synchronized void countDown() {
    visitsLeft--;
    if (visitsLeft == 0) {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }
}
