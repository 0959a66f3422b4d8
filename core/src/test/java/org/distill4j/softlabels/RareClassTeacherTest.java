package org.distill4j.softlabels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.ValidationSet;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

/** A teacher of two classes, one of them rare; the two values of an example are its logits. */
class RareClassTeacherTest {
  private static final int EXAMPLES = 4000;

  private final SplittableRandom random = new SplittableRandom(Seeds.of(5));

  private static TeacherCheck check(ValidationSet validation) {
    Shape shape = Shape.of(List.of(Dim.of("batch"), Dim.of(2)));
    Graph graph =
        new Graph(
            "given",
            List.of(new Value("x", DType.FLOAT32, shape)),
            List.of(new Value("y", DType.FLOAT32, shape)),
            List.of(Node.of("Identity", List.of("x"), List.of("y"), Map.of())),
            Map.of(),
            Map.of());
    try (Predictor p = new OnnxRuntime().open(graph, 1)) {
      return TeacherCheck.of(graph, p, validation, Preprocessing.NONE);
    }
  }

  /**
   * One of {@code every} examples is rare; its log odds are around {@code apart}, those of the
   * others around {@code -apart}, all moved by {@code shift}.
   */
  private ValidationSet drawn(int every, double apart, double shift) {
    return drawn(every, apart, shift, 1);
  }

  private ValidationSet drawn(int every, double apart, double shift, double slope) {
    float[][] values = new float[EXAMPLES][2];
    int[] labels = new int[EXAMPLES];
    for (int i = 0; i < EXAMPLES; i++) {
      labels[i] = i % every == 0 ? 1 : 0;
      double mean = (labels[i] == 1 ? apart : -apart) + shift;
      values[i][0] = -5; // no probabilities
      values[i][1] = (float) (slope * (mean + random.nextGaussian()) - 5);
    }
    return new ValidationSet(
        new ArrayDataset(
            "rare", Shape.of(2), List.of("no", "yes"), values, labels, Preprocessing.NONE));
  }

  @Test
  void of_aTeacherOfARareClassThatRanksWell_isAccepted() {
    for (int every : new int[] {20, 37, 100}) {
      // as one has them who was taught with balanced class weights: fewer right than always "no"
      TeacherCheck weighed = check(drawn(every, 1.5, 0.5));
      assertThat(weighed.accuracy()).isLessThan(weighed.floor());
      assertThat(weighed.summary()).contains("balanced accuracy 0.9");
      // as one has them who was not: hardly a "yes", but the right ones are likelier
      TeacherCheck plain = check(drawn(every, 1.5, -Math.log(every)));
      assertThat(plain.level().balanced()).isLessThan(0.7);
    }
  }

  /**
   * Taught where the rare class is less rare: its probabilities are worse than the shares alone.
   */
  @Test
  void of_aTeacherThatRanksWellAndIsTooSure_isAccepted() {
    TeacherCheck check = check(drawn(100, 1.5, -5, 0.25)); // odds about -0.9 and -1.6
    assertThat(check.level().gain()).isNegative();
    assertThat(check.level().evenGain()).isNegative();
    assertThat(check.level().balanced()).isLessThan(0.51);
    assertThat(check.level().area()).isGreaterThan(0.9);
    assertThat(check.summary()).contains("AUC 0.9");
  }

  @Test
  void of_aTeacherThatCannotTellTheRareClass_isRefusedWithTheMeasures() {
    for (int every : new int[] {20, 37, 100}) {
      assertThatThrownBy(() -> check(drawn(every, 0, -6)))
          .isInstanceOf(InputFault.class)
          .message()
          .startsWith(
              "teacher 'given': no better than always answering the commonest class: balanced"
                  + " accuracy 0.500 on 4,000 validation examples of data 'rare' (expected: > 0.5")
          .contains("log loss");
    }
  }
}
