package org.distill4j.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Splits;
import org.distill4j.data.TestSet;
import org.distill4j.data.TrainSet;
import org.distill4j.data.ValidationSet;
import org.distill4j.engine.Optimizer;
import org.distill4j.engine.Rate;
import org.distill4j.engine.TrainSettings;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Preprocessing;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

/** Statistics and gradients by hand, of eight examples in two batches that see each once. */
class GradientProbeTest {
  private static final float[][] EXAMPLES = {
    {1, 0}, {2, 5}, {-1, 1}, {0, 4}, {3, -2}, {7, 0}, {-4, 3}, {0, 1}
  };
  private static final int[] LABELS = {0, 1, 1, 0, 1, 0, 1, 0};
  private static final float[] MATRIX = {0.5f, -1, 0.25f, 2};

  private static Trainer trainer() {
    ArrayDataset data =
        new ArrayDataset(
            "pairs",
            Shape.of(2),
            List.of("a", "b"),
            EXAMPLES,
            LABELS,
            new Preprocessing(1, List.of(0.0), List.of(1.0)));
    Splits splits = new Splits(new TrainSet(data), new ValidationSet(data), new TestSet(data));
    return Trainer.of(net(), splits)
        .settings(new TrainSettings(1, 4, Optimizer.adam(), new Rate.Constant(0.001, 0), 0, 0, 0))
        .threads(1);
  }

  private static Graph net() {
    GraphBuilder g = new GraphBuilder("norm");
    g.input("x", DType.FLOAT32, Shape.of(2).prepend(Dim.of("batch")));
    g.initializer("w", HostTensor.ofFloats(Shape.of(2, 2), MATRIX));
    for (String name : List.of("scale", "bias", "mean", "var")) {
      float start = name.equals("scale") || name.equals("var") ? 1 : 0;
      g.initializer(name, HostTensor.ofFloats(Shape.of(2), start, start));
    }
    g.addNamed(
        "norm",
        "BatchNormalization",
        Map.of("epsilon", Attribute.of(1e-5f)),
        "x",
        "scale",
        "bias",
        "mean",
        "var");
    g.addNamed("y", "MatMul", Map.of(), "norm", "w");
    g.output("y", DType.FLOAT32, Shape.of(List.of(Dim.of("batch"), Dim.of(2))));
    return g.build();
  }

  @Test
  void renormalized_overOnePass_hasTheMeanAndVarianceOfAllExamplesAndTheSameWeights() {
    Graph found = trainer().renormalized(2);
    for (int c = 0; c < 2; c++) {
      double mean = 0;
      double squares = 0;
      for (float[] example : EXAMPLES) {
        mean += example[c] / 8;
        squares += example[c] * example[c] / 8;
      }
      double variance = squares - mean * mean;
      assertThat(found.initializers().get("mean").toDoubles()[c]).isCloseTo(mean, within(1e-5));
      assertThat(found.initializers().get("var").toDoubles()[c]).isCloseTo(variance, within(1e-4));
    }
    assertThat(found.initializers().get("w")).isEqualTo(net().initializers().get("w"));
    assertThatThrownBy(() -> trainer().renormalized(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("batches: 0 (expected: >= 1)");
  }

  @Test
  void gradients_ofEachBatch_areThoseOfTheLossAndLeaveTheNetAlone() {
    List<Map<String, HostTensor>> seen = new ArrayList<>();
    trainer().gradients(2, seen::add);
    assertThat(seen).hasSize(2);
    assertThat(seen.get(0)).containsOnlyKeys("scale", "bias", "w");
    for (Map<String, HostTensor> batch : seen) {
      float[] w = batch.get("w").toFloats();
      // softmax minus truth sums to 0 over the classes, and so do a row's gradients
      assertThat(w[0] + w[1]).isCloseTo(0f, within(1e-5f));
      assertThat(w[2] + w[3]).isCloseTo(0f, within(1e-5f));
      assertThat(Math.abs(w[0]) + Math.abs(w[2])).isGreaterThan(1e-3f);
      // d loss / d scale = sum over k of w d loss / d w, as the normalized value is scaled first
      float[] scale = batch.get("scale").toFloats();
      assertThat(scale[0]).isCloseTo(w[0] * MATRIX[0] + w[1] * MATRIX[1], within(1e-4f));
      assertThat(scale[1]).isCloseTo(w[2] * MATRIX[2] + w[3] * MATRIX[3], within(1e-4f));
    }
  }
}
