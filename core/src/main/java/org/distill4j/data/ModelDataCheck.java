package org.distill4j.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.graph.Value;
import org.distill4j.images.ResizeMode;
import org.distill4j.table.Column;
import org.distill4j.table.ColumnNames;
import org.distill4j.table.Table;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.ExampleLayout;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** What a model says of its data: the check whether both fit, and what it is told by a training. */
public final class ModelDataCheck {
  /**
   * The attribute of a node that stands for a file: how the file holds its input, where the graph
   * tells it in another order.
   */
  public static final String HELD = "held";

  private ModelDataCheck() {}

  /**
   * Refuses a model that answers another question, or makes other numbers of a table's rows, or
   * takes columns in another order.
   *
   * @param name what messages call the model
   */
  public static void require(String name, Graph model, Dataset data) {
    TaskType task = Metadata.task(model).orElse(data.task());
    if (task != data.task()) {
      throw new InputFault(
          "%s: answers %s (expected: %s, as data '%s' ask)"
              .formatted(name, task.spelling(), data.task().spelling(), data.name()));
    }
    Optional<Table> table = Metadata.table(model);
    if (table.isPresent() && data.table().isPresent() && !table.equals(data.table())) {
      throw new InputFault(
          "%s: has a table that was fitted on other examples than data '%s' (expected: the same scaling and vocabulary); read the data for this model"
              .formatted(name, data.name()));
    }
    List<String> takes = Metadata.columns(model).map(ColumnNames::inputs).orElse(List.of());
    List<String> has = data.columns().map(ColumnNames::inputs).orElse(List.of());
    if (!takes.isEmpty() && !has.isEmpty() && !takes.equals(has)) {
      throw new InputFault(
          "%s: takes the columns %s (expected: %s, as data '%s' are read); read the data for this model"
              .formatted(name, takes, has, data.name()));
    }
  }

  /**
   * The shape of one example that a model takes, if it has one input and says its extents: of an
   * image with its channels first, also where the model has them last or leaves out a single one.
   */
  public static Optional<Shape> example(Graph model) {
    return Optional.of(model.inputs())
        .filter(inputs -> inputs.size() == 1)
        .map(inputs -> inputs.get(0).shape())
        .filter(shape -> shape.isRanked() && shape.rank() > 1)
        .map(Shape::dropFirst)
        .filter(Shape::isStatic)
        .map(ModelDataCheck::channelsFirst);
  }

  private static Shape channelsFirst(Shape shape) {
    if (shape.rank() == 2) {
      return shape.prepend(Dim.of(1));
    }
    boolean isLast = shape.rank() == 3 && isImage(shape.size(2)) && !isImage(shape.size(0));
    return isLast ? Shape.of(shape.size(2), shape.size(0), shape.size(1)) : shape;
  }

  private static boolean isImage(long channels) {
    return channels == 1 || channels == 3;
  }

  /**
   * One example as a model from elsewhere takes it, in its order and of its type, as a batch of
   * one.
   *
   * @param input of the model, a batch of one without open extents
   * @param values of the example as the data have it
   * @throws InputFault if it takes examples of the data in no order
   */
  public static HostTensor taken(Value input, Dataset data, float[] values) {
    Shape declared = input.shape();
    Optional<ExampleLayout> layout =
        declared.size(0) == 1
            ? ExampleLayout.of(data.shape(), declared.dropFirst(), false)
            : Optional.empty();
    if (layout.isEmpty()) {
      throw new InputFault(
          "input '%s': %s does not take an example %s of data '%s'"
              .formatted(input.name(), declared, data.shape(), data.name()));
    }
    float[] laid = values;
    if (layout.get().isMoved()) {
      int[] places = layout.get().places();
      laid = new float[values.length];
      for (int i = 0; i < laid.length; i++) {
        laid[i] = values[places[i]];
      }
    }
    return HostTensor.ofNumbers(input.type(), declared, laid);
  }

  /**
   * A model that takes examples as the data have them, in float32 and with their channels first,
   * and answers in float32; the same where it does already, or where nothing makes it do so.
   *
   * @param isFile whether it stands for a file, whose runtime brings them into the file's order
   * @throws InputFault if it stands for a file that takes them in no order, with the file's own
   */
  public static Graph fitted(Graph model, Dataset data, boolean isFile) {
    String held = isFile ? model.nodes().get(0).textAttribute(HELD, "") : "";
    if (!held.isEmpty() && !ModelFit.isPossible(model, data.shape())) {
      throw new InputFault(
          "model '%s' input '%s': %s in its file (expected: an example %s of data '%s', its channels first or last)"
              .formatted(
                  model.name(), model.inputs().get(0).name(), held, data.shape(), data.name()));
    }
    return ModelFit.of(model, data.shape(), isFile);
  }

  /**
   * A model from elsewhere as it has to be asked about a table's rows: where its file says nothing
   * of them it takes the numbers of the cells as they are, so that their scaling is undone.
   *
   * @throws InputFault if logarithms of a column are taken, which no preprocessing undoes
   */
  public static Graph unscaling(Graph model, Dataset data) {
    if (Metadata.table(model).isPresent() || Metadata.preprocessing(model).isPresent()) {
      return model;
    }
    List<String> logs = data.table().map(ModelDataCheck::logarithms).orElse(List.of());
    if (!logs.isEmpty()) {
      throw new InputFault(
          "teacher: its file says nothing of a table, so it takes the numbers of the cells, and data '%s' have the logarithms of %s (expected: no table.log; or teacher.preprocessing: none, for a model of numbers scaled like these)"
              .formatted(data.name(), logs));
    }
    return data.table()
        .flatMap(ModelDataCheck::undone)
        .map(undone -> Metadata.withPreprocessing(model, undone))
        .orElse(model);
  }

  private static List<String> logarithms(Table table) {
    return table.columns().stream()
        .filter(c -> c instanceof Column.Scaled scaled && scaled.log())
        .map(Column::name)
        .toList();
  }

  /** What makes the numbers of the cells of a table's; none where they are. */
  private static Optional<Preprocessing> undone(Table table) {
    List<Double> mean = new ArrayList<>();
    List<Double> deviation = new ArrayList<>();
    for (Column column : table.columns()) {
      boolean scaled = column instanceof Column.Scaled;
      double offset = scaled ? ((Column.Scaled) column).offset() : 0;
      double scale = scaled ? ((Column.Scaled) column).scale() : 1;
      for (int i = 0; i < column.width(); i++) {
        boolean number = scaled && i == 0; // behind it is whether the cell is empty
        mean.add(number ? -offset / scale : 0);
        deviation.add(number ? 1 / scale : 1);
      }
    }
    boolean none = mean.stream().allMatch(m -> m == 0) && deviation.stream().allMatch(d -> d == 1);
    return none ? Optional.empty() : Optional.of(new Preprocessing(1, mean, deviation));
  }

  /**
   * A net with what it needs to know of the data that it is trained on, so that it can be used
   * without them: class names, preprocessing, how rows of text become its input, and what it
   * answers. What it says already stays.
   */
  public static Graph completed(Graph net, Dataset data) {
    Graph told = net;
    if (Metadata.classes(net).isEmpty()) {
      told = Metadata.withClasses(told, data.classes());
    }
    if (Metadata.preprocessing(net).isEmpty()) {
      told = Metadata.withPreprocessing(told, data.preprocessing());
    }
    if (data.table().isPresent() && Metadata.table(net).isEmpty()) {
      told = Metadata.withTable(told, data.table().get());
    }
    if (data.columns().isPresent() && Metadata.columns(net).isEmpty()) {
      told = Metadata.withColumns(told, data.columns().get());
    }
    if (data.dialect().isPresent() && Metadata.dialect(net).isEmpty()) {
      told = Metadata.withDialect(told, data.dialect().get());
    }
    if (data.fit() != ResizeMode.STRETCH && Metadata.fit(net).isEmpty()) {
      told = Metadata.withFit(told, data.fit());
    }
    if (data.records().isPresent() && Metadata.records(net).isEmpty()) {
      told = Metadata.withRecords(told, data.records().get());
    }
    return data.task() == TaskType.SINGLE_LABEL || Metadata.task(net).isPresent()
        ? told
        : Metadata.withTask(told, data.task());
  }
}
