package org.distill4j.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class GraphBuilderTest {
  private final GraphBuilder g = new GraphBuilder("test");

  @Test
  void add_sameOperatorTwice_givesTwoNames() {
    String x = g.input("relu", DType.FLOAT32, Shape.of(2));
    String first = g.add("Relu", Map.of(), x);
    String second = g.add("Relu", Map.of(), first);
    g.output(second, DType.FLOAT32, Shape.of(2));

    Graph graph = g.build();

    assertThat(graph.nodes()).extracting(Node::name).containsExactly("relu_2", "relu_3");
    assertThat(graph.onlyOutput().name()).isEqualTo("relu_3");
  }

  @Test
  void build_danglingInput_isRefused() {
    g.add("Relu", Map.of(), "nowhere");
    assertThatThrownBy(g::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("graph: Relu 'relu': input 'nowhere' is made by no earlier node");
  }

  @Test
  void constant_isWhatAnInitializerOrAConstantNodeHolds() {
    HostTensor one = HostTensor.scalar(1);
    HostTensor two = HostTensor.scalar(2);
    g.initializer("a", one);
    g.addNamed("b", "Constant", Map.of("value", Attribute.of(two)));
    g.addNamed("c", "Add", Map.of(), "a", "b");

    Graph graph = g.build();

    assertThat(graph.constant("a")).contains(one);
    assertThat(graph.constant("b")).contains(two);
    assertThat(graph.constant("c")).isEmpty();
  }

  @Test
  void typeCode_andBack_isTheSameType() {
    for (DType type : DType.values()) {
      assertThat(OnnxTypeCode.type(OnnxTypeCode.of(type))).contains(type);
    }
    assertThat(OnnxTypeCode.type(8)).as("texts").isEmpty();
  }
}
