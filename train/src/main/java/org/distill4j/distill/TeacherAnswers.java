package org.distill4j.distill;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.eval.ScoreKind;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.graph.Value;
import org.distill4j.inference.ForeignModel;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.Runtimes;
import org.distill4j.onnx.CutSoftmax;
import org.distill4j.tensor.Shape;

/** What a model's answers are, and the model that gives logits of the data's classes instead. */
record TeacherAnswers(Graph model, Dataset data) {
  private static final String WAY_OUT =
      "say which by teacher.answers: logits, probabilities or sigmoid";

  /** By what the graph tells alone. */
  Graph byGraph() {
    if (data.task() == TaskType.REGRESSION) {
      return numbers();
    }
    Graph cut = cut();
    Shape output = cut.onlyOutput().shape();
    boolean isKnown = output.isRanked() && output.rank() > 0 && output.dropFirst().isStatic();
    int width = isKnown ? Math.toIntExact(output.dropFirst().elements()) : data.classes().size();
    return ordered(cut, width, ScoreKind.LOGITS, 1, Optional.empty(), List.of());
  }

  /** By what is told, else by the graph, else by what it answers to examples. */
  Graph byExamples(Optional<ScoreKind> said, Optional<List<String>> classes) {
    Optional<ScoreKind> told = said.or(() -> ScoreKind.told(model));
    if (data.task() == TaskType.REGRESSION) {
      if (told.isPresent() || classes.isPresent()) {
        throw new InputFault(
            "teacher.%s: given (expected: absent, as data '%s' ask numbers)"
                .formatted(told.isPresent() ? "answers" : "classes", data.name()));
      }
      return numbers();
    }
    boolean isActivated = !cut().equals(model);
    boolean isToldLogits = told.filter(k -> k == ScoreKind.LOGITS).isPresent();
    boolean isCut = isActivated && !isToldLogits;
    Graph cut = isCut ? cut() : isActivated ? LogitsTail.asItIs(model) : model;
    List<String> notes = new ArrayList<>();
    if (isActivated) {
      notes.add(
          (isCut ? "cut before its " : "behind its ") + (isSoftmax() ? "softmax" : "sigmoid"));
    }
    Preprocessing taken = Metadata.preprocessing(model).orElseGet(data::preprocessing);
    int threads =
        isCut ? 1 : Runtime.getRuntime().availableProcessors(); // what is cut is not asked
    try (Predictor predictor = Runtimes.of(cut).openForBatches(cut, threads)) {
      int width = Math.toIntExact(predictor.resultShape().elements());
      ScoreKind.Seen seen = new ScoreKind.Seen(ScoreKind.LOGITS, 1);
      requireExamples(predictor.inputs().get(0));
      if (!isCut) {
        seen =
            ScoreKind.seen(
                "teacher '" + model.name() + "'",
                told,
                predictor,
                new Preprocessed(data, taken),
                WAY_OUT);
      }
      if (seen.kind() == ScoreKind.PROBABILITIES) {
        notes.add("the logarithms of its probabilities");
      } else if (seen.kind() == ScoreKind.SIGMOID) {
        notes.add("the logits of its probabilities");
      }
      return ordered(cut, width, seen.kind(), seen.whole(), classes, notes);
    }
  }

  private void requireExamples(Value input) {
    Shape example = input.shape().dropFirst();
    if (!example.equals(data.shape())) {
      throw new InputFault(
          "teacher input '%s': %s (expected: %s, as data '%s' has)"
              .formatted(input.name(), example, data.shape(), data.name()));
    }
  }

  private boolean isSoftmax() {
    return ForeignModel.of(model).filter(ForeignModel::logarithm).isPresent()
        || !CutSoftmax.apply(model).equals(model);
  }

  /** A softmax has no meaning where numbers are asked for. */
  private Graph numbers() {
    requireNoSoftmax("numbers");
    return model;
  }

  private Graph cut() {
    if (data.task() == TaskType.SINGLE_LABEL) {
      return CutSoftmax.toLogits(model);
    }
    requireNoSoftmax("logits or a sigmoid for each class");
    return CutSoftmax.applyToSigmoid(model);
  }

  private void requireNoSoftmax(String expected) {
    if (isSoftmax()) {
      throw new InputFault(
          "teacher '%s': ends in a softmax over one class of several (expected: %s, as data '%s' ask %s)"
              .formatted(model.name(), expected, data.name(), data.task().spelling()));
    }
  }

  private Graph ordered(
      Graph cut,
      int width,
      ScoreKind kind,
      double whole,
      Optional<List<String>> told,
      List<String> soFar) {
    int classes = data.classes().size();
    boolean isOneOfTwo = width == 1 && classes == 2 && data.task() == TaskType.SINGLE_LABEL;
    int outputs = isOneOfTwo ? 2 : width;
    Optional<List<String>> names =
        told.isPresent() ? told : Metadata.classes(model).filter(named -> named.size() == outputs);
    if (told.isPresent() && told.get().size() != outputs) {
      throw new InputFault(
          "teacher.classes: %s names (expected: %s, one for each of its outputs)"
              .formatted(told.get().size(), outputs));
    }
    Optional<int[]> matched =
        names.flatMap(n -> OutputClasses.of("teacher '" + model.name() + "'", n, data));
    if (matched.isEmpty() && outputs != classes) {
      return cut; // the check of the teacher says what does not fit
    }
    int[] inOrder = IntStream.range(0, classes).toArray();
    int[] order = matched.orElse(inOrder);
    List<String> notes = new ArrayList<>(soFar);
    if (isOneOfTwo) {
      notes.add("its one output z as (0, z)");
    }
    if (outputs != classes || !Arrays.equals(order, inOrder)) {
      notes.add("its classes by name");
    }
    Graph logits = LogitsTail.of(cut, width, kind, whole, order);
    Graph plain = Metadata.withScores(logits, Optional.empty()); // they are logits now
    return noted(named(plain, matched.isPresent()), notes);
  }

  /** The data's names where the names were matched, none where they told places alone. */
  private Graph named(Graph logits, boolean isNamed) {
    if (isNamed) {
      return Metadata.withClasses(logits, data.classes());
    }
    return Metadata.classes(logits).isPresent() ? without(logits) : logits;
  }

  private static Graph without(Graph graph) {
    Map<String, String> metadata = new LinkedHashMap<>(graph.metadata());
    metadata.remove("distill4j.classes");
    return graph.withMetadata(metadata);
  }

  private static Graph noted(Graph graph, List<String> notes) {
    if (notes.isEmpty()) {
      return graph;
    }
    Map<String, String> metadata = new LinkedHashMap<>(graph.metadata());
    metadata.put(Teacher.ANSWERS, String.join(", ", notes));
    return graph.withMetadata(metadata);
  }
}
