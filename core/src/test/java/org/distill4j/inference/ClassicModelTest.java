package org.distill4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Linear classifiers of ai.onnx.ml as scikit-learn's converter writes them, with drawn weights,
 * labels and outputs, against their formula.
 */
class ClassicModelTest {
  private static final int ROWS = 6;

  @TempDir Path folder;

  private final Random random = new Random(Seeds.of(4));
  private final int classes = 3 + random.nextInt(3);
  private final int width = 2 + random.nextInt(4);
  private final float[] weights = drawn(classes * width); // [classes, width]
  private final float[] biases = drawn(classes);
  private final float[] x = drawn(ROWS * width);
  private final List<String> labels = labels();
  private final ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8);

  private float[] drawn(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private List<String> labels() {
    List<String> names =
        new ArrayList<>(IntStream.range(0, classes).mapToObj(c -> "k" + c).toList());
    Collections.shuffle(names, random);
    return names;
  }

  private static AttributeProto.Builder attribute(String name, AttributeProto.AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }

  private static AttributeProto floats(String name, float[] values) {
    AttributeProto.Builder builder = attribute(name, AttributeProto.AttributeType.FLOATS);
    for (float value : values) {
      builder.addFloats(value);
    }
    return builder.build();
  }

  private static AttributeProto texts(String name, List<String> values) {
    AttributeProto.Builder builder = attribute(name, AttributeProto.AttributeType.STRINGS);
    values.forEach(v -> builder.addStrings(ByteString.copyFromUtf8(v)));
    return builder.build();
  }

  private static ValueInfoProto tensor(String name, int type, long... sizes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : sizes) {
      TensorShapeProto.Dimension.Builder dim = shape.addDimBuilder();
      if (size > 0) {
        dim.setDimValue(size);
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
        .build();
  }

  private static NodeProto.Builder node(String op, String from, String... to) {
    return NodeProto.newBuilder()
        .setDomain("ai.onnx.ml")
        .setName(op)
        .setOpType(op)
        .addInput(from)
        .addAllOutput(List.of(to));
  }

  private GraphProto.Builder classifier(int inputType, String transform) {
    model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(1));
    model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(22));
    GraphProto.Builder graph = model.getGraphBuilder().setName("linear");
    graph.addInput(tensor("X", inputType, 0, width));
    graph.addNode(
        node("LinearClassifier", "X", "label", "scores")
            .addAttribute(floats("coefficients", weights))
            .addAttribute(floats("intercepts", biases))
            .addAttribute(texts("classlabels_strings", labels))
            .addAttribute(
                attribute("post_transform", AttributeProto.AttributeType.STRING)
                    .setS(ByteString.copyFromUtf8(transform))));
    return graph;
  }

  private Graph read() throws IOException {
    Path file = folder.resolve("linear.onnx");
    Files.write(file, model.build().toByteArray());
    FileRuntime runtime = FileRuntime.of(file).orElseThrow();
    Path kept = folder.resolve("kept.onnx"); // as a run keeps it
    OnnxWriter.write(runtime.read(file, Optional.empty()), kept);
    return OnnxReader.read(kept);
  }

  /** What the classifier's logits are, a row each. */
  private double logit(int row, int c) {
    double sum = biases[c];
    for (int k = 0; k < width; k++) {
      sum += (double) weights[c * width + k] * x[row * width + k];
    }
    return sum;
  }

  private float[] answers(Graph graph) {
    try (Predictor predictor = Runtimes.of(graph).openForBatches(graph, 2)) {
      HostTensor fed = HostTensor.ofFloats(Shape.of(ROWS, width), x);
      return predictor
          .run(Map.of(graph.onlyInput().name(), fed))
          .get(graph.onlyOutput().name())
          .toFloats();
    }
  }

  private void assertAnswers(Graph graph) {
    float[] answers = answers(graph);
    for (int row = 0; row < ROWS; row++) {
      int at = row * classes;
      for (int c = 1; c < classes; c++) {
        double expected = logit(row, c) - logit(row, 0); // logits, up to a constant
        assertThat((double) answers[at + c] - answers[at]).isCloseTo(expected, within(1e-3));
      }
    }
  }

  @Test
  void read_probabilitiesBesideLabels_areTheirLogarithmsUnderTheLabels() throws IOException {
    classifier(TensorProto.DataType.FLOAT_VALUE, "SOFTMAX")
        .addOutput(tensor("label", TensorProto.DataType.STRING_VALUE, 0))
        .addOutput(tensor("scores", TensorProto.DataType.FLOAT_VALUE, 0, classes));
    Graph graph = read();
    assertThat(Metadata.classes(graph)).hasValue(labels);
    assertAnswers(graph);
  }

  @Test
  void read_dictionariesOfAZipMap_areTheNumbersInThem() throws IOException {
    TypeProto.Map map =
        TypeProto.Map.newBuilder()
            .setKeyType(TensorProto.DataType.STRING_VALUE)
            .setValueType(tensor("", TensorProto.DataType.FLOAT_VALUE).getType())
            .build();
    classifier(TensorProto.DataType.FLOAT_VALUE, "SOFTMAX")
        .addNode(
            node("ZipMap", "scores", "maps").addAttribute(texts("classlabels_strings", labels)))
        .addOutput(tensor("label", TensorProto.DataType.STRING_VALUE, 0))
        .addOutput(
            ValueInfoProto.newBuilder()
                .setName("maps")
                .setType(
                    TypeProto.newBuilder()
                        .setSequenceType(
                            TypeProto.Sequence.newBuilder()
                                .setElemType(TypeProto.newBuilder().setMapType(map)))));
    Graph graph = read();
    assertThat(Metadata.classes(graph)).hasValue(labels);
    assertAnswers(graph);
  }

  @Test
  void read_scoresOfDoubles_areLogitsAsTheyAre() throws IOException {
    classifier(TensorProto.DataType.DOUBLE_VALUE, "NONE")
        .addOutput(tensor("scores", TensorProto.DataType.FLOAT_VALUE, 0, classes));
    Graph graph = read();
    assertThat(ForeignModel.of(graph).orElseThrow().logarithm()).isFalse();
    assertAnswers(graph);
  }

  /**
   * One support vector of each class; x takes one's side where their weighted kernels' sum does.
   */
  private NodeProto.Builder supportVectors(int of) {
    float[] pairs = drawn(of * (of - 1) / 2);
    return node("SVMClassifier", "X", "label", "scores")
        .addAttribute(floats("support_vectors", drawn(of * width)))
        .addAttribute(floats("coefficients", drawn((of - 1) * of)))
        .addAttribute(floats("rho", pairs))
        .addAttribute(floats("kernel_params", new float[] {0.5f, 0, 3}))
        .addAttribute(
            attribute("kernel_type", AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8("LINEAR")))
        .addAttribute(
            attribute("post_transform", AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8("NONE")))
        .addAttribute(
            attribute("vectors_per_class", AttributeProto.AttributeType.INTS)
                .addAllInts(Collections.nCopies(of, 1L)))
        .addAttribute(texts("classlabels_strings", labels.subList(0, of)));
  }

  private void supportVectorClassifier(int of) {
    classifier(TensorProto.DataType.FLOAT_VALUE, "NONE")
        .clearNode()
        .addNode(supportVectors(of))
        .addOutput(tensor("label", TensorProto.DataType.STRING_VALUE, 0))
        .addOutput(tensor("scores", TensorProto.DataType.FLOAT_VALUE, 0, of));
  }

  @Test
  void read_supportVectorsOfTwoClasses_scoreHigherWhatTheyMean() throws Exception {
    supportVectorClassifier(2);
    float[] answers = answers(read());
    try (OrtSession session =
            OrtEnvironment.getEnvironment().createSession(model.build().toByteArray());
        OnnxTensor rows =
            OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), FloatBuffer.wrap(x), new long[] {ROWS, width});
        OrtSession.Result result = session.run(Map.of("X", rows))) {
      String[] meant = (String[]) result.get("label").orElseThrow().getValue();
      for (int row = 0; row < ROWS; row++) {
        int best = answers[2 * row] > answers[2 * row + 1] ? 0 : 1;
        assertThat(labels.get(best)).isEqualTo(meant[row]);
      }
    }
  }

  @Test
  void read_supportVectorsOfPairsOfManyClasses_areRefusedWithTheWayOut() {
    supportVectorClassifier(3);
    assertThatThrownBy(this::read)
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("gives a score for each pair of its 3 classes")
        .hasMessageEndingWith("probability=True or decision_function_shape='ovr'");
  }

  @Test
  void read_labelsAlone_isRefusedWithTheWayOut() {
    classifier(TensorProto.DataType.FLOAT_VALUE, "SOFTMAX")
        .addOutput(tensor("label", TensorProto.DataType.STRING_VALUE, 0));
    assertThatThrownBy(this::read)
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("outputs: [label] (expected: one with a number for each class)")
        .hasMessageEndingWith("export it from one array of numbers, with its probabilities");
  }

  @Test
  void read_oneInputAColumn_isRefusedWithTheirTypesAndTheWayOut() {
    GraphProto.Builder graph = classifier(TensorProto.DataType.FLOAT_VALUE, "NONE");
    graph.addInput(tensor("job", TensorProto.DataType.STRING_VALUE, 0, 1));
    graph.addOutput(tensor("scores", TensorProto.DataType.FLOAT_VALUE, 0, classes));
    assertThatThrownBy(this::read)
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("linear.onnx inputs: [X FLOAT [")
        .hasMessageContaining("job STRING [")
        .hasMessageContaining("behind its ColumnTransformer");
  }
}
