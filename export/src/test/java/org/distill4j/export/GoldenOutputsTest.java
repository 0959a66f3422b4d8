package org.distill4j.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Dataset;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Preprocessing;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Examples of a data set in front of models from elsewhere, with other axes and types. */
class GoldenOutputsTest {
  private static final int CHANNELS = 3;
  private static final int ROWS = 4;
  private static final int COLUMNS = 5;
  private static final int PIXELS = CHANNELS * ROWS * COLUMNS;

  private final SplittableRandom random = new SplittableRandom(Seeds.of(41));
  private final float[] weights = new float[PIXELS]; // as the data have their pixels
  private final float[][] pixels = new float[7][PIXELS];

  private Dataset data() {
    for (int i = 0; i < PIXELS; i++) {
      weights[i] = (float) (2 * random.nextDouble() - 1);
      for (float[] example : pixels) {
        example[i] = random.nextInt(256);
      }
    }
    return new ArrayDataset(
        "drawn",
        Shape.of(CHANNELS, ROWS, COLUMNS),
        List.of("a", "b"),
        pixels,
        new int[pixels.length],
        Preprocessing.NONE);
  }

  /** The weighted sum of an image whose channels come first or last. */
  private Graph sum(DType type, boolean isLast) {
    Shape shape =
        isLast ? Shape.of(1, ROWS, COLUMNS, CHANNELS) : Shape.of(1, CHANNELS, ROWS, COLUMNS);
    float[] laid = new float[PIXELS];
    for (int c = 0; c < CHANNELS; c++) {
      for (int p = 0; p < ROWS * COLUMNS; p++) {
        laid[isLast ? p * CHANNELS + c : c * ROWS * COLUMNS + p] = weights[c * ROWS * COLUMNS + p];
      }
    }
    GraphBuilder g = new GraphBuilder("sum");
    String x = g.input("x", type, shape);
    String real = g.addNamed("real", "Cast", Map.of("to", Attribute.of(1)), x);
    String weighted =
        g.addNamed(
            "weighted",
            "Mul",
            Map.of(),
            real,
            g.initializer("w", HostTensor.ofFloats(shape, laid)));
    String axes = g.initializer("axes", HostTensor.ofLongs(Shape.of(3), 1, 2, 3));
    Map<String, Attribute> flat = Map.of("keepdims", Attribute.of(0));
    g.output(g.addNamed("y", "ReduceSum", flat, weighted, axes), DType.FLOAT32, Shape.of(1));
    return g.build();
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32, true", "INT32, true", "INT64, true", "INT32, false"})
  void of_modelOfOtherAxesOrTypes_asksItAboutTheSamePixels(DType type, boolean isLast) {
    Dataset data = data();
    GoldenOutputs golden = GoldenOutputs.of(sum(type, isLast), data, 5);
    assertThat(golden.answers()).hasSizeGreaterThanOrEqualTo(5); // probes behind them
    for (int i = 0; i < 5; i++) {
      assertThat(golden.asked().get(i).get("x").type()).isEqualTo(type);
      double sum = 0;
      for (int p = 0; p < PIXELS; p++) {
        sum += (double) weights[p] * pixels[i][p];
      }
      assertThat((double) golden.answers().get(i).get("y").toFloats()[0])
          .as("example %d", i)
          .isCloseTo(sum, within(0.01));
    }
  }

  @Test
  void of_modelOfOtherSize_namesBoth() {
    GraphBuilder g = new GraphBuilder("other");
    String x = g.input("x", DType.FLOAT32, Shape.of(1, 6, 5, CHANNELS));
    g.output(g.addNamed("y", "Relu", Map.of(), x), DType.FLOAT32, Shape.UNRANKED);
    Graph other = g.build();
    Dataset data = data();
    assertThatThrownBy(() -> GoldenOutputs.of(other, data, 2))
        .isInstanceOf(InputFault.class)
        .hasMessage("input 'x': [1, 6, 5, 3] does not take an example [3, 4, 5] of data 'drawn'");
  }
}
