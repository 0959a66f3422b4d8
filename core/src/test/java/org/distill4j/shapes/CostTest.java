package org.distill4j.shapes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Node;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.distill4j.zoo.MobileNetV2;
import org.distill4j.zoo.ResNet;
import org.junit.jupiter.api.Test;

class CostTest {
  @Test
  void of_studentOfTheReferenceWorkload_isTheSumOfItsLayers() {
    Cnn student = new Cnn(List.of("8", "pool", "16", "pool"), List.of(64), 0, false);

    Cost cost = Cost.of(student.build(Shape.of(1, 28, 28), 10, 1));

    long conv1 = 28 * 28 * 8 * 9;
    long conv2 = 14 * 14 * 16 * 8 * 9;
    long dense = 784 * 64;
    assertThat(cost.macs()).isEqualTo(conv1 + conv2 + dense + 640);
    assertThat(cost.parameters()).isEqualTo(52_138);
    assertThat(cost.complete()).isTrue();
    NodeCost first = cost.nodes().get(0);
    assertThat(first.node().name()).isEqualTo("conv1");
    assertThat(first.macs()).hasValue(conv1);
    assertThat(first.parameters()).isEqualTo(80);
    assertThat(first.activationBytes()).hasValue(8 * 28 * 28 * 4);
    long attributed = cost.nodes().stream().mapToLong(NodeCost::parameters).sum();
    assertThat(attributed).isEqualTo(cost.parameters());
  }

  @Test
  void of_mobileNetForImageNet_is300MillionAsThePaperSays() {
    Cost cost = Cost.of(new MobileNetV2(1, 6).build(Shape.of(3, 224, 224), 1000, 1));
    assertThat(cost.macs() / 1e6).isCloseTo(300, within(1.5)); // Sandler et al., table 4
  }

  @Test
  void of_resNet20_is41Million() {
    Cost cost = Cost.of(new ResNet(20, 16).build(Shape.of(3, 32, 32), 10, 1));
    // 442,368 + 6 * 2,359,296 and for each halving stage 1,179,648 + 5 * 2,359,296 + 131,072
    assertThat(cost.macs()).isEqualTo(442_368 + 14_155_776 + 2 * 13_107_200 + 640);
  }

  @Test
  void of_unknownOperator_isIncomplete() {
    GraphBuilder g = new GraphBuilder("test");
    String x = g.input("x", DType.FLOAT32, Shape.of(4).prepend(Dim.of("batch")));
    String w = g.initializer("w", HostTensor.ofFloats(Shape.of(4, 2), new float[8]));
    g.addNamed("m", "MatMul", Map.of(), x, w);
    g.add(new Node("n", "my.domain", "Magic", List.of("m"), List.of("y"), Map.of()));
    g.output("y", DType.FLOAT32, Shape.UNRANKED);

    Cost cost = Cost.of(g.build());

    assertThat(cost.macs()).isEqualTo(8);
    assertThat(cost.complete()).isFalse();
  }
}
