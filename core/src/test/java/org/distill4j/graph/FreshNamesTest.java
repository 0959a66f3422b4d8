package org.distill4j.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class FreshNamesTest {
  @Test
  void name_free_isTheWish_elseTheWishWithTheLeastFreeNumber() {
    FreshNames names = new FreshNames(List.of("bias_3"), 2);

    assertThat(names.name("bias")).isEqualTo("bias");
    assertThat(names.name("bias")).isEqualTo("bias_2");
    assertThat(names.name("bias")).isEqualTo("bias_4");
    assertThat(names.name("bias_2")).isEqualTo("bias_2_2");
  }

  @Test
  void name_numbersFrom1_countsCopiesFrom1() {
    FreshNames names = new FreshNames(List.of("conv"), 1);

    assertThat(names.name("conv")).isEqualTo("conv_1");
    assertThat(names.name("conv")).isEqualTo("conv_2");
  }

  @Test
  void free_lowerNumber_isGivenOutAgain() {
    FreshNames names = new FreshNames();
    for (int i = 0; i < 3; i++) {
      names.name("step"); // step, step_2, step_3
    }

    names.free("step_2");

    assertThat(names.name("step")).isEqualTo("step_2");
    assertThat(names.name("step")).isEqualTo("step_4");
  }

  @Test
  void of_graph_knowsInputsConstantsAndWhatNodesMake() {
    GraphBuilder g = new GraphBuilder("net");
    Shape two = Shape.of(2);
    String x = g.input("x", DType.FLOAT32, two);
    String w = g.initializer("w", HostTensor.ofFloats(two, 1, 2));
    g.output(g.addNamed("y", "Add", Map.of(), x, w), DType.FLOAT32, two);

    FreshNames names = FreshNames.of(g.build());

    assertThat(List.of(names.name("x"), names.name("w"), names.name("y"), names.name("z")))
        .containsExactly("x_2", "w_2", "y_2", "z");
  }
}
