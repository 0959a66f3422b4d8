package org.distill4j.cli.options;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.data.ModelDataCheck;
import org.distill4j.data.Split;
import org.distill4j.data.Subset;
import org.distill4j.data.TestSet;
import org.distill4j.distill.Teacher;
import org.distill4j.eval.Evaluation;
import org.distill4j.eval.ScoreKind;
import org.distill4j.export.ForeignModelFile;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.graph.Value;
import org.distill4j.inference.FileRuntime;
import org.distill4j.inference.ForeignModel;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.Runtimes;
import org.distill4j.onnx.OnnxFile;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.passes.HalfPrecision;
import org.distill4j.softlabels.TeacherCheck;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/**
 * A model file as a command was given it.
 *
 * @param notes what reading changed or left open, a line each
 * @param trained the nodes that the file has in training mode
 */
public record ModelArgument(
    Path path,
    Graph graph,
    Optional<ForeignModelFile> other,
    List<String> notes,
    List<Node> trained) {
  private static final long ENOUGH = 2000;

  public static ModelArgument read(Path path) {
    return read(path, Optional.empty());
  }

  /** A model by signature, where its format has several. */
  public static ModelArgument read(Path path, Optional<String> signature) {
    if (ForeignModelFile.is(path)) {
      ForeignModelFile other = ForeignModelFile.read(path, signature);
      return new ModelArgument(path, other.graph(), Optional.of(other), other.notes(), List.of());
    }
    if (signature.isPresent()) {
      throw new InputFault(path + ": is no SavedModel (expected: its folder, or no --signature)");
    }
    Optional<FileRuntime> classic = FileRuntime.of(path);
    if (classic.isPresent()) {
      Graph graph = classic.get().read(path, signature);
      return new ModelArgument(path, graph, Optional.empty(), List.of(), List.of());
    }
    OnnxFile file = OnnxReader.open(path);
    return new ModelArgument(path, file.graph(), Optional.empty(), file.notes(), file.trained());
  }

  /** The same model in float32, if it takes or gives numbers of another type that need not stay. */
  public ModelArgument widened() {
    Graph wide = HalfPrecision.widened(graph);
    if (wide.equals(graph)) {
      return this;
    }
    List<String> more = new ArrayList<>(notes);
    told(graph.inputs(), wide.inputs(), "input '%s': %s, taken in float32", more);
    told(graph.outputs(), wide.outputs(), "output '%s': %s, given in float32", more);
    return new ModelArgument(path, wide, other, more, trained);
  }

  private static void told(List<Value> from, List<Value> to, String words, List<String> notes) {
    for (int i = 0; i < from.size(); i++) {
      if (from.get(i).type() != to.get(i).type()) {
        notes.add(words.formatted(from.get(i).name(), from.get(i).type()));
      }
    }
  }

  /** This file, after what reading it changed is told. */
  public ModelArgument told(PrintWriter err) {
    notes.forEach(note -> err.println(path + ": " + note));
    return this;
  }

  /**
   * This file, refused if it normalizes by the batch that an example happens to be in: its stored
   * statistics may never have been filled.
   *
   * @throws InputFault naming such nodes
   */
  public ModelArgument requireInferenceMode() {
    List<Node> ofTheBatch =
        trained.stream().filter(node -> node.op().equals("BatchNormalization")).toList();
    if (!ofTheBatch.isEmpty()) {
      throw new InputFault(
          "%s: %s%s: in training mode (expected: training_mode = 0); export the model for inference"
              .formatted(
                  path,
                  ofTheBatch.get(0),
                  ofTheBatch.size() == 1 ? "" : " and %s more".formatted(ofTheBatch.size() - 1)));
    }
    return this;
  }

  /**
   * The same model, taking what a person says rather than what its file or the data say.
   *
   * @throws InputFault if its channels are not so many
   */
  public ModelArgument taking(Optional<Preprocessing> told) {
    told.ifPresent(this::requireFit);
    return told.isEmpty()
        ? this
        : new ModelArgument(
            path, Metadata.withPreprocessing(graph, told.get()), other, notes, trained);
  }

  /** The same model, with the names of the data's classes where it has none and answers as many. */
  public ModelArgument naming(Dataset data) {
    boolean isSilent = Metadata.classes(graph).isEmpty() && graph.outputs().size() == 1;
    Shape answer = graph.outputs().get(0).shape();
    return isSilent
            && answer.isRanked()
            && answer.rank() == 2
            && answer.dim(1).isKnown()
            && answer.size(1) == data.classes().size()
        ? new ModelArgument(
            path, Metadata.withClasses(graph, data.classes()), other, notes, trained)
        : this;
  }

  /** The same model, answering what a person says. */
  public ModelArgument answering(Optional<ScoreKind> told) {
    return told.isEmpty()
        ? this
        : new ModelArgument(
            path, Metadata.withScores(graph, told.map(ScoreKind::spelling)), other, notes, trained);
  }

  private void requireFit(Preprocessing told) {
    Shape shape = graph.inputs().get(0).shape();
    boolean known = isOnnx() && shape.isRanked() && shape.rank() > 1 && shape.dim(1).isKnown();
    if (known && !told.fits(shape.size(1))) {
      throw new InputFault(
          "%s: takes %s (expected: as many channels as its preprocessing %s has)"
              .formatted(path, shape, told.formula()));
    }
  }

  /**
   * What people call it: the file's name, or its folder's where every file is called {@code
   * model.onnx}.
   */
  public String name() {
    Path parent = path.toAbsolutePath().getParent();
    String file = path.getFileName().toString();
    return file.equals("model.onnx") && parent.getFileName() != null
        ? parent.getFileName().toString()
        : file;
  }

  /**
   * A classic model gives logits of the data's classes, in their order; one of layers is asked as
   * an evaluation asks it; any other stays as it is.
   */
  public ModelArgument suited(Dataset data) {
    ModelArgument fitted = fitted(data);
    if (!other.isEmpty()) {
      return fitted;
    }
    Graph suited =
        isOnnx()
            ? Evaluation.asked(fitted.graph, data.task())
            : Teacher.of(graph, data, ScoreKind.told(graph), Optional.empty()).model();
    return new ModelArgument(path, suited, other, notes, trained);
  }

  /** This model, taking examples as the data have them, whatever order or type its file has. */
  public ModelArgument fitted(Dataset data) {
    Graph fitted = ModelDataCheck.fitted(graph, data, !isOnnx());
    return new ModelArgument(
        path,
        fitted,
        other.map(o -> new ForeignModelFile(o.path(), o.signature(), fitted)),
        notes,
        trained);
  }

  /** What the model says of its input, else what suits the data. */
  public Preprocessing preprocessing(Dataset data) {
    return Metadata.preprocessing(graph).orElseGet(data::preprocessing);
  }

  /** How many classes it tells apart, asked of the model itself where it does not declare it. */
  public long classCount() {
    try (Predictor predictor = open(1)) {
      return predictor.resultShape().elements();
    }
  }

  /** Whether it is an ONNX file of layers, rather than of trees, a TFLite file or a SavedModel. */
  public boolean isOnnx() {
    return other.isEmpty() && ForeignModel.of(graph).isEmpty();
  }

  /**
   * This file, refused if it is something else.
   *
   * @throws InputFault if a command needs the layers
   */
  public ModelArgument requireOnnx() {
    if (!isOnnx()) {
      throw new InputFault(
          path + ": is no ONNX file of layers (expected: one, as its layers are needed)");
    }
    return this;
  }

  /**
   * Refuses a float model that is no better than chance on data whose classes it has: what is made
   * of it is worth nothing. Some two thousand examples tell.
   *
   * @param taken the model as it is asked
   */
  public void requireBetterThanChance(Graph taken, Split split) {
    Dataset data = split.data();
    boolean suits =
        taken.inputs().size() == 1
            && taken.outputs().size() == 1
            && taken.onlyInput().shape().isRanked()
            && taken.onlyInput().shape().dropFirst().equals(data.shape())
            && Metadata.classes(taken).map(data.classes()::equals).orElse(true)
            && answers(taken.onlyOutput().shape(), data);
    boolean isFloat =
        taken.nodes().stream()
            .noneMatch(n -> n.op().contains("Quantize") || n.op().endsWith("Integer"));
    if (suits && isFloat) {
      long some = Math.min(data.size(), ENOUGH);
      Dataset drawn = some == data.size() ? data : Subset.shuffled(data, 1, 0, some);
      Evaluation found = Evaluation.of(taken, new TestSet(drawn));
      found
          .atChance()
          .ifPresent(
              fault -> {
                throw new InputFault(
                    path + ": " + fault + "; " + TeacherCheck.usualCause(taken, found));
              });
    }
  }

  /** Whether there is an answer for each class, or one for the second of two. */
  private static boolean answers(Shape output, Dataset data) {
    boolean isRow = output.isRanked() && output.rank() == 2;
    boolean isOneOfTwo = data.task() == TaskType.SINGLE_LABEL && data.classes().size() == 2;
    return isRow
        && (output.dim(1).equals(Dim.of(data.classes().size()))
            || (isOneOfTwo && output.dim(1).equals(Dim.of(1))));
  }

  public Predictor open(int threads) {
    return other.isEmpty() ? Runtimes.of(graph).open(graph, threads) : other.get().open(threads);
  }
}
