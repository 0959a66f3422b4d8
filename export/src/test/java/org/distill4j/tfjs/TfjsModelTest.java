package org.distill4j.tfjs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.distill4j.format.Bits;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.lowered.Lowering;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TfjsModelTest {
  private static final Graph NET =
      Metadata.withClasses(
          new Cnn(List.of("8", "pool"), List.of(32), 0, true).build(Shape.of(1, 8, 8), 3, 1),
          List.of("cat", "dog", "owl"));

  @TempDir private Path folder;

  private JsonNode write(Graph net, Bits bits) throws Exception {
    TfjsModel.of(Lowering.of(net), bits).write(folder);
    return new ObjectMapper().readTree(Files.readString(folder.resolve("model.json")));
  }

  private static long bytes(JsonNode model) {
    long bytes = 0;
    for (JsonNode weight : model.path("weightsManifest").get(0).path("weights")) {
      long elements = 1;
      for (JsonNode size : weight.path("shape")) {
        elements *= size.asLong();
      }
      String stored = weight.path("quantization").path("dtype").asText("float32");
      bytes += elements * (stored.equals("uint8") ? 1 : stored.equals("uint16") ? 2 : 4);
    }
    return bytes;
  }

  @Test
  void write_aNet_hasItsWeightsInTheShardsAndItsClassesInTheModel() throws Exception {
    JsonNode model = write(NET, Bits.ALL);

    assertThat(model.path("format").asText()).isEqualTo("graph-model");
    assertThat(model.path("signature").path("inputs").has("input")).isTrue();
    assertThat(model.path("userDefinedMetadata").path("distill4j.classes").asText())
        .isEqualTo("[\"cat\",\"dog\",\"owl\"]");
    assertThat(Files.size(folder.resolve("group1-shard1of1.bin"))).isEqualTo(bytes(model));
    for (JsonNode node : model.path("modelTopology").path("node")) {
      assertThat(node.toString()).doesNotContain("tensorContent");
    }
  }

  @Test
  void write_eightBits_isAQuarter() throws Exception {
    JsonNode whole = write(NET, Bits.ALL);
    long before = bytes(whole);
    JsonNode small = write(NET, Bits.EIGHT);

    assertThat(Files.size(folder.resolve("group1-shard1of1.bin"))).isEqualTo(bytes(small));
    assertThat(bytes(small)).isBetween(before / 4, before / 3);
  }

  @Test
  void write_moreThanFourMegabytes_isSharded() throws Exception {
    Graph wide = new Mlp(List.of(1500), 0).build(Shape.of(1, 28, 28), 10, 1); // 1,192,510 floats
    JsonNode model = write(wide, Bits.ALL);

    assertThat(model.path("weightsManifest").get(0).path("paths").size()).isEqualTo(2);
    assertThat(Files.size(folder.resolve("group1-shard1of2.bin"))).isEqualTo(4 << 20);
  }
}
