package org.distill4j.softlabels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class LogitsTest {
  /** y = end(2 x) */
  private static Graph endingIn(Node... end) {
    Shape shape = Shape.of(List.of(Dim.of("batch"), Dim.of(2)));
    List<Node> nodes = new ArrayList<>();
    nodes.add(Node.of("Add", List.of("x", "x"), List.of("twice"), Map.of()));
    nodes.addAll(List.of(end));
    Graph graph =
        new Graph(
            "ending",
            List.of(new Value("x", DType.FLOAT32, shape)),
            List.of(new Value("y", DType.FLOAT32, shape)),
            nodes,
            Map.of("whole", HostTensor.ofLongs(Shape.of(2), -1, 2)),
            Map.of());
    return Metadata.withClasses(graph, List.of("a", "b"));
  }

  private static Node node(String op, String input, String output) {
    return Node.of(op, List.of(input), List.of(output), Map.of());
  }

  private static float[] run(Graph graph) {
    try (Predictor p = new OnnxRuntime().open(graph, 1)) {
      return p.run(Map.of("x", HostTensor.ofFloats(Shape.of(1, 2), 3, -5))).get("y").toFloats();
    }
  }

  @Test
  void of_aModelEndingInSoftmax_givesWhatWentIntoIt() {
    Graph model = endingIn(node("Softmax", "twice", "y"));
    assertThat(run(model)[0]).isGreaterThan(0.99f);
    Graph logits = Logits.of(model);
    assertThat(run(logits)).containsExactly(6, -10);
    assertThat(logits.outputs()).isEqualTo(model.outputs());
    assertThat(Metadata.classes(logits)).contains(List.of("a", "b"));
  }

  @Test
  void of_softmaxBeforeAReshape_givesWhatWentIntoIt() {
    Graph model =
        endingIn(
            node("Softmax", "twice", "p"),
            node("Flatten", "p", "flat"),
            Node.of("Reshape", List.of("flat", "whole"), List.of("y"), Map.of()));
    assertThat(run(Logits.of(model))).containsExactly(6, -10);
  }

  @Test
  void of_aModelWithoutSoftmaxAtTheEnd_isTheSame() {
    Graph logSoftmax = endingIn(node("LogSoftmax", "twice", "y"));
    Graph within = endingIn(node("Softmax", "twice", "p"), node("Neg", "p", "y"));
    assertThat(Logits.of(logSoftmax)).isSameAs(logSoftmax);
    assertThat(Logits.of(within)).isSameAs(within);
  }
}
