package org.distill4j.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of a run's models and stages that stand in the string literals of a Java file. */
final class ModelNames {
  /** Comments and characters are matched so that no quote in them begins a literal. */
  private static final Pattern LITERAL =
      Pattern.compile(
          "//[^\n]*|/\\*.*?\\*/|'(?:\\\\.|[^'\\\\])++'"
              + "|\"\"\"(?<block>.*?)\"\"\""
              + "|\"(?<line>[^\"\\\\\n]*+(?:\\\\.[^\"\\\\\n]*+)*+)\"",
          Pattern.DOTALL);

  private static final Pattern NAME =
      Pattern.compile("(?<![\\w-])(?:student|teacher|alone)(?:-[a-z0-9]+)+(?![\\w-])");

  private ModelNames() {}

  /**
   * The names in a file's literals, in order.
   *
   * @param roles whether {@code "student"} and {@code "teacher"} are who learns and who teaches
   *     there, no models of a run
   */
  static List<String> in(String java, boolean roles) {
    List<String> names = new ArrayList<>();
    Matcher literals = LITERAL.matcher(java);
    while (literals.find()) {
      String block = literals.group("block");
      String text = block == null ? literals.group("line") : block;
      if (text == null) {
        continue;
      }
      if (text.equals("student") || text.equals("teacher")) {
        if (!roles) {
          names.add(text);
        }
      } else {
        NAME.matcher(text).results().forEach(name -> names.add(name.group()));
      }
    }
    return names;
  }
}
