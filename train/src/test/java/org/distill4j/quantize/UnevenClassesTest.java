package org.distill4j.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Dataset;
import org.distill4j.data.OmittedClassesDataset;
import org.distill4j.data.Splits;
import org.distill4j.eval.Evaluation;
import org.distill4j.eval.Metric;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.Value;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.ptq.RangeMode;
import org.distill4j.quantize.ptq.Repair;
import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

/**
 * Integers of a linear model where one class is rare: its accuracy is that of always answering the
 * common one, whatever rounding makes of it.
 */
class UnevenClassesTest {
  private static final int FEATURES = 24;
  private static final int EXAMPLES = 3000;
  private static final RepairLadder.Rung PLAIN = new RepairLadder.Rung("int8", Set.of(), Set.of());
  private static final RepairLadder.Rung ROUNDED =
      new RepairLadder.Rung("int8-rounded", Set.of(Repair.ROUND), Set.of());

  private final SplittableRandom random = new SplittableRandom(Seeds.of(31));
  private final int every = 20 + random.nextInt(40);
  private final float[] direction = new float[FEATURES];

  /** The rare class lies along a direction; of two classes, or of three with as common a third. */
  private Dataset drawn(int examples, int classes, int rareEvery) {
    float[][] values = new float[examples][FEATURES];
    int[] labels = new int[examples];
    for (int i = 0; i < examples; i++) {
      labels[i] = i % rareEvery == 0 ? 1 : classes == 3 && i % 2 == 0 ? 2 : 0;
      for (int k = 0; k < FEATURES; k++) {
        double mean = labels[i] == 1 ? direction[k] : labels[i] == 2 ? -direction[k] : 0;
        values[i][k] = (float) (2 * mean + random.nextGaussian());
      }
    }
    List<String> names = List.of("often", "rare", "too").subList(0, classes);
    return new ArrayDataset("drawn", Shape.of(FEATURES), names, values, labels, Preprocessing.NONE);
  }

  private Splits splits(int classes, int rareEvery) {
    double square = 0;
    for (int k = 0; k < FEATURES; k++) {
      direction[k] = (float) (random.nextGaussian() * Math.exp(random.nextGaussian()));
      square += direction[k] * direction[k];
    }
    for (int k = 0; k < FEATURES; k++) {
      direction[k] /= (float) Math.sqrt(square);
    }
    return Splits.of(
        drawn(512, classes, rareEvery),
        drawn(EXAMPLES, classes, rareEvery),
        drawn(100, classes, rareEvery));
  }

  /**
   * Logits along the direction; the rare class's are lower by so much that it is never answered.
   */
  private Graph model(int classes, float handicap) {
    float[] weights = new float[FEATURES * classes];
    for (int k = 0; k < FEATURES; k++) {
      weights[k * classes + 1] = 2 * direction[k];
      if (classes == 3) {
        weights[k * classes + 2] = -2 * direction[k];
      }
    }
    float[] bias = new float[classes];
    bias[1] = -handicap;
    return new Graph(
        "linear",
        List.of(
            new Value("x", DType.FLOAT32, Shape.of(List.of(Dim.of("batch"), Dim.of(FEATURES))))),
        List.of(new Value("y", DType.FLOAT32, Shape.of(List.of(Dim.of("batch"), Dim.of(classes))))),
        List.of(Node.of("Gemm", List.of("x", "w", "b"), List.of("y"), Map.of())),
        Map.of(
            "w", HostTensor.ofFloats(Shape.of(FEATURES, classes), weights),
            "b", HostTensor.ofFloats(Shape.of(classes), bias)),
        Map.of());
  }

  private static QuantizationCandidates candidates(Graph model, Splits data) {
    QuantizeSettings twoBits =
        new QuantizeSettings(
            RangeMode.STATIC,
            Optional.of(Observer.MIN_MAX),
            256,
            Optional.empty(),
            2,
            false,
            List.of(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Preference.BYTES);
    return new QuantizationCandidates(
        model, data, twoBits, TargetMachine.HERE, 1, ProgressListener.NONE);
  }

  /** What a linear model of these weights scores, in float64. */
  private static double[] margins(Graph model, Dataset data) {
    float[] weights = model.initializers().get("w").toFloats();
    float[] bias = model.initializers().get("b").toFloats();
    double[] margins = new double[(int) data.size()];
    FloatBuffer row = FloatBuffer.allocate(FEATURES);
    for (int i = 0; i < margins.length; i++) {
      data.read(i, row.clear());
      margins[i] = bias[1] - bias[0];
      for (int k = 0; k < FEATURES; k++) {
        margins[i] += (weights[2 * k + 1] - weights[2 * k]) * row.get(k);
      }
    }
    return margins;
  }

  /** The mean, over the rare examples, of the share of rare ones among those scored as high. */
  private static double averagePrecision(double[] margins, Dataset data) {
    Integer[] order = IntStream.range(0, margins.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingDouble(i -> -margins[i]));
    int rare = 0;
    double sum = 0;
    for (int rank = 0; rank < order.length; rank++) {
      if (data.label(order[rank]) == 1) {
        sum += (double) ++rare / (rank + 1);
      }
    }
    return sum / rare;
  }

  @Test
  void drop_whereOneOfTwoClassesIsRare_isOfAveragePrecision() {
    Splits data = splits(2, every);
    Graph model = model(2, 40);
    QuantizationCandidates candidates = candidates(model, data);
    double own =
        averagePrecision(margins(model, data.validation().data()), data.validation().data());
    double drop = candidates.drop(PLAIN);
    Evaluation rounded = candidates.best().best().found();
    assertThat(candidates.reference().accuracy()).isEqualTo(rounded.accuracy()); // nothing is lost
    assertThat(candidates.reference().more().get(Evaluation.AVERAGE_PRECISION))
        .isCloseTo(own, within(1e-3)); // scores in float32
    assertThat(drop)
        .isNotZero()
        .isCloseTo(own - rounded.more().get(Evaluation.AVERAGE_PRECISION), within(1e-3));
  }

  @Test
  void best_whereOneOfTwoClassesIsRare_isNotTheOneWithFewerErrors() {
    Splits data = splits(2, every);
    QuantizationCandidates candidates = candidates(model(2, 0), data);
    candidates.drop(PLAIN);
    candidates.drop(ROUNDED);
    List<PostTraining.Trial> trials = candidates.best().trials();
    double most =
        trials.stream()
            .mapToDouble(t -> t.found().more().get(Evaluation.AVERAGE_PRECISION))
            .max()
            .orElseThrow();
    assertThat(candidates.best().best().found().more())
        .containsEntry(Evaluation.AVERAGE_PRECISION, most);
  }

  @Test
  void drop_whereOneOfThreeClassesIsRare_isOfBalancedAccuracy() {
    Splits data = splits(3, every);
    QuantizationCandidates candidates = candidates(model(3, 1), data);
    double drop = candidates.drop(PLAIN);
    assertThat(drop)
        .isCloseTo(
            balanced(candidates.reference()) - balanced(candidates.best().best().found()),
            within(1e-12));
  }

  /** The mean of the shares of each class that are answered rightly. */
  private static double balanced(Evaluation found) {
    return IntStream.range(0, 3)
        .mapToDouble(
            k -> {
              int all = IntStream.range(0, 3).map(a -> found.confusion().count(k, a)).sum();
              return (double) found.confusion().count(k, k) / all;
            })
        .average()
        .orElseThrow();
  }

  @Test
  void drop_whereClassesAreEven_isOfAccuracy() {
    Splits data = splits(2, 2);
    QuantizationCandidates candidates = candidates(model(2, 1), data);
    double drop = candidates.drop(PLAIN);
    assertThat(drop)
        .isEqualTo(candidates.reference().accuracy() - candidates.best().best().found().accuracy());
  }

  @Test
  void suiting_whereTheRareClassIsOmitted_isAsOfTheWholeData() {
    Dataset whole = splits(3, every).train().data();
    Dataset lessons = OmittedClassesDataset.of(whole, List.of("rare"));
    Set<Integer> seen = new HashSet<>();
    for (long i = 0; i < lessons.size(); i++) {
      seen.add(lessons.label(i));
    }
    assertThat(seen).containsExactlyInAnyOrder(0, 2); // half each
    assertThat(Metric.suiting(lessons)).isEqualTo(Metric.BALANCED_ACCURACY);
    assertThat(Metric.suiting(whole)).isEqualTo(Metric.BALANCED_ACCURACY);
  }

  /**
   * Rounded to two bits, the first layer forgets the direction, and so who is ranked before whom,
   * unless one feature makes most of it; the last one forgets how rare the rare class is, which
   * costs loss alone.
   */
  @Test
  void bySensitivity_whereOneOfTwoClassesIsRare_goesByAveragePrecision() {
    int told = 0;
    for (int draw = 0; draw < 6; draw++) {
      Splits data = splits(2, every);
      QuantizationCandidates candidates = candidates(ofTwoLayers(), data);
      Evaluation first = alone(candidates, "last", data);
      Evaluation last = alone(candidates, "first", data);
      double ofFirst = first.more().get(Evaluation.AVERAGE_PRECISION);
      double ofLast = last.more().get(Evaluation.AVERAGE_PRECISION);
      assertThat(candidates.bySensitivity(Set.of()).get(0))
          .isEqualTo(ofFirst < ofLast ? "first" : "last");
      told += ofFirst < ofLast && first.loss() < last.loss() ? 1 : 0;
    }
    assertThat(told).as("where the loss says otherwise").isPositive();
  }

  private Graph ofTwoLayers() {
    float[] weights = new float[2 * FEATURES];
    for (int k = 0; k < FEATURES; k++) {
      weights[2 * k] = 0.2f * direction[k];
    }
    Graph linear = model(2, 0);
    return new Graph(
        "chain",
        linear.inputs(),
        linear.outputs(),
        List.of(
            new Node("first", "", "Gemm", List.of("x", "w", "b"), List.of("h"), Map.of()),
            new Node("last", "", "MatMul", List.of("h", "v"), List.of("y"), Map.of())),
        Map.of(
            "w", HostTensor.ofFloats(Shape.of(FEATURES, 2), weights),
            "b", HostTensor.ofFloats(Shape.of(2), 0, 1),
            "v", HostTensor.ofFloats(Shape.of(2, 2), 0, 40, 0, -18)),
        Map.of());
  }

  /** With one layer rounded and the other not. */
  private static Evaluation alone(QuantizationCandidates candidates, String kept, Splits data) {
    Graph rounded = candidates.integers(Observer.MSE, Set.of(), Set.of(kept));
    return Evaluation.of(rounded, data.validation(), 1);
  }
}
