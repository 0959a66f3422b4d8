package org.distill4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that were exported in training mode, against the operators' formulas in use. */
class InferenceModeTest {
  private static final int ROWS = 5;

  @TempDir Path folder;

  private final SplittableRandom random = new SplittableRandom(Seeds.of(17));
  private final int width = 2 + random.nextInt(7);
  private final Map<String, HostTensor> constants = new LinkedHashMap<>();
  private final List<Value> inputs = new ArrayList<>(List.of(value("x")));

  private Value value(String name) {
    return new Value(name, DType.FLOAT32, Shape.of(List.of(Dim.of("batch"), Dim.of(width))));
  }

  private float[] drawn(int n, double least) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (least + 3 * random.nextDouble());
    }
    return values;
  }

  private OnnxFile read(Node... nodes) {
    Path file = folder.resolve("model.onnx");
    Graph graph =
        new Graph("net", inputs, List.of(value("y")), List.of(nodes), constants, Map.of());
    OnnxWriter.write(graph, file);
    return OnnxReader.open(file);
  }

  private static float[] answer(Graph graph, float[] x) {
    try (Predictor predictor = new OnnxRuntime().open(graph, 1)) {
      HostTensor fed = HostTensor.ofFloats(Shape.of(ROWS, x.length / ROWS), x);
      return predictor.run(Map.of("x", fed)).get("y").toFloats();
    }
  }

  private Node dropout(String name, String from, String to, boolean isMaskGiven) {
    float ratio = (float) (0.1 + 0.8 * random.nextDouble());
    constants.put(name + "-ratio", HostTensor.ofFloats(Shape.SCALAR, new float[] {ratio}));
    List<String> outputs = isMaskGiven ? List.of(to, name + "-mask") : List.of(to);
    return new Node(
        name, "", "Dropout", List.of(from, name + "-ratio", "training"), outputs, Map.of());
  }

  private void training(int flag) {
    constants.put(
        "training",
        HostTensor.of(DType.BOOL, Shape.SCALAR, ByteBuffer.wrap(new byte[] {(byte) flag})));
  }

  @Test
  void open_dropoutInTrainingMode_passesEverythingOnAndSaysSo() {
    training(1);
    OnnxFile file =
        read(
            dropout("first", "x", "h", random.nextBoolean()),
            dropout("second", "h", "y", random.nextBoolean()));
    assertThat(file.notes())
        .containsExactly(
            "Dropout 'first', 'second': in training mode in the file, taken in inference mode");
    assertThat(file.graph().initializers().keySet())
        .containsExactly("first-ratio", "second-ratio"); // a trainer drops at these
    float[] x = drawn(ROWS * width, -1);
    assertThat(answer(file.graph(), x)).containsExactly(x);
  }

  @Test
  void open_dropoutWhoseModeIsAnInput_takesNoSuchInput() {
    inputs.add(new Value("training", DType.BOOL, Shape.SCALAR));
    OnnxFile file = read(dropout("drop", "x", "y", false));
    assertThat(file.graph().inputs()).extracting(Value::name).containsExactly("x");
    float[] x = drawn(ROWS * width, -1);
    assertThat(answer(file.graph(), x)).containsExactly(x);
  }

  @Test
  void open_dropoutInInferenceMode_isLeftAsItIs() {
    training(0);
    OnnxFile file = read(dropout("drop", "x", "y", false));
    assertThat(file.notes()).isEmpty();
    assertThat(file.graph().nodes().get(0).inputs()).hasSize(3);
  }

  @Test
  void open_batchNormalizationInTrainingMode_takesItsStoredStatistics() {
    float epsilon = 1e-3f;
    float[] scale = drawn(width, 0.5);
    float[] bias = drawn(width, -1);
    float[] mean = drawn(width, -1);
    float[] variance = drawn(width, 0.1);
    constants.put("scale", HostTensor.ofFloats(Shape.of(width), scale));
    constants.put("bias", HostTensor.ofFloats(Shape.of(width), bias));
    constants.put("mean", HostTensor.ofFloats(Shape.of(width), mean));
    constants.put("variance", HostTensor.ofFloats(Shape.of(width), variance));
    boolean isMeanUsed = random.nextBoolean();
    List<Node> nodes = new ArrayList<>();
    nodes.add(
        new Node(
            "norm",
            "",
            "BatchNormalization",
            List.of("x", "scale", "bias", "mean", "variance"),
            List.of(isMeanUsed ? "n" : "y", "mean-out", "variance-out"),
            Map.of("training_mode", Attribute.of(1), "epsilon", Attribute.of(epsilon))));
    if (isMeanUsed) {
      nodes.add(Node.of("Add", List.of("n", "mean-out"), List.of("y"), Map.of()));
    }
    OnnxFile file = read(nodes.toArray(Node[]::new));
    assertThat(file.notes()).singleElement().asString().startsWith("BatchNormalization 'norm': ");
    float[] x = drawn(ROWS * width, -1);
    float[] y = answer(file.graph(), x);
    for (int i = 0; i < x.length; i++) {
      int c = i % width;
      double normal = (x[i] - mean[c]) / Math.sqrt(variance[c] + (double) epsilon);
      double expected = normal * scale[c] + bias[c] + (isMeanUsed ? mean[c] : 0);
      assertThat((double) y[i]).isCloseTo(expected, within(1e-4)); // of numbers up to 40
    }
  }

  @Test
  void requireFixed_aModelThatDraws_isRefusedByNodeAndOperator() {
    String op =
        List.of("RandomNormalLike", "RandomUniformLike", "Bernoulli").get(random.nextInt(3));
    OnnxFile file =
        read(
            new Node("noise", "", op, List.of("x"), List.of("n"), Map.of()),
            Node.of("Add", List.of("x", "n"), List.of("y"), Map.of()));
    assertThatThrownBy(() -> InferenceMode.requireFixed(file.graph()))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining(op + " 'noise' draws other numbers at each call");
    InferenceMode.requireFixed(
        new Graph("plain", inputs, List.of(value("x")), List.of(), Map.of(), Map.of()));
  }
}
