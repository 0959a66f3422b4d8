package org.distill4j.settings;

import java.nio.file.Path;

/**
 * Where in the request a value stands.
 *
 * @param source the file as the user named it, or a whole {@code --set} option
 * @param line from 1; 0 where lines mean nothing
 * @param folder what a relative path written there is relative to
 */
record Place(String source, int line, Path folder) {
  private static final String OPTION = "--set ";

  /** A place whose line is not known yet. */
  static Place file(String name, Path folder) {
    return new Place(name, 0, folder);
  }

  /** A {@code --set} option; its paths are relative to the working directory, as a shell's are. */
  static Place option(String option) {
    return new Place(OPTION + option, 0, Path.of("").toAbsolutePath());
  }

  /** Whether it is a {@code --set} option. */
  boolean isOption() {
    return source.startsWith(OPTION);
  }

  /** The same source at a line, if it has lines. */
  Place at(int newLine) {
    return isOption() ? this : new Place(source, newLine, folder);
  }

  /** The line of a fault that is found here, the key's path being left out where it is repeated. */
  String line(String path, String message) {
    if (isOption()) {
      String option = source.replaceAll("\\s+", " ");
      String shown = option.length() <= 100 ? option : option.substring(0, 97) + "...";
      boolean repeated = path.isEmpty() || option.startsWith(OPTION + path + "=");
      return shown + ": " + (repeated ? message : path + ": " + message);
    }
    String where = line == 0 ? source : source + ":" + line;
    return where + (path.isEmpty() ? ": " + message : " " + path + ": " + message);
  }
}
