package org.distill4j.softlabels;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.data.Examples;
import org.distill4j.graph.Preprocessing;
import org.distill4j.tensor.DType;

/**
 * The key of a file of soft labels: the digests and settings of all that they are the answer to.
 * Labels are used only where all of it is as it was.
 *
 * @param teacher the SHA-256 of the teacher's model file, 64 hex digits
 * @param data the SHA-256 of the data's content, 64 hex digits
 * @param preprocessing what was done to the raw values before the teacher saw them
 * @param view the augmentation the labels belong to; {@link #PLAIN} for the examples as they are
 * @param type FLOAT16 or FLOAT32
 */
public record LabelKey(
    String teacher, String data, Preprocessing preprocessing, String view, DType type) {
  /** The view of examples that are not augmented. */
  public static final String PLAIN = "plain";

  /** Shown of a digest in messages. */
  private static final int SHOWN = 12;

  /** Checks digests and type. */
  public LabelKey {
    requireDigest("teacher", teacher);
    requireDigest("data", data);
    if (view.isBlank()) {
      throw new IllegalArgumentException("view: '' (expected: a name such as 'plain')");
    }
    if (type != DType.FLOAT16 && type != DType.FLOAT32) {
      throw new IllegalArgumentException("type: " + type + " (expected: FLOAT16 or FLOAT32)");
    }
  }

  private static void requireDigest(String name, String digest) {
    if (!digest.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          name + ": " + digest + " (expected: a SHA-256 of 64 lower-case hex digits)");
    }
  }

  /**
   * The key of labels for examples that are not augmented.
   *
   * @param teacher the SHA-256 of the teacher's model file
   */
  public static LabelKey plain(String teacher, Examples examples, DType type) {
    return new LabelKey(teacher, examples.data().sha256(), examples.preprocessing(), PLAIN, type);
  }

  /** The texts that travel in the file. */
  Map<String, String> metadata() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("teacher", teacher);
    texts.put("data", data);
    texts.put("preprocessing", spelled(preprocessing));
    texts.put("view", view);
    texts.put("type", type.name());
    return texts;
  }

  /** A JSON object; the numbers in Java's shortest spelling that gives the same number back. */
  private static String spelled(Preprocessing p) {
    return "{\"scale\": %s, \"mean\": %s, \"std\": %s%s}"
        .formatted(
            p.scale(), p.mean(), p.std(), p.order().map(o -> ", \"order\": " + o).orElse(""));
  }

  /** What a file's texts say otherwise, such as {@code view: flipped (expected: plain)}. */
  List<String> differences(Map<String, String> texts) {
    List<String> differences = new ArrayList<>();
    metadata()
        .forEach(
            (part, expected) -> {
              String there = texts.getOrDefault(part, "missing");
              if (!there.equals(expected)) {
                differences.add(
                    "%s: %s (expected: %s)".formatted(part, shown(there), shown(expected)));
              }
            });
    return differences;
  }

  private static String shown(String text) {
    return text.matches("[0-9a-f]{64}") ? text.substring(0, SHOWN) : text;
  }
}
