package org.distill4j.softlabels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.DerivedDataset;
import org.distill4j.data.ValidationSet;
import org.distill4j.eval.Evaluation;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class TeacherCheckTest {
  private static final int EXAMPLES = 300;

  /** Answers the class whose value is the largest; the values are the logits. */
  private static Graph teacher(String... classes) {
    Shape shape = Shape.of(List.of(Dim.of("batch"), Dim.of(3)));
    Graph graph =
        new Graph(
            "largest",
            List.of(new Value("x", DType.FLOAT32, shape)),
            List.of(new Value("y", DType.FLOAT32, shape)),
            List.of(Node.of("Identity", List.of("x"), List.of("y"), Map.of())),
            Map.of(),
            Map.of());
    return classes.length == 0 ? graph : Metadata.withClasses(graph, List.of(classes));
  }

  /** A hundred of each class, of which {@code wrong}, a multiple of 3, are labelled otherwise. */
  private static ValidationSet validation(int wrong) {
    return validation(wrong, 3);
  }

  private static ValidationSet validation(int wrong, float sure) {
    float[][] values = new float[EXAMPLES][3];
    int[] labels = new int[EXAMPLES];
    for (int i = 0; i < EXAMPLES; i++) {
      values[i][i % 3] = sure;
      // each third in turn is taken from every class alike, so the labels stay balanced; one wrong
      // label after the other, so that no other order of the classes fits better
      labels[i] = i < wrong ? (i + 1 + i / 3 % 2) % 3 : i % 3;
    }
    return new ValidationSet(
        new ArrayDataset(
            "thirds", Shape.of(3), List.of("a", "b", "c"), values, labels, Preprocessing.NONE));
  }

  private static TeacherCheck check(Graph graph, ValidationSet validation) {
    try (Predictor p = new OnnxRuntime().open(graph, 1)) {
      return TeacherCheck.of(graph, p, validation, Preprocessing.NONE);
    }
  }

  private static void assertRefused(Graph graph, ValidationSet validation, String line) {
    assertThatThrownBy(() -> check(graph, validation))
        .isInstanceOf(InputFault.class)
        .message()
        .contains(line)
        .doesNotContain("\n");
  }

  @Test
  void of_aFitTeacher_countsWhatItGetsRight() {
    TeacherCheck check = check(teacher("a", "b", "c"), validation(30));
    assertThat(check.n()).isEqualTo(EXAMPLES);
    assertThat(check.accuracy()).isEqualTo(0.9);
    assertThat(check.chance()).isCloseTo(1 / 3.0, within(1e-12));
    // 1/3 + 2 sqrt(1/3 2/3 / 300) = 0.33333 + 2 x 0.02722
    assertThat(check.floor()).isCloseTo(0.38777, within(1e-5));
    assertThat(check.classesNamed()).isTrue();
    assertThat(check.summary())
        .isEqualTo(
            "accuracy 0.900 on 300 validation examples (chance 0.333); classes as the data name"
                + " them");
  }

  @Test
  void of_aTeacherThatNamesNoClasses_isAcceptedAndSaysSo() {
    TeacherCheck check = check(teacher(), validation(0));
    assertThat(check.classesNamed()).isFalse();
    assertThat(check.summary()).endsWith("classes not named by the model, taken as the data's");
  }

  @Test
  void of_classesInAnotherOrder_isRefusedWithBoth() {
    assertRefused(
        teacher("b", "a", "c"),
        validation(0),
        "teacher 'largest' classes: [b, a, c] (expected: [a, b, c], the order of data 'thirds')");
  }

  @Test
  void of_otherClasses_saysWhichAreTooManyAndMissing() {
    assertRefused(
        teacher("a", "b", "d"),
        validation(0),
        "classes: has [d] too many, lacks [c] (expected: the classes of data 'thirds')");
    String[] many = IntStream.range(0, 30).mapToObj(i -> "k" + i).toArray(String[]::new);
    assertRefused(teacher(many), validation(0), "and 10 more too many, lacks [a, b, c]");
  }

  @Test
  void of_anotherNumberOfClasses_isRefused() {
    ValidationSet two =
        new ValidationSet(
            new ArrayDataset(
                "halves",
                Shape.of(3),
                List.of("a", "b"),
                new float[1][3],
                new int[1],
                Preprocessing.NONE));
    assertRefused(teacher(), two, "output 'y': 3 classes (expected: 2, as data 'halves' has)");
  }

  @Test
  void of_aTeacherNoBetterThanChance_isRefused() {
    // 114 of 300 right: 0.38, below the floor of 0.38777; 117 are 0.39
    assertRefused(
        teacher(),
        validation(186),
        "teacher 'largest': accuracy 0.380 on 300 validation examples of data 'thirds' (expected: >"
            + " 0.388, more than always answering the commonest class)");
    assertThat(check(teacher(), validation(183)).accuracy()).isEqualTo(117 / 300.0);
  }

  @Test
  void of_aTeacherThatGivesProbabilities_isRefused() {
    // 1 for one class and 0 for the others, as a softmax spelled without its operator may give
    assertThatThrownBy(() -> check(teacher(), validation(0, 1)))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "teacher 'largest' output: probabilities, at least 0 and summing to 1 for each of 300"
                + " examples (expected: logits); export it without its softmax, or say"
                + " teacher.answers: probabilities");
  }

  /** Hundreds of which the teacher answers the first two classes each for the other. */
  private static ValidationSet exchanged() {
    ValidationSet own = validation(0);
    return new ValidationSet(
        new DerivedDataset(own.data()) {
          @Override
          public int label(long index) {
            int label = all().label(index);
            return label == 2 ? 2 : 1 - label;
          }
        });
  }

  @Test
  void of_outputsInAnotherOrder_saysWhichAndTheWayOut() {
    assertRefused(
        teacher(),
        exchanged(),
        "teacher 'largest': accuracy 0.333 on 300 validation examples of data 'thirds', but with 'a'"
            + " and 'b' exchanged it has 1.000 (expected: its outputs in the order of the data's"
            + " classes); give their order: teacher.classes: [b, a, c]; or, if it is right as it is,"
            + " [a, b, c]");
  }

  @Test
  void of_namedOutputsThatFitInAnotherOrder_areTakenByTheirNamesAndSaySo() {
    // the third class alone is right: 100 of 300, as much as chance; 30 more are labelled so
    ValidationSet third = exchanged();
    ValidationSet better =
        new ValidationSet(
            new DerivedDataset(third.data()) {
              @Override
              public int label(long index) {
                return index < 90 ? (int) (index % 3) : all().label(index);
              }
            });
    assertThat(check(teacher("a", "b", "c"), better).summary())
        .contains("accuracy 0.533") // 90 + 70 of 300
        .endsWith("classes as the data name them, but with 'a' and 'b' exchanged it has 0.800");
  }

  @Test
  void usualCause_ofOutputsInAnotherOrder_isTheOrder_elseAPreprocessing() {
    assertThat(TeacherCheck.usualCause(teacher(), Evaluation.of(teacher(), exchanged(), 1)))
        .isEqualTo(
            "its outputs stand in another order than the data's classes: with 'a' and 'b' exchanged"
                + " it has 1.000; write their order into its file by annotate --classes b,a,c");
    assertThat(TeacherCheck.usualCause(teacher(), Evaluation.of(teacher(), validation(0), 1)))
        .contains("preprocessing");
  }

  /** Numbers of classes are places in a model's own names, so that other names mend nothing. */
  @Test
  void usualCause_ofAModelThatNamesItsClasses_saysWhatNumberedDataNeed() {
    Graph named = teacher("a", "b", "c");
    assertThat(TeacherCheck.usualCause(named, Evaluation.of(named, exchanged(), 1)))
        .endsWith(
            "annotate --classes b,a,c if the data name their classes; if they number them, their"
                + " numbers are not the places in the model's names: name the classes in the data");
  }
}
