package org.distill4j.inference;

/** ONNX Runtime's own words, brought to one line. */
final class OrtFault {
  /** Its messages can list a whole graph. */
  private static final int MAX_LENGTH = 400;

  private OrtFault() {}

  /** The message without line breaks and without the error code's name in front. */
  static String line(Throwable fault) {
    String text = fault.getMessage() == null ? fault.toString() : fault.getMessage();
    String line =
        text.replaceFirst("^Error code - \\S+ - message: ", "").replaceAll("\\s+", " ").strip();
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "...";
  }
}
