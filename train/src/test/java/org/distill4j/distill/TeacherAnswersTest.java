package org.distill4j.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Dataset;
import org.distill4j.data.DerivedDataset;
import org.distill4j.eval.ScoreKind;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

/**
 * Teachers of drawn examples whose answers are drawn activations of the examples themselves, with
 * their outputs in drawn orders, against softmax in float64.
 */
class TeacherAnswersTest {
  private static final int EXAMPLES = 60;

  private final Random random = new Random(Seeds.of(12));
  private final int classes = 3 + random.nextInt(4);
  private final List<String> names =
      IntStream.range(0, classes).mapToObj(c -> "class " + c).toList();
  private final float[][] logits = drawn(classes);
  private final Map<String, HostTensor> constants = new LinkedHashMap<>();

  private float[][] drawn(int width) {
    float[][] rows = new float[EXAMPLES][width];
    for (float[] row : rows) {
      for (int c = 0; c < width; c++) {
        row[c] = (float) (2 * random.nextGaussian());
      }
    }
    return rows;
  }

  private Dataset data(float[][] rows, List<String> classNames, TaskType task) {
    return new DerivedDataset(
        new ArrayDataset(
            "drawn",
            Shape.of(rows[0].length),
            classNames,
            rows,
            new int[rows.length],
            Preprocessing.NONE)) {
      @Override
      public TaskType task() {
        return task;
      }
    };
  }

  private Dataset data() {
    return data(logits, names, TaskType.SINGLE_LABEL);
  }

  private static Shape rows(int width) {
    return Shape.of(List.of(Dim.of("batch"), Dim.of(width)));
  }

  private Graph graph(int in, int out, Node... nodes) {
    return new Graph(
        "net",
        List.of(new Value("x", DType.FLOAT32, rows(in))),
        List.of(new Value("y", DType.FLOAT32, rows(out))),
        List.of(nodes),
        constants,
        Map.of());
  }

  private static Node node(String op, String to, String... from) {
    return Node.of(op, List.of(from), List.of(to), Map.of());
  }

  /** A softmax that no operator tells: e^x over its sum, times a number. */
  private Graph spelledOut(float whole) {
    constants.put("whole", HostTensor.ofFloats(Shape.of(1), whole));
    constants.put("axes", HostTensor.ofLongs(Shape.of(1), 1));
    return graph(
        classes,
        classes,
        node("Exp", "e", "x"),
        node("ReduceSum", "s", "e", "axes"),
        node("Div", "p", "e", "s"),
        node("Mul", "m", "p", "whole"),
        node("Abs", "y", "m"));
  }

  /** A sigmoid that no operator tells. */
  private Graph sigmoid(int width, float whole) {
    constants.put("one", HostTensor.ofFloats(Shape.of(1), 1));
    constants.put("whole", HostTensor.ofFloats(Shape.of(1), whole));
    return graph(
        width,
        width,
        node("Neg", "n", "x"),
        node("Exp", "e", "n"),
        node("Add", "a", "one", "e"),
        node("Div", "y", "whole", "a"));
  }

  private static double[] softmax(double[] logits) {
    double max = IntStream.range(0, logits.length).mapToDouble(c -> logits[c]).max().orElseThrow();
    double sum = 0;
    double[] p = new double[logits.length];
    for (int c = 0; c < p.length; c++) {
      p[c] = Math.exp(logits[c] - max);
      sum += p[c];
    }
    for (int c = 0; c < p.length; c++) {
      p[c] /= sum;
    }
    return p;
  }

  private static float[] answer(Graph teacher, float[] example) {
    try (Predictor predictor = new OnnxRuntime().open(teacher, 1)) {
      HostTensor x = HostTensor.ofFloats(Shape.of(1, example.length), example);
      String output = teacher.onlyOutput().name();
      return predictor.run(Map.of(teacher.onlyInput().name(), x)).get(output).toFloats();
    }
  }

  private static double[] doubles(float[] row) {
    return IntStream.range(0, row.length).mapToDouble(c -> row[c]).toArray();
  }

  /** Whether the teacher's softmax is that of these logits. */
  private void assertTeaches(Graph teacher, float[][] examples, double[][] expected) {
    for (int i = 0; i < examples.length; i++) {
      double[] found = softmax(doubles(answer(teacher, examples[i])));
      double[] wanted = softmax(expected[i]);
      assertThat(found).hasSize(wanted.length);
      for (int c = 0; c < wanted.length; c++) {
        assertThat(found[c]).isCloseTo(wanted[c], within(2e-5)); // of float32 and 1e-7 as the least
      }
    }
  }

  private double[][] expected() {
    return Arrays.stream(logits).map(TeacherAnswersTest::doubles).toArray(double[][]::new);
  }

  private Teacher taken(Graph graph, Dataset data) {
    return Teacher.of(graph, data, Optional.empty(), Optional.empty());
  }

  @Test
  void of_probabilitiesThatNoOperatorTells_givesTheirLogarithms() {
    float whole = List.of(1f, 100f, (float) (2 + random.nextInt(50))).get(random.nextInt(3));
    Teacher teacher = taken(spelledOut(whole), data());
    assertTeaches(teacher.model(), logits, expected());
    assertThat(teacher.model().metadata().get(Teacher.ANSWERS))
        .isEqualTo("the logarithms of its probabilities");
  }

  @Test
  void of_numbersFrom0To1_isAskedAndBelieved() {
    float whole = random.nextBoolean() ? 1 : 100;
    if (whole == 1) {
      assertThatThrownBy(() -> taken(sigmoid(classes, 1), data()))
          .isInstanceOf(InputFault.class)
          .hasMessageContaining("which can be logits or probabilities")
          .hasMessageEndingWith("say which by teacher.answers: logits, probabilities or sigmoid");
    }
    Graph told =
        Teacher.of(
                sigmoid(classes, whole), data(), Optional.of(ScoreKind.SIGMOID), Optional.empty())
            .model();
    assertTeaches(told, logits, expected());
    Graph plain = sigmoid(classes, 1);
    assertThat(
            Teacher.of(plain, data(), Optional.of(ScoreKind.LOGITS), Optional.empty())
                .model()
                .nodes())
        .isEqualTo(plain.nodes());
  }

  @Test
  void of_aSigmoidSaidToBeLogits_staysHoweverOftenItIsTaken() {
    Graph sigmoid = graph(classes, classes, node("Sigmoid", "y", "x"));
    Graph told =
        Teacher.of(sigmoid, data(), Optional.of(ScoreKind.LOGITS), Optional.empty()).model();
    double[][] expected = expected();
    for (double[] row : expected) {
      Arrays.setAll(row, c -> 1 / (1 + Math.exp(-row[c])));
    }
    assertTeaches(Teacher.of(told, data()).model(), logits, expected);
  }

  @Test
  void of_logitsSaidToBeProbabilities_isRefused() {
    Graph plain = graph(classes, classes, node("Identity", "y", "x"));
    assertThatThrownBy(
            () -> Teacher.of(plain, data(), Optional.of(ScoreKind.PROBABILITIES), Optional.empty()))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("expected: 0 to 1, as teacher.answers: probabilities says");
  }

  @Test
  void of_oneOutputOfTwoClasses_isTheSecondsLogit() {
    float[][] one = drawn(1);
    List<String> two = List.of("no", "yes");
    double[][] expected =
        Arrays.stream(one).map(r -> new double[] {0, r[0]}).toArray(double[][]::new);
    Dataset data = data(one, two, TaskType.SINGLE_LABEL);
    Graph logit = graph(1, 1, node("Identity", "y", "x"));
    Graph cut = graph(1, 1, node("Sigmoid", "y", "x"));
    for (Graph graph : List.of(logit, cut, sigmoid(1, 1))) {
      assertTeaches(taken(graph, data).model(), one, expected);
    }
    Graph other =
        Teacher.of(cut, data, Optional.empty(), Optional.of(List.of("yes", "no"))).model();
    double[][] exchanged =
        Arrays.stream(one).map(r -> new double[] {r[0], 0}).toArray(double[][]::new);
    assertTeaches(other, one, exchanged);
  }

  @Test
  void of_severalLabelsBehindASigmoid_areTheirLogits() {
    Dataset data = data(logits, names, TaskType.MULTI_LABEL);
    Graph said =
        Teacher.of(
                sigmoid(classes, 1), data, Optional.of(ScoreKind.PROBABILITIES), Optional.empty())
            .model();
    for (Graph teacher : List.of(taken(sigmoid(classes, 1), data).model(), said)) {
      for (float[] row : logits) {
        float[] answer = answer(teacher, row);
        for (int c = 0; c < classes; c++) {
          assertThat(answer[c])
              .isCloseTo(row[c], within(2e-2f)); // at 8, p is 1 less 3e-4 in float32
        }
      }
    }
  }

  /** The highest is far from 100: as logits they would say yes to every example. */
  @Test
  void of_perCentsOfOneOutputThatAreNeverHigh_isAskedAndBelieved() {
    float[][] one = drawn(1);
    for (float[] row : one) {
      row[0] = Math.min(row[0], 1);
    }
    Dataset data = data(one, List.of("no", "yes"), TaskType.SINGLE_LABEL);
    Graph perCents = sigmoid(1, 100);
    assertThatThrownBy(() -> taken(perCents, data))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("can be logits or probabilities");
    Graph said =
        Teacher.of(perCents, data, Optional.of(ScoreKind.PROBABILITIES), Optional.empty()).model();
    double[][] expected =
        Arrays.stream(one).map(r -> new double[] {0, r[0]}).toArray(double[][]::new);
    assertTeaches(said, one, expected);
  }

  /**
   * The teacher whose output k is the logit of the class that it names k-th, and others besides.
   */
  @Test
  void of_namedOutputs_putsThemInTheDatasOrder() {
    List<String> outputs = new ArrayList<>(names);
    int more = random.nextInt(3);
    IntStream.range(0, more).forEach(k -> outputs.add("other " + k));
    Collections.shuffle(outputs, random);
    constants.put("order", order(outputs));
    Graph shuffled =
        graph(
            classes,
            outputs.size(),
            new Node(
                "shuffled",
                "",
                "Gather",
                List.of("x", "order"),
                List.of("y"),
                Map.of("axis", Attribute.of(1))));
    Graph bySettings = Teacher.of(shuffled, data(), Optional.empty(), Optional.of(outputs)).model();
    assertTeaches(bySettings, logits, expected());
    assertThat(Metadata.classes(bySettings)).hasValue(names);
    Graph byMetadata = Teacher.of(Metadata.withClasses(shuffled, outputs), data()).model();
    assertTeaches(byMetadata, logits, expected());
    List<String> lacking = new ArrayList<>(outputs);
    lacking.set(lacking.indexOf(names.get(0)), "unknown");
    assertThatThrownBy(() -> Teacher.of(shuffled, data(), Optional.empty(), Optional.of(lacking)))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("lacks [class 0]");
    assertThatThrownBy(
            () ->
                Teacher.of(shuffled, data(), Optional.empty(), Optional.of(outputs.subList(1, 3))))
        .hasMessageContaining("teacher.classes: 2 names (expected: " + outputs.size());
  }

  private HostTensor order(List<String> outputs) {
    long[] order = outputs.stream().mapToLong(o -> Math.max(0, names.indexOf(o))).toArray();
    return HostTensor.ofLongs(Shape.of(order.length), order);
  }

  @Test
  void of_namesThatAreNumbers_areOneHoweverTheyAreSpelled() {
    List<String> numbers = IntStream.range(0, classes).mapToObj(c -> c + 1 + "").toList();
    List<String> spelled = numbers.stream().map(n -> n + ".0").toList();
    Graph plain = graph(classes, classes, node("Identity", "y", "x"));
    Dataset data = data(logits, numbers, TaskType.SINGLE_LABEL);
    Teacher teacher = Teacher.of(plain, data, Optional.empty(), Optional.of(spelled));
    assertThat(Metadata.classes(teacher.model())).hasValue(numbers);
  }

  @Test
  void of_aModelThatDrawsAtEachCall_isRefused() {
    Graph noisy =
        graph(
            classes,
            classes,
            node("RandomNormalLike", "n", "x"),
            node("Add", "s", "x", "n"),
            node("Relu", "y", "s"));
    assertThatThrownBy(() -> taken(noisy, data()))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("other answers to the same examples");
  }
}
