package org.distill4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Windows with gaps whose padding the standard decides. */
class ExplicitPadsTest {
  @TempDir private Path folder;

  private Graph read(String auto, int gap, int stride, int size, boolean open) {
    GraphBuilder g = new GraphBuilder("gaps");
    Dim rows = open ? Dim.of("rows") : Dim.of(size);
    String x = g.input("x", DType.FLOAT32, Shape.of(java.util.List.of(Dim.of(1), Dim.of(1), rows)));
    String w = g.initializer("w", HostTensor.ofFloats(Shape.of(1, 1, 3), 1, 10, 100));
    Map<String, Attribute> settings =
        Map.of(
            "auto_pad", Attribute.of(auto),
            "dilations", Attribute.ofInts(gap),
            "strides", Attribute.ofInts(stride));
    g.output(g.addNamed("y", "Conv", settings, x, w), DType.FLOAT32, Shape.UNRANKED);
    Path file = folder.resolve("model.onnx");
    OnnxWriter.write(g.build(), file);
    return OnnxReader.read(file);
  }

  /** {@code ceil(size / stride)} windows; of an odd padding the odd one behind, or in front. */
  @ParameterizedTest
  @CsvSource({
    "SAME_UPPER, 2, 1, 9",
    "SAME_LOWER, 2, 1, 9",
    "SAME_UPPER, 3, 2, 8",
    "SAME_LOWER, 3, 2, 8",
    "SAME_UPPER, 2, 2, 7",
    "SAME_LOWER, 2, 3, 10",
    "SAME_UPPER, 4, 3, 11"
  })
  void read_samePaddingWithGaps_saysItsPadsAndRuns(String auto, int gap, int stride, int size) {
    Graph graph = read(auto, gap, stride, size, false);
    SplittableRandom random = new SplittableRandom(Seeds.of(size));
    float[] x = new float[size];
    for (int i = 0; i < size; i++) {
      x[i] = random.nextInt(5);
    }
    int out = (size + stride - 1) / stride;
    int total = Math.max(0, (out - 1) * stride + 2 * gap + 1 - size);
    int before = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
    float[] wanted = new float[out];
    for (int o = 0; o < out; o++) {
      for (int k = 0; k < 3; k++) {
        int at = o * stride + k * gap - before;
        wanted[o] += at >= 0 && at < size ? (float) Math.pow(10, k) * x[at] : 0;
      }
    }
    assertThat(graph.nodes().get(0).attributes()).doesNotContainKey("auto_pad");
    assertThat(graph.nodes().get(0).intsAttribute("pads")).containsExactly(before, total - before);
    try (Predictor p = new OnnxRuntime().open(graph, 1)) {
      HostTensor in = HostTensor.ofFloats(Shape.of(1, 1, size), x);
      assertThat(p.run(Map.of("x", in)).get("y").toFloats()).containsExactly(wanted);
    }
  }

  @Test
  void read_openExtent_isPaddedWhereTheStrideIsOne() {
    assertThat(read("SAME_UPPER", 3, 1, 0, true).nodes().get(0).intsAttribute("pads"))
        .containsExactly(3, 3);
    assertThat(read("SAME_UPPER", 3, 2, 0, true).nodes().get(0).attributes())
        .containsKey("auto_pad");
  }
}
