package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Value;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be compressed is refused in one line, and nothing is left behind. */
class CompressFaultTest {
  private static final Shape DIGIT = Shape.of(1, 8, 8);

  @TempDir Path folder;

  private static Graph net(Shape image, int classes) {
    return new Mlp(List.of(8), 0).build(image, classes, 1);
  }

  private void assertRefused(Graph model, String fault, String... options) {
    Path file = folder.resolve("model.onnx");
    OnnxWriter.write(model, file);
    Path out = folder.resolve("out");
    List<String> words = new ArrayList<>(List.of("compress", file.toString(), "--data", "digits"));
    words.addAll(List.of("--out", out.toString()));
    words.addAll(List.of(options));
    Spoken told = Spoken.of(words.toArray(String[]::new));
    assertThat(told.exitCode()).as(told.err()).isEqualTo(2);
    assertThat(told.err().lines().reduce((a, b) -> b).orElse("")).contains(fault);
    assertThat(out).doesNotExist();
  }

  private static Graph broken(float with) {
    Graph graph = net(DIGIT, 10);
    HostTensor weights = graph.initializers().get("logits.weight");
    float[] values = weights.toFloats();
    values[7] = with;
    return graph.withInitializers(
        Map.of("logits.weight", HostTensor.ofFloats(weights.shape(), values)));
  }

  @Test
  void compress_weightsThatAreNotFinite_areNamed() {
    assertRefused(broken(Float.NaN), "Gemm 'logits', 'logits.weight': NaN among its numbers");
    assertRefused(
        broken(Float.NEGATIVE_INFINITY),
        "Gemm 'logits', 'logits.weight': -Infinity among its numbers (expected: finite ones)",
        "--form",
        "dynamic");
  }

  @Test
  void compress_aModelOfTwoOutputs_isRefused() {
    Graph graph = net(DIGIT, 10);
    String hidden =
        graph.nodes().stream()
            .filter(n -> n.op().equals("Relu"))
            .findFirst()
            .orElseThrow()
            .output();
    List<Value> outputs = new ArrayList<>(graph.outputs());
    outputs.add(new Value(hidden, DType.FLOAT32, Shape.of(List.of(Dim.of("batch"), Dim.of(8)))));
    assertRefused(
        new Graph(
            graph.name(),
            graph.inputs(),
            outputs,
            graph.nodes(),
            graph.initializers(),
            graph.metadata()),
        "outputs: [logits, " + hidden + "] (expected: exactly one); keep one in its exporter");
  }

  @Test
  void compress_aModelForOtherData_isRefused() {
    assertRefused(
        net(Shape.of(1, 28, 28), 10),
        "model input 'input': [batch, 1, 28, 28] does not take an example [1, 8, 8] of data");
    assertRefused(net(DIGIT, 3), "3");
  }

  @Test
  void compress_aModelWithoutLayers_isRefused() {
    GraphBuilder g = new GraphBuilder("bare");
    Shape image = Shape.of(List.of(Dim.of("n"), Dim.of(1), Dim.of(8), Dim.of(8)));
    String x = g.input("x", DType.FLOAT32, image);
    g.output(g.add("Relu", Map.of(), x), DType.FLOAT32, image);
    assertRefused(
        g.build(),
        "no layer is left for integers (expected: a Conv, Gemm or MatMul with constant weights)");
  }

  @Test
  void compress_limitsOutOfBounds_areRefused() {
    for (String[] option :
        Arrays.asList(
            new String[] {"--max-drop", "-0.1", "max-drop: -0.1 (expected: 0 to 1)"},
            new String[] {"--samples", "1", "samples: 1 (expected: >= 2)"},
            new String[] {"--budget", "-5m", "budget: PT-5M (expected: longer than nothing)"})) {
      assertRefused(net(DIGIT, 10), option[2], option[0], option[1]);
    }
  }
}
