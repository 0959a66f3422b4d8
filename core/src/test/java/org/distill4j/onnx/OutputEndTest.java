package org.distill4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** What stands at the end of classifiers, drawn; what is left must give the logits {@code -3x}. */
class OutputEndTest {
  private static final int ROWS = 4;
  private static final int CLASSES = 3;

  private final Map<String, HostTensor> constants = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private SplittableRandom random = new SplittableRandom(Seeds.of(15));
  private String last = "z";

  private static Value value(String name) {
    return new Value(name, DType.FLOAT32, Shape.of(List.of(Dim.of("batch"), Dim.of(CLASSES))));
  }

  private String constant(double number) {
    String name = "c" + constants.size();
    constants.put(name, HostTensor.ofFloats(Shape.SCALAR, new float[] {(float) number}));
    return name;
  }

  private void add(String op, Map<String, Attribute> attributes, String... more) {
    List<String> inputs = new ArrayList<>(List.of(last));
    inputs.addAll(List.of(more));
    last = "v" + nodes.size();
    nodes.add(new Node("n" + nodes.size(), "", op, inputs, List.of(last), attributes));
  }

  private void add(String op, String... more) {
    add(op, Map.of(), more);
  }

  private Graph graph() {
    nodes.add(0, new Node("net", "", "Mul", List.of("x", "slope"), List.of("z"), Map.of()));
    constants.put("slope", HostTensor.ofFloats(Shape.of(1, CLASSES), -3, -3, -3));
    Graph graph =
        new Graph("net", List.of(value("x")), List.of(value(last)), nodes, constants, Map.of());
    return OnnxReader.read(OnnxWriter.toBytes(graph), "drawn");
  }

  /** What may stand behind an activation, some of it. */
  private void addBehind(boolean scales) {
    for (int i = random.nextInt(4); i > 0; i--) {
      switch (random.nextInt(scales ? 7 : 4)) {
        case 0 -> add("Identity");
        case 1 -> add("Flatten");
        case 2 -> {
          add("Cast", Map.of("to", Attribute.of(11))); // float64
          add("Cast", Map.of("to", Attribute.of(1)));
        }
        case 3 -> {
          constants.put("shape", HostTensor.ofLongs(Shape.of(2), -1, CLASSES));
          add("Reshape", "shape");
        }
        case 4 -> add("Mul", constant(random.nextBoolean() ? 100 : 1 + random.nextInt(9)));
        case 5 -> add("Div", constant(0.01));
        default -> add("Clip", constant(1e-7), constant(1 - 1e-7));
      }
    }
  }

  private void assertGivesTheLogits(Graph cut) throws Exception {
    float[] x = new float[ROWS * CLASSES];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    HostTensor input = HostTensor.ofFloats(Shape.of(ROWS, CLASSES), x);
    float[] logits = Ort.run(OnnxWriter.toBytes(cut), Map.of("x", input)).get(0).toFloats();
    for (int i = 0; i < x.length; i++) {
      assertThat(logits[i]).isCloseTo(-3 * x[i], within(1e-6f * Math.max(1, Math.abs(3 * x[i]))));
    }
  }

  @RepeatedTest(12)
  void toLogits_anActivationWithWhatMovesAndScalesBehindIt_givesItsInput(RepetitionInfo nth)
      throws Exception {
    random = new SplittableRandom(Seeds.of(150 + nth.getCurrentRepetition()));
    List<String> activations = List.of("Softmax", "Sigmoid", "HardSigmoid");
    String op = activations.get(random.nextInt(3));
    add(op, op.equals("Softmax") ? Map.of("axis", Attribute.of(1)) : Map.of());
    addBehind(true);
    assertGivesTheLogits(CutSoftmax.toLogits(graph()));
  }

  @Test
  void toLogits_aHardSigmoidSpelledOut_givesItsInput() throws Exception {
    boolean isOfSix = random.nextBoolean();
    if (isOfSix) { // relu6(x + 3) / 6
      add("Add", constant(3));
      add("Clip", constant(0), constant(6));
      add("Div", constant(6));
    } else {
      add("Mul", constant(0.2));
      add("Add", constant(0.5));
      add("Clip", constant(0), constant(1));
    }
    addBehind(false);
    assertGivesTheLogits(CutSoftmax.toLogits(graph()));
  }

  /** A bias of one number stands before the slope as the sigmoid's own shift does behind it. */
  @RepeatedTest(4)
  void toLogits_aHardSigmoidOfABiasedNet_keepsTheBias(RepetitionInfo nth) throws Exception {
    random = new SplittableRandom(Seeds.of(160 + nth.getCurrentRepetition()));
    double bias = 0.5 + random.nextInt(3);
    add("Add", constant(bias));
    switch (nth.getCurrentRepetition()) {
      case 1 -> { // clip(0.2 z + 0.5)
        add("Mul", constant(0.2));
        add("Add", constant(0.5));
        add("Clip", constant(0), constant(1));
      }
      case 2 -> { // relu6(z + 3) / 6
        add("Add", constant(3));
        add("Clip", constant(0), constant(6));
        add("Div", constant(6));
      }
      case 3 -> { // clip((z + 3) / 6)
        add("Add", constant(3));
        add("Div", constant(6));
        add("Clip", constant(0), constant(1));
      }
      default -> add("HardSigmoid");
    }
    Graph cut = CutSoftmax.toLogits(graph());
    float[] zeros = new float[CLASSES];
    HostTensor input = HostTensor.ofFloats(Shape.of(1, CLASSES), zeros);
    float[] logits = Ort.run(OnnxWriter.toBytes(cut), Map.of("x", input)).get(0).toFloats();
    for (float logit : logits) {
      assertThat(logit).isCloseTo((float) bias, within(1e-6f));
    }
  }

  /** There a 0 is no even chance: what is bounded is no logit. */
  @Test
  void toLogits_aBoundedLineThatIsNotHalfwayAtZero_isTheSameGraph() {
    List<Runnable> ends =
        List.of(
            () -> {
              add("Add", constant(0.2)); // a bias
              add("Clip", constant(0), constant(1));
            },
            () -> add("HardSigmoid", Map.of("beta", Attribute.of(0.3f))));
    ends.get(random.nextInt(ends.size())).run();
    Graph graph = graph();
    assertThat(CutSoftmax.toLogits(graph)).isSameAs(graph);
  }

  @Test
  void toLogits_scaledLogarithms_areLogitsAlready() {
    add("LogSoftmax", Map.of("axis", Attribute.of(1)));
    add("Mul", constant(0.5));
    Graph graph = graph();
    assertThat(CutSoftmax.toLogits(graph)).isSameAs(graph);
  }

  @Test
  void toLogits_whatIsNoActivation_isTheSameGraph() {
    List<Runnable> ends =
        List.of(
            () -> add("Relu"),
            () -> add("Tanh"),
            () -> add("Mul", constant(-1)),
            () -> add("Clip", constant(0), constant(6)), // relu6 of logits is no probability
            () -> add("Clip", constant(-1), constant(1)));
    ends.get(random.nextInt(ends.size())).run();
    Graph graph = graph();
    assertThat(CutSoftmax.toLogits(graph)).isSameAs(graph);
  }
}
