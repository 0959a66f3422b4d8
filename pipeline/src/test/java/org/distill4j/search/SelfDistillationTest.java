package org.distill4j.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distill4j.Seeds;
import org.distill4j.data.Splits;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.distill.Teacher;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.progress.ProgressListener;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelfDistillationTest {
  @TempDir Path folder;

  private static Graph endingIn(Graph net, String op) {
    Value logits = net.onlyOutput();
    Value output = new Value("p", logits.type(), logits.shape());
    List<Node> nodes = new ArrayList<>(net.nodes());
    nodes.add(Node.of(op, List.of(logits.name()), List.of("p"), Map.of()));
    return new Graph(
        net.name(), net.inputs(), List.of(output), nodes, net.initializers(), net.metadata());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Softmax", "Sigmoid", "HardSigmoid"})
  void logits_ofAClassifier_areCutWhereItsTeacherIs(String op) {
    Splits data = DataCatalog.here().open("digits");
    Graph net = new Mlp(List.of(4), 0).build(data.shape(), 10, Seeds.of(6));
    Graph model = endingIn(net, op);
    SelfDistillation school =
        new SelfDistillation(model, data, folder, null, 1, ProgressListener.NONE);
    assertThat(school.endsInLogits()).isFalse();
    assertThat(school.logits(model).nodes()).isEqualTo(net.nodes());
    assertThat(Teacher.of(model, data.train().data()).model().nodes()).isEqualTo(net.nodes());
  }
}
