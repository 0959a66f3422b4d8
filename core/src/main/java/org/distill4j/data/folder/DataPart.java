package org.distill4j.data.folder;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The part of the data that the name of a file or folder stands for. What counts are whole words:
 * {@code Train}, {@code training_set}, {@code valSet} and {@code dev-00001}, not {@code valley},
 * {@code latest} or the beginning of {@code contest-train}.
 */
public enum DataPart {
  TRAIN("training"),
  VALIDATION("validation"),
  TEST("test");

  private static final Map<String, DataPart> WORDS =
      Map.of(
          "train", TRAIN,
          "training", TRAIN,
          "validation", VALIDATION,
          "valid", VALIDATION,
          "val", VALIDATION,
          "dev", VALIDATION,
          "test", TEST,
          "testing", TEST);

  /** Words that a folder's name may have beside that of a part. */
  private static final Set<String> BESIDE =
      Set.of(
          "set",
          "data",
          "dataset",
          "images",
          "image",
          "imgs",
          "img",
          "split",
          "part",
          "folder",
          "files",
          "samples",
          "examples");

  private static final Pattern BETWEEN_WORDS =
      Pattern.compile(
          "[^\\p{L}\\p{N}]+|(?<=\\p{Ll})(?=\\p{Lu})|(?<=\\p{L})(?=\\p{N})|(?<=\\p{N})(?=\\p{L})");

  private static final Pattern JOINED = Pattern.compile("(set|data|images|imgs)$");

  private final String spelling;

  DataPart(String spelling) {
    this.spelling = spelling;
  }

  /** What people call it. */
  public String spelling() {
    return spelling;
  }

  /** The part that a file's name has among its words, the last of several. */
  public static Optional<DataPart> ofFile(String name) {
    List<DataPart> said = new ArrayList<>();
    words(name).forEach(word -> of(word).ifPresent(said::add));
    return said.isEmpty() ? Optional.empty() : Optional.of(said.get(said.size() - 1));
  }

  /**
   * The part that a name stands for whose words say nothing else: {@code train}, {@code Test_Set};
   * but for a year, {@code val2017}.
   */
  public static Optional<DataPart> named(String name) {
    return otherWords(name).matches("((19|20)[0-9]{2})?") ? only(name) : Optional.empty();
  }

  /** The part that a name's words say, if they say one alone. */
  static Optional<DataPart> only(String name) {
    Set<DataPart> said = new HashSet<>();
    words(name).forEach(word -> of(word).ifPresent(said::add));
    return said.size() == 1 ? said.stream().findFirst() : Optional.empty();
  }

  /** The words of a name that neither say a part nor stand beside one as a rule. */
  static String otherWords(String name) {
    return words(name).stream()
        .filter(word -> of(word).isEmpty() && !BESIDE.contains(word))
        .collect(Collectors.joining(" "));
  }

  private static List<String> words(String name) {
    return BETWEEN_WORDS
        .splitAsStream(name)
        .filter(word -> !word.isEmpty())
        .map(word -> word.toLowerCase(Locale.ROOT))
        .toList();
  }

  private static Optional<DataPart> of(String word) {
    return Optional.ofNullable(WORDS.get(word))
        .or(() -> Optional.ofNullable(WORDS.get(JOINED.matcher(word).replaceFirst(""))));
  }
}
