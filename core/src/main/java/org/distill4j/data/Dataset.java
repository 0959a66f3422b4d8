package org.distill4j.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.images.ResizeMode;
import org.distill4j.records.RecordSettings;
import org.distill4j.storage.Sha256;
import org.distill4j.table.ColumnNames;
import org.distill4j.table.Dialect;
import org.distill4j.table.Table;
import org.distill4j.tensor.Shape;

/**
 * A data set: labelled examples, each an array of one shape, addressed by index.
 *
 * <p>Implementations are safe to read from several threads and give the same values at every call.
 * A large set keeps its values in a mapped file rather than on the heap.
 */
public interface Dataset {
  /** For people, such as {@code fashion-mini}. */
  String name();

  /** The shape of one example in ONNX order, without the batch: {@code [1, 28, 28]}. */
  Shape shape();

  /**
   * The names of what a model answers: of the classes, label {@code k} being the k-th; of the
   * numbers for a regression.
   */
  List<String> classes();

  /** What is asked about an example. */
  default TaskType task() {
    return TaskType.SINGLE_LABEL;
  }

  /** How many examples there are. */
  long size();

  /**
   * Writes one example as raw values, before any preprocessing: bytes as 0..255.
   *
   * @param index from 0 to {@link #size()} - 1
   * @param target takes {@code shape().elements()} floats from its position, which moves behind
   *     them
   */
  void read(long index, FloatBuffer target);

  /**
   * The class of one example, from 0 to {@code classes().size() - 1}; only where the task is a
   * single label.
   */
  int label(long index);

  /**
   * Writes the truth about one example, a number for each of {@link #classes}: 1 for a class that
   * it has and 0 for any other, or the number itself for a regression.
   *
   * @param target takes {@code classes().size()} floats from its position, which moves behind them
   */
  default void targets(long index, FloatBuffer target) {
    int label = label(index);
    for (int c = 0; c < classes().size(); c++) {
      target.put(c == label ? 1 : 0);
    }
  }

  /** How rows of text became the examples, if they were rows of text. */
  default Optional<Table> table() {
    return Optional.empty();
  }

  /** How the files of cells are written that they were read from, if they were. */
  default Optional<Dialect> dialect() {
    return Optional.empty();
  }

  /** How images of another size were brought to that of the examples, if they were images. */
  default ResizeMode fit() {
    return ResizeMode.STRETCH;
  }

  /** Which features of records they are, if that was said. */
  default Optional<RecordSettings> records() {
    return Optional.empty();
  }

  /** What their columns of numbers are called, if they were rows of numbers alone. */
  default Optional<ColumnNames> columns() {
    return Optional.empty();
  }

  /**
   * How many of an example's numbers each of its columns becomes, in their order. A column is
   * called by its name in quotes, else by its place in the file, counting from 1; none where the
   * examples have no columns.
   */
  default Map<String, Integer> columnWidths() {
    Map<String, Integer> widths = new LinkedHashMap<>();
    if (table().isPresent()) {
      table().get().columns().forEach(c -> widths.put("'" + c.name() + "'", c.width()));
    } else if (columns().isPresent()) {
      ColumnNames columns = columns().get();
      for (int c = 0; c < shape().elements(); c++) {
        boolean isBeforeTheLabel = c + 1 < columns.place();
        widths.put(
            columns.inputs().isEmpty()
                ? Integer.toString(isBeforeTheLabel ? c + 1 : c + 2)
                : "'" + columns.inputs().get(c) + "'",
            1);
      }
    }
    return widths;
  }

  /**
   * What reading them made of the files, where a person could expect something else: what was
   * passed over, how parts and columns were found. A sentence each, for {@code plan} and a run's
   * log.
   */
  default List<String> notes() {
    return List.of();
  }

  /**
   * What the columns are that the examples were made from and what each becomes, a line each, for
   * {@code plan}; none where they are no table.
   */
  default List<String> columnLines() {
    return List.of();
  }

  /**
   * The digest of the content, 64 hex digits: what is computed from the data is kept under it. As
   * given here it reads everything at each call; a large set knows a shorter way or remembers it.
   */
  default String sha256() {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(4 * shape().elements() + 4L * truths()))
            .order(ByteOrder.LITTLE_ENDIAN);
    Sha256 sha = new Sha256().add(shape().toString());
    for (long i = 0; i < size(); i++) {
      FloatBuffer floats = bytes.asFloatBuffer();
      read(i, floats);
      if (task() == TaskType.SINGLE_LABEL) {
        bytes.putInt(bytes.capacity() - 4, label(i));
      } else {
        targets(i, floats);
      }
      sha.add(bytes);
    }
    return sha.hex();
  }

  /**
   * How many examples are shuffled together when a net is trained on them; 0 for all with all,
   * which a set that is read from one end to the other cannot afford.
   */
  default long shuffleBlock() {
    return 0;
  }

  /**
   * How much each class counts in the loss to the labels when a net is trained; empty: all the
   * same.
   */
  default List<Double> classWeights() {
    return List.of();
  }

  /** What a training on them depends on beside what they hold; nothing where that is as always. */
  default List<String> arrangement() {
    String blocks = "blocks " + shuffleBlock();
    String weights = "weights " + classWeights();
    return classWeights().isEmpty()
        ? shuffleBlock() == 0 ? List.of() : List.of(blocks, weights)
        : List.of(blocks, weights, "validation weighs classes alike");
  }

  private int truths() {
    return task() == TaskType.SINGLE_LABEL ? 1 : classes().size();
  }

  /**
   * What suits these raw values for a net that is trained on them here; a model that says otherwise
   * goes first.
   */
  default Preprocessing preprocessing() {
    return Preprocessing.NONE;
  }
}
