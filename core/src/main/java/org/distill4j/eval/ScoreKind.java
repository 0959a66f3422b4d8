package org.distill4j.eval;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.data.Preprocessed;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Node;
import org.distill4j.graph.TaskType;
import org.distill4j.inference.Predictor;

/** The kind of a classifier's scores: logits or probabilities. */
public enum ScoreKind {
  /**
   * Any real numbers; softmax makes them probabilities. The output of a LogSoftmax counts as well:
   * softmax of it gives the probabilities it is the logarithm of.
   */
  LOGITS,
  /** Numbers in 0..1 that sum to 1, or parts of another sum, such as per cents. */
  PROBABILITIES,
  /** Numbers in 0..1, each by itself: how probable one class is, whatever the others are. */
  SIGMOID;

  /** So many examples are asked about alone, to see whether their answers are the same. */
  private static final int ALONE = 8;

  /**
   * Operators whose numbers may be negative and beyond 1: logits if a classifier ends in them, or
   * in the addition of a constant to them. Sums of two values and what is put together can be
   * anything.
   */
  private static final Set<String> LINEAR =
      Set.of("Gemm", "MatMul", "Conv", "LogSoftmax", "BatchNormalization");

  /** What moves, casts or rounds what another operator gave. */
  private static final Set<String> PASSING =
      Set.of(
          "Identity",
          "Reshape",
          "Flatten",
          "Squeeze",
          "Unsqueeze",
          "Transpose",
          "Cast",
          "QuantizeLinear",
          "DequantizeLinear");

  /** What somebody said that a model's numbers are, in its metadata. */
  public static Optional<ScoreKind> told(Graph graph) {
    return Metadata.scores(graph)
        .map(
            said ->
                Arrays.stream(values())
                    .filter(kind -> kind.spelling().equals(said))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new InputFault(
                                "model '%s' metadata distill4j.scores: '%s' (expected: logits, probabilities or sigmoid)"
                                    .formatted(graph.name(), said))));
  }

  /** As people write it. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What is told; else whether the model's only output comes straight from a Softmax or Sigmoid.
   */
  public static ScoreKind of(Graph graph) {
    Optional<ScoreKind> told = told(graph);
    if (told.isPresent()) {
      return told.get();
    }
    Node end = end(graph, Set.of("Identity"));
    return switch (end == null ? "" : end.op()) {
      case "Softmax" -> PROBABILITIES;
      case "Sigmoid" -> SIGMOID;
      default -> LOGITS;
    };
  }

  /** The last node that is none of those that pass on; null if there is none. */
  private static Node end(Graph graph, Set<String> passing) {
    Map<String, Node> producers = graph.producers();
    Node last = producers.get(graph.onlyOutput().name());
    while (last != null && passing.contains(last.op())) {
      last = producers.get(last.inputs().get(0));
    }
    return last;
  }

  private static boolean isLinear(Graph graph) {
    Node end = end(graph, PASSING);
    if (end == null || !end.op().equals("Add")) {
      return end != null && LINEAR.contains(end.op());
    }
    List<String> computed =
        end.inputs().stream().filter(input -> !isConstant(graph, input)).toList();
    return computed.size() == 1
        && (addsNothing(graph, end) || isLinear(graph, graph.producers().get(computed.get(0))));
  }

  private static boolean isLinear(Graph graph, Node before) {
    Node last = before;
    while (last != null && PASSING.contains(last.op())) {
      last = graph.producers().get(last.inputs().get(0));
    }
    return last != null && LINEAR.contains(last.op());
  }

  /** What stands behind a teacher whose numbers are said to be logits, whatever they look like. */
  private static boolean addsNothing(Graph graph, Node add) {
    return add.inputs().stream()
        .map(graph::constant)
        .flatMap(Optional::stream)
        .anyMatch(tensor -> Arrays.stream(tensor.toDoubles()).allMatch(v -> v == 0));
  }

  /** Whether nothing that the model takes is in a value: a weight, be it quantized or cast. */
  private static boolean isConstant(Graph graph, String value) {
    if (graph.initializers().containsKey(value)) {
      return true;
    }
    Node producer = graph.producers().get(value);
    return producer != null
        && (producer.op().equals("Constant")
            || (PASSING.contains(producer.op()) && isConstant(graph, producer.input(0))));
  }

  /**
   * What a model gives, by its last operator, else by what it answers to examples.
   *
   * @param model the graph opened
   * @param examples as the model takes them; some hundred are asked where the graph does not tell
   * @return logits where neither tells
   */
  public static ScoreKind of(Graph graph, Predictor model, Preprocessed examples) {
    return find(graph, model, examples).orElse(LOGITS);
  }

  private static Optional<ScoreKind> find(Graph graph, Predictor model, Preprocessed examples) {
    boolean isClear = isClear(graph) || examples.data().task() == TaskType.REGRESSION;
    return isClear ? Optional.of(of(graph)) : ScoreRange.of(model, examples).kind();
  }

  /** Whether {@link #of(Graph)} is certain without an example. */
  public static boolean isClear(Graph graph) {
    return told(graph).isPresent() || of(graph) != LOGITS || isLinear(graph);
  }

  /**
   * {@link #of(Graph, Predictor, Preprocessed)} of a model from elsewhere.
   *
   * @param name of the model in messages
   * @throws InputFault where neither the graph nor its answers tell, or these are not what is told
   */
  public static ScoreKind required(
      String name, Graph graph, Predictor model, Preprocessed examples) {
    Optional<ScoreKind> told = told(graph).filter(kind -> kind != LOGITS);
    if (told.isPresent() && examples.data().task() == TaskType.REGRESSION) {
      throw new InputFault(
          "%s: answers %s (expected: numbers, as data '%s' ask); leave out --answers"
              .formatted(name, told.get().spelling(), examples.data().name()));
    }
    if (told.isPresent()) {
      ScoreRange range = ScoreRange.of(model, examples);
      requireRange(name, told.get(), range, examples, "--answers");
      if (range.whole() > 1 && (told.get() == SIGMOID || range.isEachByItself())) {
        throw new InputFault( // nothing that they sum to tells what certainty is
            "%s: answers %s to examples of data '%s' (expected: 0 to 1 for each class by itself, as --answers %s says); divide them by 100 in the model"
                .formatted(name, range.says(), examples.data().name(), told.get().spelling()));
      }
    }
    return find(graph, model, examples)
        .orElseThrow(
            () ->
                undecided(
                    name,
                    ScoreRange.of(model, examples),
                    examples,
                    "say which by --answers logits, probabilities or sigmoid"));
  }

  private static void requireRange(
      String name, ScoreKind told, ScoreRange range, Preprocessed examples, String where) {
    if (told != LOGITS && !range.canBeProbabilities()) {
      throw new InputFault(
          "%s: answers %s to examples of data '%s' (expected: 0 to 1, as %s says); say logits, or leave it out"
              .formatted(
                  name,
                  range.says(),
                  examples.data().name(),
                  where.startsWith("--")
                      ? where + " " + told.spelling()
                      : where + ": " + told.spelling()));
    }
  }

  private static InputFault undecided(
      String name, ScoreRange range, Preprocessed examples, String way) {
    return new InputFault(
        "%s: answers %s to examples of data '%s', which can be logits or probabilities (expected: one of them); %s"
            .formatted(name, range.says(), examples.data().name(), way));
  }

  /**
   * What a model gives, by what it answers to some hundred examples.
   *
   * @param name of the model in messages
   * @param told what its answers are, if somebody says so
   * @param way out, where the answers can be one thing or another
   * @throws InputFault if they can, if they differ from call to call, or are not what is told
   */
  public static Seen seen(
      String name, Optional<ScoreKind> told, Predictor model, Preprocessed examples, String way) {
    ScoreRange range = ScoreRange.of(model, examples);
    requireSame(name, range, model, examples);
    told.ifPresent(kind -> requireRange(name, kind, range, examples, "teacher.answers"));
    ScoreKind kind = told.or(range::kind).orElseThrow(() -> undecided(name, range, examples, way));
    boolean isSigmoid = kind == PROBABILITIES && range.isEachByItself();
    return new Seen(isSigmoid ? SIGMOID : kind, range.whole());
  }

  /**
   * Refuses a model whose answers to an example are not its own: where they differ from call to
   * call, or go by what else is in the batch, as a normalisation in training mode makes them.
   */
  public static void requireSame(String name, Predictor model, Preprocessed examples) {
    requireSame(name, ScoreRange.ofFirstBatch(model, examples), model, examples);
  }

  private static void requireSame(
      String name, ScoreRange asked, Predictor model, Preprocessed examples) {
    String data = examples.data().name();
    if (!asked.isAs(ScoreRange.ofFirstBatch(model, examples))) {
      throw new InputFault(
          "%s: other answers to the same examples of data '%s' at each call (expected: the same); export it in inference mode"
              .formatted(name, data));
    }
    if (asked.isOfBatch(ScoreRange.ofEach(model, examples, ALONE))) {
      throw new InputFault(
          "%s: other answers to examples of data '%s' alone than in a batch (expected: the same); export it in inference mode"
              .formatted(name, data));
    }
  }

  /**
   * What was seen.
   *
   * @param whole what stands for certainty where they are no logits: 1, or 100 per cent
   */
  public record Seen(ScoreKind kind, double whole) {}

  /**
   * The logit whose sigmoid gives this score; probabilities of 0 and 1 count as the floats next to
   * them.
   */
  double logitOfOne(float score) {
    if (this == LOGITS) {
      return score;
    }
    double p = Math.min(Math.max(score, Float.MIN_VALUE), Math.nextDown(1f));
    return Math.log(p) - Math.log1p(-p);
  }

  /** The logit that gives this score; probabilities of 0 count as the smallest float above 0. */
  double logit(float score) {
    return switch (this) {
      case LOGITS -> score;
      case PROBABILITIES -> Math.log(Math.max(score, Float.MIN_VALUE));
      case SIGMOID -> logitOfOne(score);
    };
  }
}
