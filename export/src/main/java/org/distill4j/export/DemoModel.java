package org.distill4j.export;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.eval.Evaluation;
import org.distill4j.eval.ScoreKind;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.lowered.Lowering;
import org.distill4j.onnx.CutSoftmax;
import org.distill4j.tensor.Shape;
import org.distill4j.tfjs.DemoPage;

/**
 * A model as a demo page shows it: asked as an evaluation asks it, with what its answers are, so
 * that the page says what {@code predict} says.
 */
final class DemoModel {
  private DemoModel() {}

  /**
   * With what its answers are: by its metadata, else by its end, else by what it answers to the
   * examples.
   *
   * @param examples empty if there are no data; where the model takes others, they are not asked
   * @param notes hears where nothing tells
   * @throws org.distill4j.fault.InputFault if its answers to the examples are not what is told, or
   *     can be logits or probabilities
   */
  static DemoPage.Shown of(
      String name, Graph model, Optional<Dataset> examples, Consumer<String> notes) {
    Graph alone = withFirstOutput(model);
    Optional<TaskType> said = examples.map(Dataset::task).or(() -> Metadata.task(model));
    Graph asked = Evaluation.asked(alone, said.orElse(TaskType.SINGLE_LABEL));
    Optional<Preprocessed> taken =
        examples.filter(data -> isTaken(model, data)).map(data -> taken(model, data));
    ScoreKind scores = taken.map(e -> seen(name, asked, e)).orElseGet(() -> ScoreKind.of(asked));
    TaskType task = said.orElseGet(() -> task(alone, asked, scores));
    if (taken.isEmpty() && task != TaskType.REGRESSION && !ScoreKind.isClear(asked)) {
      notes.accept(
          "demo.html takes the answers of '%s' for logits, as its end does not tell; give examples with --data, or write into the file what they are by annotate --answers"
              .formatted(name));
    }
    return new DemoPage.Shown(name, Lowering.of(asked), scores, task);
  }

  /** The page shows the first of several outputs. */
  private static Graph withFirstOutput(Graph model) {
    return model.outputs().size() == 1
        ? model
        : new Graph(
            model.name(),
            model.inputs(),
            model.outputs().subList(0, 1),
            model.nodes(),
            model.initializers(),
            model.metadata());
  }

  private static boolean isTaken(Graph model, Dataset data) {
    Shape input = model.inputs().get(0).shape();
    return model.inputs().size() == 1
        && input.isRanked()
        && input.rank() > 0
        && input.dropFirst().isStatic()
        && input.dropFirst().equals(data.shape());
  }

  private static Preprocessed taken(Graph model, Dataset data) {
    Preprocessing own = Metadata.preprocessing(model).orElseGet(data::preprocessing);
    return new Preprocessed(data, own);
  }

  private static ScoreKind seen(String name, Graph asked, Preprocessed examples) {
    try (Predictor predictor = new OnnxRuntime().openForBatches(asked, 1)) {
      return ScoreKind.required("model '" + name + "'", asked, predictor, examples);
    }
  }

  /** Sigmoids are about a class each, and so is a number of one class. */
  private static TaskType task(Graph model, Graph asked, ScoreKind scores) {
    boolean isSigmoid =
        scores == ScoreKind.SIGMOID
            || (!asked.equals(model) && CutSoftmax.apply(model).equals(model));
    Shape output = model.onlyOutput().shape();
    boolean isOne = output.isRanked() && output.dropFirst().equals(Shape.of(1));
    List<String> classes = Metadata.classes(model).orElse(List.of());
    boolean isOfTwo = isOne && classes.size() != 1;
    return (isSigmoid || classes.size() == 1) && !isOfTwo
        ? TaskType.MULTI_LABEL
        : TaskType.SINGLE_LABEL;
  }
}
