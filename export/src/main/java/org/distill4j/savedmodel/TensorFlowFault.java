package org.distill4j.savedmodel;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** TensorFlow's own words, brought to one line. */
final class TensorFlowFault {
  private static final int MAX_LENGTH = 300;

  /** Of a read where nothing was written before. */
  private static final Pattern EMPTY = Pattern.compile("Could not find variable (\\S+?)\\. This");

  private TensorFlowFault() {}

  /** The variable that was read before anything was in it, where that is the fault. */
  static Optional<String> emptyVariable(Exception fault) {
    Matcher found = EMPTY.matcher(line(fault));
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  static String line(Exception fault) {
    String text = fault.getMessage() == null ? fault.toString() : fault.getMessage();
    String line = text.lines().findFirst().orElse(text).strip();
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "...";
  }
}
