package org.distill4j.savedmodel;

/** TensorFlow's own words, brought to one line. */
final class TensorFlowFault {
  private static final int MAX_LENGTH = 300;

  private TensorFlowFault() {}

  static String line(Exception fault) {
    String text = fault.getMessage() == null ? fault.toString() : fault.getMessage();
    String line = text.lines().findFirst().orElse(text).strip();
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "...";
  }
}
