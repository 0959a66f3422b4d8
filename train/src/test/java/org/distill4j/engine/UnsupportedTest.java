package org.distill4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.distill4j.distill.Objective;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

/** A graph with an operator that has no lowering, wherever it may be put into TensorFlow. */
class UnsupportedTest {
  private static final Shape ROWS = Shape.of(1, 3);
  private static final Graph ODD =
      new Graph(
          "odd",
          List.of(new Value("x", DType.FLOAT32, ROWS)),
          List.of(new Value("y", DType.FLOAT32, ROWS)),
          List.of(Node.of("Mish", List.of("x"), List.of("y"), Map.of())),
          Map.of(),
          Map.of());

  @Test
  void training_unsupportedOperator_isOneLine() {
    TrainSettings settings = TrainSettings.epochs(1);
    assertRefused(() -> Training.open(ODD, Objective.LABELS_ONLY, settings, 4, 1, 1));
  }

  @Test
  void forward_unsupportedOperator_isOneLine() {
    assertRefused(() -> new EngineRuntime().open(ODD, 1));
  }

  private static void assertRefused(ThrowingCallable opening) {
    assertThatThrownBy(opening)
        .isInstanceOfSatisfying(
            InputFault.class,
            e ->
                assertThat(e.lines())
                    .singleElement()
                    .asString()
                    .startsWith("Mish 'y': operator cannot be trained (expected: one of Add, ")
                    .endsWith("replace it in the model, or use the model as a teacher only"));
  }
}
