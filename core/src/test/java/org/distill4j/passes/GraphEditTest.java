package org.distill4j.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Node;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
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

  /** Of what bypassed nodes passed through, each output of the graph still has a maker. */
  @Test
  void bypass_outputsOfOneValue_areMadeUnderTheirOwnNames() {
    GraphBuilder g = new GraphBuilder("outputs");
    String x = g.input("x", DType.FLOAT32, TWO);
    String y = g.addNamed("y", "Exp", Map.of(), x);
    String z = g.addNamed("z", "Neg", Map.of(), x);
    for (String from : List.of(y, z, x)) {
      for (String to : List.of("a", "b")) {
        g.output(g.addNamed(from + to, "Identity", Map.of(), from), DType.FLOAT32, TWO);
      }
    }
    g.output(y, DType.FLOAT32, TWO);
    Graph graph = g.build();
    GraphEdit edit = new GraphEdit(graph);
    graph.nodes().stream()
        .filter(n -> n.op().equals("Identity"))
        .forEach(n -> edit.bypass(n, n.input(0)));

    Graph bypassed = edit.graph();

    assertThat(bypassed.outputs()).isEqualTo(graph.outputs());
    assertThat(bypassed.nodes()).hasSize(7); // of z's two one is made by its node itself
    SplittableRandom random = new SplittableRandom(Seeds.of(2));
    float[] values = {random.nextFloat(), -random.nextFloat()};
    try (Predictor p = new OnnxRuntime().open(bypassed, 1)) {
      Map<String, HostTensor> said = p.run(Map.of("x", HostTensor.ofFloats(TWO, values)));
      for (String name : List.of("xa", "xb")) {
        assertThat(said.get(name).toFloats()).containsExactly(values);
      }
      for (String name : List.of("za", "zb")) {
        assertThat(said.get(name).toFloats()).containsExactly(-values[0], -values[1]);
      }
      for (String name : List.of("ya", "yb", "y")) {
        assertThat(said.get(name).toFloats()[1])
            .isCloseTo((float) Math.exp(values[1]), within(1e-6f));
      }
    }
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
