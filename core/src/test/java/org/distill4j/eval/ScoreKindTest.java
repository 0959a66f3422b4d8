package org.distill4j.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class ScoreKindTest {

  /** A chain of one-input nodes. */
  private static Graph chain(String... ops) {
    Shape shape = Shape.of(List.of(Dim.of("batch"), Dim.of(3)));
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < ops.length; i++) {
      nodes.add(new Node("n" + i, "", ops[i], List.of("v" + i), List.of("v" + (i + 1)), Map.of()));
    }
    return new Graph(
        "chain",
        List.of(new Value("v0", DType.FLOAT32, shape)),
        List.of(new Value("v" + ops.length, DType.FLOAT32, shape)),
        nodes,
        Map.of(),
        Map.of());
  }

  @Test
  void of_softmaxAtTheEnd_isProbabilities() {
    assertThat(ScoreKind.of(chain("Relu", "Softmax"))).isEqualTo(ScoreKind.PROBABILITIES);
    assertThat(ScoreKind.of(chain("Softmax", "Identity"))).isEqualTo(ScoreKind.PROBABILITIES);
  }

  @Test
  void of_anythingElseAtTheEnd_isLogits() {
    assertThat(ScoreKind.of(chain("Softmax", "Relu"))).isEqualTo(ScoreKind.LOGITS);
    assertThat(ScoreKind.of(chain("LogSoftmax"))).isEqualTo(ScoreKind.LOGITS);
    assertThat(ScoreKind.of(chain())).isEqualTo(ScoreKind.LOGITS);
  }
}
