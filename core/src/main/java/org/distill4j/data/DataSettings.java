package org.distill4j.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.distill4j.graph.TaskType;
import org.distill4j.settings.Default;
import org.distill4j.settings.Says;
import org.distill4j.settings.Shorthand;

/**
 * Which examples a run uses: a known data set by its name, or one's own files.
 *
 * <p>Own files are one CSV file, or a folder that has one of these (each also with {@code .gz}):
 *
 * <ul>
 *   <li>{@code train-images-idx3-ubyte} and {@code train-labels-idx1-ubyte}; the same with {@code
 *       t10k} or {@code test}, and with {@code validation}, for the other parts;
 *   <li>{@code train.csv}, and {@code test.csv} and {@code validation.csv} for the other parts;
 *   <li>a single CSV file;
 *   <li>{@code train/<class>/*.png}, and {@code test} and {@code validation} for the other parts;
 *   <li>{@code <class>/*.png}, or JPEG;
 *   <li>{@code train*.tfrecord*}, and {@code test} and {@code validation} for the other parts, or a
 *       single TFRecord file.
 * </ul>
 *
 * Wherever CSV is said, TSV is meant too. A file whose cells are all numbers is read as it is, one
 * with names or empty cells as a table; the setting {@code table} makes a table of either.
 *
 * <p>Parts that have no file are drawn at random, by the seed, from the training examples.
 */
@Shorthand
@Says("the examples: a known data set by its name, or your own files")
public record DataSettings(
    @Says("fashion-mini, digits, mnist, fashion-mnist or adult; or what your own data are called")
        Optional<String> name,
    @Says("your own data: a CSV or TFRecord file, or a folder of idx, CSV, TFRecord or image files")
        Optional<Path> path,
    @Says("a folder to look in first for the files of that name") Optional<Path> dir,
    @Says("training examples kept for validation; if absent, as the name says or a tenth")
        Optional<Long> validation,
    @Says("examples kept for the test where it has no file; if absent, a tenth")
        Optional<Long> test,
    @Default("1") @Says("chooses which of your own examples go where") long seed,
    @Default("[]") @Says("your own class names in the order of the labels; empty: their numbers")
        List<String> classes,
    @Says("CSV: the label's column, by its name or its number from 1; if absent, the last")
        Optional<String> label,
    @Default("[]") @Says("CSV: the shape of one example, such as [1, 28, 28]; empty: [columns]")
        List<Long> shape,
    @Says("your own raw values are multiplied by it; if absent, 1/255 for idx, 1 for CSV")
        Optional<Double> scale,
    @Says("what is asked: single-label, multi-label or regression; if absent, single-label")
        Optional<TaskType> task,
    @Says("CSV: the columns of several labels (0 or 1 each) or of several numbers")
        Optional<List<String>> labels,
    @Says("CSV: read it as a table, with scaled numbers and a vocabulary for names")
        Optional<TableSettings> table,
    @Says("how the images of folders and records are read") Optional<ImageSettings> images,
    @Says("which features of TFRecord files are input and label") Optional<RecordSettings> records,
    @Says("where decoded images and records are kept: disk, memory or none; if absent, disk")
        Optional<Cache> cache,
    @Says("examples are shuffled within blocks of so many, >= 2; if absent, all with all")
        Optional<Long> shuffle,
    @Says("how much each class counts in the loss to the labels; if absent, all the same")
        Optional<ClassWeights> classWeights) {
  /** Takes copies and checks the bounds. */
  public DataSettings {
    classes = List.copyOf(classes);
    shape = List.copyOf(shape);
    if (name.isEmpty() && path.isEmpty()) {
      throw new IllegalArgumentException("name: absent (expected: a name or a path)");
    }
    if (name.isPresent() && !isName(name.get())) {
      throw new IllegalArgumentException(
          "name: " + name.get() + " (expected: letters, digits, '.', '_', '-'; files go by path)");
    }
    if (path.isPresent() && dir.isPresent()) {
      throw new IllegalArgumentException("dir: " + dir.get() + " (expected: absent beside path)");
    }
    labels = labels.map(List::copyOf);
    if (labels.isPresent() && (label.isPresent() || labels.get().isEmpty())) {
      throw new IllegalArgumentException(
          "label, labels: %s, %s (expected: one of them, at least one column)"
              .formatted(label.orElse("absent"), labels.get()));
    }
    if (labels.isPresent() && task.orElse(TaskType.SINGLE_LABEL) == TaskType.SINGLE_LABEL) {
      throw new IllegalArgumentException(
          "labels: %s (expected: task: multi-label or regression beside it)"
              .formatted(labels.get()));
    }
    requirePositive("validation", validation);
    requirePositive("test", test);
    if (shuffle.isPresent() && shuffle.get() < 2) {
      throw new IllegalArgumentException("shuffle: " + shuffle.get() + " (expected: >= 2)");
    }
    if (!shape.stream().allMatch(extent -> extent > 0)) {
      throw new IllegalArgumentException("shape: " + shape + " (expected: each > 0)");
    }
    if (scale.isPresent() && (scale.get() == 0 || !Double.isFinite(scale.get()))) {
      throw new IllegalArgumentException("scale: " + scale.get() + " (expected: finite, not 0)");
    }
  }

  /** Whether a text may be the name of a data set, which is a part of paths. */
  static boolean isName(String text) {
    return text.matches("[A-Za-z0-9][A-Za-z0-9._-]*");
  }

  private static void requirePositive(String name, Optional<Long> count) {
    if (count.isPresent() && count.get() < 1) {
      throw new IllegalArgumentException(name + ": " + count.get() + " (expected: >= 1)");
    }
  }

  /** A data set by its name. */
  public static DataSettings named(String name) {
    return of(Optional.of(name), Optional.empty(), Optional.empty());
  }

  /** A data set by its name, whose files are looked for in a folder first. */
  public static DataSettings named(String name, Path dir) {
    return of(Optional.of(name), Optional.empty(), Optional.of(dir));
  }

  /** One's own CSV file or folder. */
  public static DataSettings at(Path path) {
    return of(Optional.empty(), Optional.of(path), Optional.empty());
  }

  /** The same with so many training examples kept for validation. */
  public DataSettings validation(long count) {
    return new DataSettings(
        name,
        path,
        dir,
        Optional.of(count),
        test,
        seed,
        classes,
        label,
        shape,
        scale,
        task,
        labels,
        table,
        images,
        records,
        cache,
        shuffle,
        classWeights);
  }

  /** The same, read as a table. */
  public DataSettings table(TableSettings settings) {
    return new DataSettings(
        name,
        path,
        dir,
        validation,
        test,
        seed,
        classes,
        label,
        shape,
        scale,
        task,
        labels,
        Optional.of(settings),
        images,
        records,
        cache,
        shuffle,
        classWeights);
  }

  private static DataSettings of(Optional<String> name, Optional<Path> path, Optional<Path> dir) {
    return new DataSettings(
        name,
        path,
        dir,
        Optional.empty(),
        Optional.empty(),
        1,
        List.of(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
