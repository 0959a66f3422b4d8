package org.distill4j.savedmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.SharedFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.TensorInfo;

class ServedGraphTest {
  private final SplittableRandom random = new SplittableRandom(Seeds.of(21));

  private static ServedGraph graph(NodeDef... nodes) {
    GraphDef.Builder graph = GraphDef.newBuilder();
    for (NodeDef node : nodes) {
      graph.addNode(node);
    }
    return new ServedGraph(MetaGraphDef.newBuilder().setGraphDef(graph).build());
  }

  private static NodeDef.Builder node(String name, String op) {
    return NodeDef.newBuilder().setName(name).setOp(op);
  }

  @Test
  void end_nodesThatPassOn_isWhatTheyTake() {
    NodeDef end = node("a", "Softmax").build();
    NodeDef both = node("b", "IdentityN").addInput("x").addInput("a:0").build();
    NodeDef last = node("c", "Identity").addInput("b:1").build();
    assertThat(graph(end, both, last).end("c:0")).contains("Softmax");
  }

  @Test
  void end_nodesWithoutTheirInputs_isUnknown() {
    assertThat(graph(node("c", "Identity").build()).end("c:0")).isEmpty();
    NodeDef both = node("b", "IdentityN").addInput("a").build();
    NodeDef last = node("c", "Reshape").addInput("b:1").build();
    assertThat(graph(node("a", "Softmax").build(), both, last).end("c:0")).isEmpty();
  }

  /** Whatever can still be parsed is answered, or is unknown. */
  @ParameterizedTest
  @CsvSource({
    "cases/convert-9-state/state, 500",
    "cases/convert-7-zeros/cosine, 500",
    "cases/convert-11-types/bytes, 500"
  })
  void end_damagedFile_isAnOperatorOrUnknown(String name, int times) throws IOException {
    byte[] whole = Files.readAllBytes(SharedFolder.require(name).resolve("saved_model.pb"));
    int parsed = 0;
    int refused = 0;
    for (int i = 0; i < times; i++) {
      byte[] bytes = whole.clone();
      for (int k = random.nextInt(3); k >= 0; k--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        for (MetaGraphDef meta : SavedModel.parseFrom(bytes).getMetaGraphsList()) {
          ServedGraph graph = new ServedGraph(meta);
          List<String> ends =
              meta.getSignatureDefMap().values().stream()
                  .flatMap(signature -> signature.getOutputsMap().values().stream())
                  .map(TensorInfo::getName)
                  .toList();
          ends.forEach(
              end ->
                  assertThat(graph.end(end).orElse("Gemm"))
                      .isIn("Softmax", "LogSoftmax", "Sigmoid", "Gemm"));
          assertThatCode(() -> graph.remembers(ends)).doesNotThrowAnyException();
          parsed++;
        }
      } catch (InvalidProtocolBufferException e) {
        refused++; // by TensorFlow too
      }
    }
    assertThat(parsed).isGreaterThan(times / 10);
    assertThat(refused).isPositive();
  }
}
