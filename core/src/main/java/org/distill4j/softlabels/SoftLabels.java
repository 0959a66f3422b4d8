package org.distill4j.softlabels;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Value;
import org.distill4j.safetensors.SafetensorsFile;
import org.distill4j.safetensors.SafetensorsHeader;
import org.distill4j.safetensors.SafetensorsHeader.Entry;
import org.distill4j.storage.MappedFile;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Float16;
import org.distill4j.tensor.Shape;

/**
 * Soft labels: a teacher's logits for every example of a data set, in a mapped file; however many
 * there are, they take no heap and no anonymous memory. Safe to read from several threads.
 *
 * <p>The file is a safetensors file with one array {@code logits} of shape [examples, classes] and
 * the parts of its {@link LabelKey} as texts. Labels that were asked for in float16 may lie in
 * float32, where float16 does not hold them; {@link Labeller} says when, and what it takes from
 * each row in float16. Beside it lies {@code <name>.sums} with the checksums that {@link #open}
 * holds it against.
 */
public final class SoftLabels {
  private static final String LOGITS = "logits";
  private static final String FORMAT = "distill4j soft labels 2";

  /** The layout of which float16 rows were not centred and float32 was refused for float16. */
  private static final String EARLIER_FORMAT = "distill4j soft labels 1";

  /** Below that float16 tells at least an eighth apart, which changes no probability much. */
  private static final float COARSE = 256;

  /** Classes that so few float16 numbers lie between are told apart by less than five bits. */
  private static final int FEW = 32;

  private static final int FRACTION_BITS = 10; // of float16

  private static final String WAY_OUT = "; delete it to label again, or choose another file";

  private final Path path;
  private final String sha256;
  private final LabelKey key;
  private final boolean isFloat32;
  private final long examples;
  private final int classes;
  private final int rowsPerWindow;
  private final ByteBuffer[] windows; // of whole rows
  private final FloatBuffer[] floatWindows; // the same, for float32

  private SoftLabels(SafetensorsFile file, LabelKey key, Entry logits, String sha256) {
    this.path = file.path();
    this.sha256 = sha256;
    this.key = key;
    this.isFloat32 = logits.type() == DType.FLOAT32;
    this.examples = logits.shape().size(0);
    this.classes = Math.toIntExact(logits.shape().size(1));
    long row = (long) classes * logits.type().bytes();
    this.rowsPerWindow = (int) (MappedFile.MAX_SLICE / row);
    int count = Math.toIntExact((examples + rowsPerWindow - 1) / rowsPerWindow);
    this.windows = new ByteBuffer[count];
    this.floatWindows = new FloatBuffer[count];
    for (int i = 0; i < count; i++) {
      long first = (long) i * rowsPerWindow;
      int rows = (int) Math.min(rowsPerWindow, examples - first);
      windows[i] = file.slice(LOGITS, first * row, Math.toIntExact(rows * row));
      floatWindows[i] = windows[i].asFloatBuffer();
    }
  }

  /**
   * The layout of a file of labels.
   *
   * @param type of the numbers in it: the key's, or float32
   */
  static SafetensorsHeader header(LabelKey key, DType type, long examples, int classes) {
    Map<String, String> texts = key.metadata();
    texts.put("format", FORMAT);
    Value logits = new Value(LOGITS, type, Shape.of(examples, classes));
    return SafetensorsHeader.of(List.of(logits), texts);
  }

  /** Where the checksums of a file of labels lie. */
  static Path sums(Path labels) {
    return labels.resolveSibling(labels.getFileName() + ".sums");
  }

  /**
   * Opens labels after checking that they answer the expected question and that every byte is as it
   * was written. Reads the file once.
   *
   * @throws InputFault if there is no such file, or it holds labels of another teacher, other data,
   *     another preprocessing, view or type, or of the earlier layout such that float16 rounded
   *     away what tells classes apart
   * @throws RunFault if the file is cut off, altered, or without its checksums
   */
  public static SoftLabels open(Path path, LabelKey expected) {
    if (!Files.exists(path)) {
      throw new InputFault(path + ": is not there (expected: soft labels; label the data first)");
    }
    SafetensorsFile file = readable(path);
    Entry logits = requireFresh(file, expected);
    SoftLabels labels = new SoftLabels(file, expected, logits, Verification.sha256(file, logits));
    roundedAway(file, labels)
        .ifPresent(
            reason -> {
              throw new InputFault(path + ": " + reason + WAY_OUT);
            });
    return labels;
  }

  /**
   * Why labels of the earlier layout have to be made anew; empty if they may stay.
   *
   * @throws InputFault if they answer another question
   */
  static Optional<String> roundedAway(Path path, LabelKey expected) {
    SafetensorsFile file = readable(path);
    return roundedAway(file, new SoftLabels(file, expected, requireFresh(file, expected), ""));
  }

  private static Optional<String> roundedAway(SafetensorsFile file, SoftLabels labels) {
    if (labels.isFloat32 || !EARLIER_FORMAT.equals(file.metadata().get("format"))) {
      return Optional.empty();
    }
    FloatBuffer row = FloatBuffer.allocate(labels.classes);
    for (long i = 0; i < labels.examples; i++) {
      labels.read(i, row.clear());
      float largest = Float.NEGATIVE_INFINITY;
      float second = Float.NEGATIVE_INFINITY;
      for (float logit : row.array()) {
        second = Math.max(second, Math.min(largest, logit));
        largest = Math.max(largest, logit);
      }
      float spacing = Math.scalb(1f, Math.getExponent(largest) - FRACTION_BITS);
      if (Math.abs(largest) >= COARSE && largest - second < FEW * spacing) {
        return Optional.of(
            "the logits of example %s, around %s, were rounded to steps of %s (expected: labels of %s, which are centred first)"
                .formatted(i, largest, spacing, FORMAT));
      }
    }
    return Optional.empty();
  }

  /** Labels whose bytes nobody has checked. */
  static SoftLabels openUnverified(Path path, LabelKey expected) {
    SafetensorsFile file = readable(path);
    return new SoftLabels(file, expected, requireFresh(file, expected), "");
  }

  private static SafetensorsFile readable(Path path) {
    try {
      return SafetensorsFile.open(path);
    } catch (InputFault e) {
      throw new RunFault(e.getMessage() + WAY_OUT, e);
    }
  }

  private static Entry requireFresh(SafetensorsFile file, LabelKey expected) {
    String format = file.metadata().getOrDefault("format", "missing");
    Entry logits = file.header().entry(LOGITS).orElse(null);
    boolean isEarlier = format.equals(EARLIER_FORMAT);
    if (!(isEarlier || format.equals(FORMAT)) || logits == null || !isTable(logits)) {
      throw new RunFault(
          "%s format: %s (expected: %s with an array '%s' [examples, classes])%s"
              .formatted(file.path(), format, FORMAT, LOGITS, WAY_OUT));
    }
    List<String> differences = expected.differences(file.metadata());
    if (!differences.isEmpty()) {
      throw new InputFault(
          "%s: stale labels, %s%s".formatted(file.path(), String.join(", ", differences), WAY_OUT));
    }
    boolean isExacter = !isEarlier && logits.type() == DType.FLOAT32;
    if (logits.type() != expected.type() && !isExacter) {
      throw new RunFault(
          "%s: %s (expected: %s, as its texts say)%s"
              .formatted(file.path(), logits.type(), expected.type(), WAY_OUT));
    }
    return logits;
  }

  private static boolean isTable(Entry logits) {
    return logits.shape().rank() == 2
        && logits.shape().size(1) >= 1
        && logits.shape().size(1) <= MappedFile.MAX_SLICE / logits.type().bytes();
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** The SHA-256 of the file, 64 hex digits. */
  public String sha256() {
    return sha256;
  }

  /** What the labels are the answer to. */
  public LabelKey key() {
    return key;
  }

  /** How many examples are labelled. */
  public long size() {
    return examples;
  }

  /** How many logits each example has. */
  public int classes() {
    return classes;
  }

  /** The logits of some examples, a row each. */
  public double[][] rows(long... indices) {
    double[][] rows = new double[indices.length][classes()];
    FloatBuffer row = FloatBuffer.allocate(classes());
    for (int i = 0; i < indices.length; i++) {
      read(indices[i], row.clear());
      for (int c = 0; c < classes(); c++) {
        rows[i][c] = row.get(c);
      }
    }
    return rows;
  }

  /**
   * Writes one example's logits, without allocating.
   *
   * @param index from 0 to {@link #size()} - 1
   * @param target takes {@link #classes()} floats from its position, which moves behind them
   */
  public void read(long index, FloatBuffer target) {
    if (index < 0 || index >= examples) {
      throw new IllegalArgumentException(
          path + " example: " + index + " (expected: 0 <= index < " + examples + ")");
    }
    int window = (int) (index / rowsPerWindow);
    int row = (int) (index % rowsPerWindow);
    int to = target.position();
    if (isFloat32) {
      target.put(to, floatWindows[window], row * classes, classes);
    } else {
      ByteBuffer halves = windows[window];
      int from = row * classes * Short.BYTES;
      for (int c = 0; c < classes; c++) {
        target.put(to + c, Float16.toFloat(halves.getShort(from + c * Short.BYTES)));
      }
    }
    target.position(to + classes);
  }
}
