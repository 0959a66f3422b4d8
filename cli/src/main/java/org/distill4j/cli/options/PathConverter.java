package org.distill4j.cli.options;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A path of the command line. */
public final class PathConverter implements ITypeConverter<Path> {
  @Override
  public Path convert(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(fault(e));
    }
  }

  /**
   * Why a path cannot be spelled: the JVM took an encoding without its letters from the locale, as
   * of C in a container, or it holds a byte of zero.
   */
  public static String fault(InvalidPathException thrown) {
    String expected =
        spellsAllNames()
            ? "(expected: the name of a file)"
            : "in "
                + encoding()
                + ", the encoding of this locale (expected: a locale of UTF-8); set"
                + " LC_ALL=C.UTF-8";
    return "'" + thrown.getInput() + "': is no path " + expected;
  }

  /** Whether the JVM can spell every name, as it can in a locale of UTF-8. */
  public static boolean spellsAllNames() {
    return encoding().equals("UTF-8");
  }

  private static String encoding() {
    return System.getProperty("sun.jnu.encoding", "UTF-8");
  }
}
