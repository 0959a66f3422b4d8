package org.distill4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.graph.Value;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.Runtimes;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class ScoreKindTest {

  /** A chain of one-input nodes. */
  private static Graph chain(String... ops) {
    Shape shape = Shape.of(List.of(Dim.of("batch"), Dim.of(3)));
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < ops.length; i++) {
      nodes.add(new Node("n" + i, "", ops[i], List.of("v" + i), List.of("v" + (i + 1)), Map.of()));
    }
    return new Graph(
        "chain",
        List.of(new Value("v0", DType.FLOAT32, shape)),
        List.of(new Value("v" + ops.length, DType.FLOAT32, shape)),
        nodes,
        Map.of(),
        Map.of());
  }

  @Test
  void of_softmaxAtTheEnd_isProbabilities() {
    assertThat(ScoreKind.of(chain("Relu", "Softmax"))).isEqualTo(ScoreKind.PROBABILITIES);
    assertThat(ScoreKind.of(chain("Softmax", "Identity"))).isEqualTo(ScoreKind.PROBABILITIES);
  }

  @Test
  void of_anythingElseAtTheEnd_isLogits() {
    assertThat(ScoreKind.of(chain("Softmax", "Relu"))).isEqualTo(ScoreKind.LOGITS);
    assertThat(ScoreKind.of(chain("LogSoftmax"))).isEqualTo(ScoreKind.LOGITS);
    assertThat(ScoreKind.of(chain())).isEqualTo(ScoreKind.LOGITS);
  }

  /** Whose last node is given; its inputs are halves of the model's, or a weight. */
  private static Graph endingIn(String op, String... inputs) {
    Shape shape = Shape.of(List.of(Dim.of("batch"), Dim.of(2)));
    return new Graph(
        "end",
        List.of(new Value("x", DType.FLOAT32, shape)),
        List.of(new Value("y", DType.FLOAT32, shape)),
        List.of(
            Node.of("Relu", List.of("x"), List.of("a"), Map.of()),
            Node.of("Relu", List.of("x"), List.of("b"), Map.of()),
            Node.of(op, List.of(inputs), List.of("y"), Map.of())),
        Map.of(
            "weight", HostTensor.ofFloats(Shape.of(2), 0, 0),
            "tiny", HostTensor.ofFloats(Shape.of(2), 1e-7f, 1e-7f)),
        Map.of());
  }

  @Test
  void of_whatIsPutTogetherOrAddedUp_isTakenByItsNumbers() {
    SplittableRandom random = new SplittableRandom(Seeds.of(17));
    float[][] values = new float[40][2];
    for (float[] row : values) {
      row[1] = (float) random.nextDouble();
      row[0] = 1 - row[1];
    }
    Preprocessed examples =
        new Preprocessed(
            new ArrayDataset(
                "p",
                Shape.of(2),
                List.of("no", "yes"),
                values,
                new int[values.length],
                Preprocessing.NONE),
            Preprocessing.NONE);
    Predictor model = new Toy.Scaling(1, 2); // gives what it takes
    assertThat(ScoreKind.of(endingIn("Concat", "a", "b"), model, examples))
        .isEqualTo(ScoreKind.PROBABILITIES);
    assertThat(ScoreKind.of(endingIn("Add", "a", "b"), model, examples))
        .isEqualTo(ScoreKind.PROBABILITIES);
    assertThat(ScoreKind.of(endingIn("Add", "a", "tiny"), model, examples))
        .isEqualTo(ScoreKind.PROBABILITIES);
    assertThat(ScoreKind.of(endingIn("Add", "a", "weight"), model, examples))
        .isEqualTo(ScoreKind.LOGITS);
    assertThat(ScoreKind.of(endingIn("Gemm", "a", "weight"), model, examples))
        .isEqualTo(ScoreKind.LOGITS);
  }

  private static Graph ofFour(Map<String, HostTensor> constants, Node... nodes) {
    Shape shape = Shape.of(List.of(Dim.of("batch"), Dim.of(4)));
    return new Graph(
        "net",
        List.of(new Value("x", DType.FLOAT32, shape)),
        List.of(new Value("y", DType.FLOAT32, shape)),
        List.of(nodes),
        constants,
        Map.of());
  }

  private static void requireSame(Graph model) {
    SplittableRandom random = new SplittableRandom(Seeds.of(18));
    float[][] rows = new float[100][4];
    for (float[] row : rows) {
      for (int k = 0; k < 4; k++) {
        row[k] = (float) random.nextDouble(-3, 3);
      }
    }
    List<String> classes = List.of("a", "b", "c", "d");
    Preprocessed examples =
        new Preprocessed(
            new ArrayDataset(
                "rows", Shape.of(4), classes, rows, new int[rows.length], Preprocessing.NONE),
            Preprocessing.NONE);
    try (Predictor predictor = Runtimes.of(model).openForBatches(model, 1)) {
      ScoreKind.requireSame("net", predictor, examples);
    }
  }

  @Test
  void requireSame_answersThatGoByTheBatch_areRefused() {
    Graph centred =
        ofFour(
            Map.of("axes", HostTensor.ofLongs(Shape.of(1), 0)),
            Node.of("ReduceMean", List.of("x", "axes"), List.of("mean"), Map.of()),
            Node.of("Sub", List.of("x", "mean"), List.of("y"), Map.of()));
    Graph shares =
        ofFour(
            Map.of(),
            Node.of("Softmax", List.of("x"), List.of("y"), Map.of("axis", Attribute.of(0))));
    for (Graph model : List.of(centred, shares)) {
      assertThatThrownBy(() -> requireSame(model))
          .isInstanceOf(InputFault.class)
          .hasMessageStartingWith(
              "net: other answers to examples of data 'rows' alone than in a batch");
    }
  }

  /** The scale of dynamic quantization goes by the whole batch, and moves answers a little. */
  @Test
  void requireSame_answersThatRoundingMoves_areTaken() {
    ByteBuffer weights = ByteBuffer.allocate(16);
    new Random(Seeds.of(19)).nextBytes(weights.array());
    Graph integers =
        ofFour(
            Map.of(
                "w", HostTensor.of(DType.INT8, Shape.of(4, 4), weights),
                "factor", HostTensor.ofFloats(Shape.of(1), 0.01f)),
            Node.of("DynamicQuantizeLinear", List.of("x"), List.of("q", "scale", "zero"), Map.of()),
            Node.of("MatMulInteger", List.of("q", "w", "zero"), List.of("sum"), Map.of()),
            Node.of("Cast", List.of("sum"), List.of("real"), Map.of("to", Attribute.of(1))),
            Node.of("Mul", List.of("real", "scale"), List.of("scaled"), Map.of()),
            Node.of("Mul", List.of("scaled", "factor"), List.of("y"), Map.of()));
    Graph constant =
        ofFour(
            Map.of("none", HostTensor.ofFloats(Shape.of(1), 0)),
            Node.of("Mul", List.of("x", "none"), List.of("y"), Map.of()));
    Graph plain = ofFour(Map.of(), Node.of("Softmax", List.of("x"), List.of("y"), Map.of()));
    for (Graph model : List.of(integers, constant, plain)) {
      assertThatCode(() -> requireSame(model)).doesNotThrowAnyException();
    }
  }

  @Test
  void kind_ofProbabilitiesAmongRowsThatAreNoNumbers_isProbabilities() {
    SplittableRandom random = new SplittableRandom(Seeds.of(41));
    for (int classes : List.of(2, 3, 10)) {
      ScoreRange range = new ScoreRange(TaskType.SINGLE_LABEL, classes);
      for (int i = 0; i < 40; i++) {
        double[] row = random.doubles(classes).toArray();
        double sum = Arrays.stream(row).sum();
        Arrays.setAll(row, k -> row[k] / sum);
        if (i % 7 == 0) {
          row[random.nextInt(classes)] = i == 0 ? Double.NaN : Double.POSITIVE_INFINITY;
        }
        range.mark(row);
      }
      assertThat(range.kind()).hasValue(ScoreKind.PROBABILITIES);
    }
  }

  @Test
  void of_whatIsTold_isTaken() {
    for (ScoreKind kind : ScoreKind.values()) {
      Graph told = Metadata.withScores(chain("Softmax"), Optional.of(kind.spelling()));
      assertThat(ScoreKind.of(told)).isEqualTo(kind);
      assertThat(Evaluation.asked(told, TaskType.SINGLE_LABEL)).isSameAs(told);
    }
  }

  /** Per cents of classes that are probable each by itself would all count as certain. */
  @Test
  void required_perCentsToldAsSigmoids_areRefused() {
    SplittableRandom random = new SplittableRandom(Seeds.of(19));
    float[][] shares = new float[60][2];
    float[][] cents = new float[60][2];
    for (int i = 0; i < shares.length; i++) {
      for (int k = 0; k < 2; k++) {
        shares[i][k] = (float) random.nextDouble();
        cents[i][k] = 100 * shares[i][k];
      }
    }
    Graph told = Metadata.withScores(endingIn("Concat", "a", "b"), Optional.of("sigmoid"));
    Predictor model = new Toy.Scaling(1, 2); // gives what it takes
    assertThat(ScoreKind.required("m", told, model, examples(shares))).isEqualTo(ScoreKind.SIGMOID);
    assertThatThrownBy(() -> ScoreKind.required("m", told, model, examples(cents)))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("expected: 0 to 1 for each class by itself, as --answers sigmoid")
        .hasMessageContaining("divide them by 100");
    Graph parts = Metadata.withScores(endingIn("Concat", "a", "b"), Optional.of("probabilities"));
    assertThat(ScoreKind.required("m", parts, model, examples(cents))) // of their sum
        .isEqualTo(ScoreKind.PROBABILITIES);
  }

  private static Preprocessed examples(float[][] rows) {
    return new Preprocessed(
        new ArrayDataset(
            "rows",
            Shape.of(2),
            List.of("no", "yes"),
            rows,
            new int[rows.length],
            Preprocessing.NONE),
        Preprocessing.NONE);
  }
}
