package org.distill4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Parameters;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class LayersTest {
  @Test
  void logits_ofANetWrittenByHand_hasNamedParametersAndShapes() {
    Graph net =
        new Layers("tiny", Shape.of(1, 28, 28), 1)
            .conv("conv1", Conv.of(8, 3))
            .relu()
            .maxPool()
            .flatten()
            .dense("dense1", 64)
            .relu()
            .logits(10);

    assertThat(Parameters.of(net).names())
        .containsExactly(
            "conv1.weight",
            "conv1.bias",
            "dense1.weight",
            "dense1.bias",
            "logits.weight",
            "logits.bias");
    assertThat(ShapeInference.infer(net).shape("logits")).hasToString("[batch, 10]");
  }

  @Test
  void conv_strideTwo_isPaddedSoThatHalfIsLeft() {
    for (int size : List.of(7, 8)) {
      Layers layers = new Layers("test", Shape.of(4, size, size), 1);
      layers.conv("c", Conv.depthwise(4, 3).strided(2));
      assertThat(layers.tap().shape()).isEqualTo(Shape.of(4, 4, 4));
      Graph net = layers.flatten().logits(2);
      assertThat(ShapeInference.infer(net).shape("c")).hasToString("[batch, 4, 4, 4]");
    }
  }

  @Test
  void plus_valueOfAnotherShape_isRefused() {
    Layers layers = new Layers("test", Shape.of(4, 8, 8), 1);
    Layers.Tap start = layers.tap();
    layers.conv("c", Conv.of(8, 3));
    assertThatThrownBy(() -> layers.plus(start))
        .isInstanceOf(InputFault.class)
        .hasMessage("test: [8, 8, 8] plus [4, 8, 8] (expected: the same shape)");
  }

  @Test
  void node_ofAnyOperator_continuesTheChain() {
    Layers layers = new Layers("test", Shape.of(4), 1).dense("d", 6);
    Node sigmoid = Node.of("Sigmoid", List.of(layers.tap().value()), List.of("s"), Map.of());
    Graph net = layers.node(sigmoid, Shape.of(6)).logits(3);
    assertThat(ShapeInference.infer(net).shape("s")).hasToString("[batch, 6]");
  }

  @Test
  void dense_onImages_isRefused() {
    Layers layers = new Layers("test", Shape.of(1, 8, 8), 1);
    assertThatThrownBy(() -> layers.dense("d", 3))
        .hasMessage("test: d on [1, 8, 8] (expected: vectors; flatten first)");
  }

  @Test
  void dense_moreWeightsThanAnArrayHolds_isRefused() {
    Layers layers = new Layers("test", Shape.of(1 << 20), 1);
    assertThatThrownBy(() -> layers.dense("d", 1 << 20))
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith("d.weight [1048576, 1048576]: too many weights (expected:");
  }

  @Test
  void conv_groupsThatDoNotDivide_areRefused() {
    Layers layers = new Layers("test", Shape.of(3, 8, 8), 1);
    assertThatThrownBy(() -> layers.conv("c", new Conv(4, 3, 3, 1, 2, true)))
        .hasMessage("test: c from 3 to 4 channels (expected: multiples of its 2 groups)");
  }
}
