package org.distill4j.softlabels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.DerivedDataset;
import org.distill4j.data.ValidationSet;
import org.distill4j.fault.InputFault;
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
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Teachers of several labels whose outputs, the values of an example, stand in another order. */
class LabelOrderTest {
  private static final int EXAMPLES = 400;

  private SplittableRandom random;
  private List<String> names;
  private boolean[][] truth;

  /** Labels of different frequencies, of which the later ones often come with the first. */
  private void draw(RepetitionInfo nth) {
    random = new SplittableRandom(Seeds.of(2500 + nth.getCurrentRepetition()));
    int labels = 3 + random.nextInt(8);
    names = IntStream.range(0, labels).mapToObj(k -> "label " + (char) ('a' + k)).toList();
    truth = new boolean[EXAMPLES][labels];
    for (int k = 0; k < labels; k++) {
      double share = 0.15 + 0.5 * random.nextDouble();
      for (int i = 0; i < EXAMPLES; i++) {
        boolean isLike = k > 0 && random.nextDouble() < 0.3;
        truth[i][k] = isLike ? truth[i][0] : random.nextDouble() < share;
      }
    }
  }

  /**
   * Output k answers label {@code order.get(k)}, and wrongly so with a probability.
   *
   * @param wrong of each answer
   */
  private ValidationSet validation(List<Integer> order, double wrong) {
    float[][] values = new float[EXAMPLES][names.size()];
    for (int i = 0; i < EXAMPLES; i++) {
      for (int k = 0; k < names.size(); k++) {
        boolean says = truth[i][order.get(k)] ^ random.nextDouble() < wrong;
        values[i][k] = (float) ((says ? 1 : -1) * (0.5 + 3 * random.nextDouble()));
      }
    }
    ArrayDataset plain =
        new ArrayDataset(
            "tags", Shape.of(names.size()), names, values, new int[EXAMPLES], Preprocessing.NONE);
    return new ValidationSet(
        new DerivedDataset(plain) {
          @Override
          public TaskType task() {
            return TaskType.MULTI_LABEL;
          }

          @Override
          public void targets(long index, FloatBuffer target) {
            for (boolean has : truth[(int) index]) {
              target.put(has ? 1 : 0);
            }
          }
        });
  }

  private TeacherCheck check(ValidationSet validation, boolean named) {
    Shape shape = Shape.of(List.of(Dim.of("batch"), Dim.of(names.size())));
    Graph graph =
        new Graph(
            "tagger",
            List.of(new Value("x", DType.FLOAT32, shape)),
            List.of(new Value("y", DType.FLOAT32, shape)),
            List.of(Node.of("Identity", List.of("x"), List.of("y"), Map.of())),
            Map.of(),
            Map.of());
    try (Predictor p = new OnnxRuntime().open(graph, 1)) {
      return TeacherCheck.of(
          named ? Metadata.withClasses(graph, names) : graph, p, validation, Preprocessing.NONE);
    }
  }

  private List<Integer> inOrder() {
    return IntStream.range(0, names.size()).boxed().collect(Collectors.toList());
  }

  @RepeatedTest(8)
  void of_outputsOfLabelsInAnotherOrder_areRefusedWithTheirOrder(RepetitionInfo nth) {
    draw(nth);
    List<Integer> order = inOrder();
    Collections.rotate(order.subList(0, 2 + random.nextInt(names.size() - 1)), 1);
    ValidationSet permuted = validation(order, 0.2 * random.nextDouble());
    String wayOut = order.stream().map(names::get).collect(Collectors.joining(", ", "[", "]"));
    assertThatThrownBy(() -> check(permuted, false))
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith("teacher 'tagger': accuracy 0.")
        .hasMessageContaining(
            " on " + EXAMPLES * names.size() + " validation labels of data 'tags'")
        .hasMessageContaining("give their order: teacher.classes: " + wayOut + ";")
        .hasMessageEndingWith("if it is right as it is, " + names)
        .hasMessageNotContaining("train it longer");
  }

  @RepeatedTest(4)
  void of_namedOutputsOfLabelsInAnotherOrder_neverSayToTrainLonger(RepetitionInfo nth) {
    draw(nth);
    List<Integer> order = inOrder();
    Collections.rotate(order, 1);
    String told;
    try {
      told = check(validation(order, 0.05), true).summary();
    } catch (InputFault e) {
      told = e.getMessage();
    }
    assertThat(told).contains("' as '" + names.get(0) + "'").doesNotContain("train it longer");
  }

  @RepeatedTest(8)
  void of_outputsOfLabelsInOrder_areTakenHoweverWeak(RepetitionInfo nth) {
    draw(nth);
    double wrong = 0.35 * random.nextDouble();
    assertThat(check(validation(inOrder(), wrong), false).order()).isEmpty();
  }

  @RepeatedTest(8)
  void ofLabels_ofATeacherAtChance_tellsNothing(RepetitionInfo nth) {
    draw(nth);
    BitSet[] has = new BitSet[names.size()];
    BitSet[] said = new BitSet[names.size()];
    for (int k = 0; k < names.size(); k++) {
      has[k] = new BitSet();
      said[k] = new BitSet();
      for (int i = 0; i < EXAMPLES; i++) {
        has[k].set(i, truth[i][k]);
        said[k].set(i, random.nextBoolean());
      }
    }
    assertThat(ClassOrder.ofLabels(has, said, EXAMPLES)).isEmpty();
  }
}
