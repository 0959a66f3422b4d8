package org.distill4j.passes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Node;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class GraphEditTest {
  private static final Shape TWO = Shape.of(2);

  /** {@code y = Relu(x + w)}. */
  private static Graph net() {
    GraphBuilder g = new GraphBuilder("net");
    String x = g.input("x", DType.FLOAT32, TWO);
    String w = g.initializer("w", HostTensor.ofFloats(TWO, 1, 2));
    String sum = g.addNamed("sum", "Add", Map.of(), x, w);
    g.output(g.addNamed("y", "Relu", Map.of(), sum), DType.FLOAT32, TWO);
    return g.build();
  }

  private static Node one(String op, String input, String output) {
    return Node.of(op, List.of(input), List.of(output), Map.of());
  }

  @Test
  void insert_aroundANode_standsInTheOrderOfTheCalls() {
    Graph graph = net();
    Node sum = graph.nodes().get(0);
    GraphEdit edit = new GraphEdit(graph);

    edit.insertAfter(sum, one("Neg", "sum", "negative"));
    edit.insertAfter(sum, one("Abs", "negative", "positive"));
    edit.insertFirst(one("Exp", "x", "power"));
    edit.insertBefore(sum, one("Log", "power", "same"));
    edit.replace(sum.withInputs(List.of("same", "w")));

    assertThat(edit.graph().nodes())
        .extracting(Node::op)
        .containsExactly("Exp", "Log", "Add", "Neg", "Abs", "Relu");
  }

  @Test
  void remove_nodeWhoseValueAnInsertedOneMakes_dropsItsConstants() {
    Graph graph = net();
    Node sum = graph.nodes().get(0);
    GraphEdit edit = new GraphEdit(graph);
    String other = edit.constant("w", HostTensor.ofFloats(TWO, 3, 4));

    edit.insertBefore(sum, Node.of("Mul", List.of("x", other), List.of("sum"), Map.of()));
    edit.remove(sum);

    assertThat(edit.graph().nodes()).extracting(Node::op).containsExactly("Mul", "Relu");
    assertThat(edit.graph().initializers()).containsOnlyKeys("w_2");
    assertThat(edit.fresh("sum")).isEqualTo("sum_2");
  }
}
