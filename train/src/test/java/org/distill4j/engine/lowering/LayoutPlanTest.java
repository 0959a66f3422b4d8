package org.distill4j.engine.lowering;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.distill4j.graph.Graph;
import org.distill4j.lowered.GraphFacts;
import org.distill4j.lowered.Layout;
import org.distill4j.lowered.LayoutPlan;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.distill4j.zoo.ResNet;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class LayoutPlanTest {
  private static final Graph CHAIN =
      new Cnn(List.of("4", "pool", "6"), List.of(5), 0, true).build(Shape.of(1, 8, 8), 4, 1);

  @Test
  void of_chain_keepsChannelsLastUntilTheDenseLayer() {
    GraphFacts facts = GraphFacts.of(CHAIN);
    LayoutPlan plan = LayoutPlan.of(facts);

    for (NodeSite site : facts.sites()) {
      Layout expected =
          switch (site.node().op()) {
            case "Flatten" -> Layout.FLAT_CHANNELS_LAST;
            case "Conv", "BatchNormalization", "MaxPool" -> Layout.CHANNELS_LAST;
            default ->
                site.outShape().rank() == 4 ? Layout.CHANNELS_LAST : plan.of(site.node().output());
          };
      assertThat(plan.of(site.node().output())).as(site.node().toString()).isEqualTo(expected);
    }
    assertThat(plan.of(CHAIN.onlyOutput().name())).isEqualTo(Layout.ONNX);
  }

  @Test
  void lower_oneChannel_transposesNothingForwardOrBackward() {
    assertThat(transposes(CHAIN)).isEmpty();
  }

  @Test
  void lower_colour_transposesTheInputOnly() {
    Graph net = new ResNet(8, 4).build(Shape.of(3, 8, 8), 4, 1);

    assertThat(transposes(net)).hasSize(1);
  }

  @Test
  void value_ofAMap_isGivenBackInOnnxOrder() {
    try (LoweredRun<TFloat32> run = LoweredRun.inference(CHAIN)) {
      for (NodeSite site : GraphFacts.of(CHAIN).sites()) {
        long[] found = run.lowered.value(site.node().output()).shape().asArray();
        long[] expected = site.outShape().dims().stream().mapToLong(d -> d.size()).toArray();
        assertThat(found).as(site.node().toString()).isEqualTo(expected);
      }
    }
  }

  /** The transpositions in a training step, gradients included. */
  private static List<String> transposes(Graph net) {
    try (LoweredRun<TFloat32> run = LoweredRun.training(net, TFloat32.class)) {
      Operand<TFloat32> logits = run.lowered.output(net.onlyOutput().name());
      run.tf.gradients(
          run.tf.sum(logits, run.tf.constant(new int[] {0, 1})),
          run.variables.trainable().stream().map(Variable::ref).toList());
      List<String> found = new ArrayList<>();
      run.tensorFlow
          .operations()
          .forEachRemaining(
              operation -> {
                if (operation.type().equals("Transpose")) {
                  found.add(operation.name());
                }
              });
      return found;
    }
  }
}
