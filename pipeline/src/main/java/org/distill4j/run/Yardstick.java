package org.distill4j.run;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.distill4j.eval.Evaluation;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Parameter;
import org.distill4j.graph.Parameters;
import org.distill4j.graph.TaskType;
import org.distill4j.results.Gate;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;

/**
 * The yardstick of a run: the least that a model must be to be a result at all, whatever a recipe
 * demands. Its weights are finite and small enough that an output can carry what they make,
 * training moved them, and it knows more than the commonest class.
 */
final class Yardstick {
  /** What results call the rule that is broken. */
  private static final String RULE = "more than chance";

  /** From here on float32 has whole numbers alone: logits as large tell no probabilities apart. */
  private static final float LARGEST_WEIGHT = 1 << 24;

  /** Less than that no weight that was drawn at random is moved by a training. */
  private static final float SMALLEST_STEP = 1e-6f;

  private Yardstick() {}

  /**
   * What is wrong with a model, in a phrase; empty if nothing is.
   *
   * @param seeds one evaluation for each seed; the first seed's model is what ships
   */
  static Optional<String> fault(Graph model, List<Evaluation> seeds) {
    return ofWeights(model, seeds.get(0).task()).or(() -> seeds.get(0).atChance());
  }

  /**
   * What is wrong with the models of further seeds, a line each: they do not ship, but the means
   * count them.
   *
   * @param seeds one evaluation for each seed
   * @param first the first of them
   */
  static List<String> ofOthers(List<Evaluation> seeds, long first) {
    return IntStream.range(1, seeds.size())
        .boxed()
        .flatMap(k -> seeds.get(k).atChance().map(f -> "seed " + (first + k) + ": " + f).stream())
        .toList();
  }

  /** What is wrong with a model's weights. Of numbers they may be as large as the numbers are. */
  static Optional<String> ofWeights(Graph model, TaskType task) {
    for (Map.Entry<String, HostTensor> weight : model.initializers().entrySet()) {
      if (weight.getValue().type().isFloating() && hasNaN(weight.getValue())) {
        return Optional.of("weight '%s' is not a number".formatted(weight.getKey()));
      }
    }
    for (Parameter parameter : Parameters.of(model).trainable()) {
      float largest = 0;
      for (float value : parameter.value().toFloats()) {
        largest = Math.max(largest, Math.abs(value));
      }
      boolean grown = task != TaskType.REGRESSION && largest > LARGEST_WEIGHT;
      if (grown || Float.isInfinite(largest)) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "weight '%s' has grown to %.3g (expected: at most %.3g, what its outputs can carry)",
                parameter.name(),
                largest,
                LARGEST_WEIGHT));
      }
    }
    return Optional.empty();
  }

  /** An infinite constant masks what is attended to. */
  private static boolean hasNaN(HostTensor weight) {
    if (weight.type() != DType.FLOAT32) {
      return Arrays.stream(weight.toDoubles()).anyMatch(Double::isNaN);
    }
    FloatBuffer values = weight.floats(); // a view
    while (values.hasRemaining()) {
      if (Float.isNaN(values.get())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a training left a net as it was drawn.
   *
   * @param drawn before its first step
   */
  static Optional<String> ofTraining(Graph drawn, Graph trained) {
    float furthest = 0;
    for (Parameter parameter : Parameters.of(drawn).trainable()) {
      HostTensor after = trained.initializers().get(parameter.name());
      if (after == null || !after.shape().equals(parameter.shape())) {
        return Optional.empty();
      }
      float[] from = parameter.value().toFloats();
      float[] to = after.toFloats();
      for (int i = 0; i < from.length; i++) {
        furthest = Math.max(furthest, Math.abs(to[i] - from[i]));
      }
    }
    return furthest > SMALLEST_STEP
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "training moved no weight by more than %.2g: it is as it was drawn (raise the rate)",
                furthest));
  }

  /** Whether a rule is the one that {@link #broken} makes. */
  static boolean is(Gate.Rule rule) {
    return rule.rule().equals(RULE) && !rule.passed();
  }

  /** What a gate says of it. */
  static Gate.Rule broken(String model, String split, int n, String fault) {
    return new Gate.Rule(
        RULE, model, split, null, null, null, null, n, false, model + ": " + fault);
  }
}
