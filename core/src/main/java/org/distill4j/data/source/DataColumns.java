package org.distill4j.data.source;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.distill4j.data.cells.TableSettings;
import org.distill4j.data.cells.TargetColumns;
import org.distill4j.graph.TaskType;
import org.distill4j.records.RawFeature;
import org.distill4j.records.RecordSettings;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;

/**
 * The meaning of the columns and features of examples: which are input, which are the truth, and
 * what is asked of a model.
 *
 * @param classes their names in the order of the labels; none: their numbers
 * @param label the column of the truth, by its name or its number from 1
 * @param shape of one example; none: so many numbers as there are columns
 * @param scale the factor of raw values
 * @param task what is asked of a model
 * @param labels the columns of several labels or numbers
 * @param table how columns of numbers and names become one input
 * @param records which features of TFRecord files are input and label
 */
public record DataColumns(
    @Default("[]")
        @Describe("your own class names in the order of the labels; empty: their numbers")
        List<String> classes,
    @Describe(
            "CSV: the label's column, by its name or its number from 1; if absent, one called label, class, target or y, else the last")
        Optional<String> label,
    @Default("[]") @Describe("CSV: the shape of one example, such as [1, 28, 28]; empty: [columns]")
        List<Long> shape,
    @Describe("your own raw values are multiplied by it; if absent, 1/255 for idx, 1 for CSV")
        Optional<Double> scale,
    @Describe("what is asked: single-label, multi-label or regression; if absent, single-label")
        Optional<TaskType> task,
    @Describe("CSV: the columns of several labels (0 or 1 each) or of several numbers")
        Optional<List<String>> labels,
    @Describe("CSV: read it as a table, with scaled numbers and a vocabulary for names")
        Optional<TableSettings> table,
    @Describe("which features of TFRecord files are input and label")
        Optional<RecordSettings> records) {
  /** Nothing said: one column is the label, of one class of several. */
  static final DataColumns USUAL =
      new DataColumns(
          List.of(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** Takes copies and checks the bounds. */
  public DataColumns {
    classes = List.copyOf(classes);
    shape = List.copyOf(shape);
    labels = labels.map(List::copyOf);
    Set<String> met = new HashSet<>();
    for (String name : classes) {
      if (!met.add(name)) {
        throw new IllegalArgumentException("classes: '" + name + "' twice (expected: each once)");
      }
    }
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
    RawFeature.requireShape(shape);
    if (scale.isPresent() && (scale.get() == 0 || !Double.isFinite(scale.get()))) {
      throw new IllegalArgumentException("scale: " + scale.get() + " (expected: finite, not 0)");
    }
  }

  /** What is asked of a model, the usual where nothing is said. */
  public TaskType taskOrUsual() {
    return task.orElse(TaskType.SINGLE_LABEL);
  }

  /** Which columns hold the truth, as the settings say. */
  TargetColumns targets() {
    List<String> columns = labels.orElseGet(() -> label.map(List::of).orElse(List.of()));
    return new TargetColumns(taskOrUsual(), columns, classes, "");
  }

  /** The same for another task, whose truth is in these columns; none: as before. */
  DataColumns task(TaskType asked, Optional<List<String>> columns) {
    return new DataColumns(
        classes, label, shape, scale, Optional.of(asked), columns, table, records);
  }

  /** The same with other classes. */
  DataColumns classes(List<String> names) {
    return new DataColumns(names, label, shape, scale, task, labels, table, records);
  }

  /** The same for examples of another shape. */
  DataColumns shape(List<Long> extents) {
    return new DataColumns(classes, label, extents, scale, task, labels, table, records);
  }

  /** The same, read as a table. */
  DataColumns table(TableSettings settings) {
    return new DataColumns(
        classes, label, shape, scale, task, labels, Optional.of(settings), records);
  }

  /** The same with other features of records. */
  DataColumns records(RecordSettings settings) {
    return new DataColumns(
        classes, label, shape, scale, task, labels, table, Optional.of(settings));
  }
}
