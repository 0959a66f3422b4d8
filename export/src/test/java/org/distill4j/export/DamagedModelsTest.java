package org.distill4j.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.distill4j.SharedFolder;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.lowered.Lowering;
import org.distill4j.savedmodel.SavedModelWriter;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.SavedModel;

/** Models of other formats that are not whole: read, or refused in one line with their name. */
class DamagedModelsTest {
  @TempDir Path folder;

  private final SplittableRandom random = new SplittableRandom(Seeds.of(20));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bad-utf8-metadata.tflite",
        "nan-scale.tflite",
        "negative-dimension.tflite",
        "sigfpe-conv.tflite",
        "savedmodel-unknown-node"
      })
  void read_damagedModel_isRefusedByItsName(String name) {
    Path path = SharedFolder.require("cases/reliability/" + name);
    assertThatThrownBy(() -> ForeignModelFile.read(path, Optional.empty()))
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith(path + ": ")
        .hasMessageNotContaining("\n");
  }

  static Stream<String> savedModels() {
    return Stream.of("written here", "cases/convert-9-state/state", "cases/convert-7-zeros/cosine");
  }

  /** A copy of it that may be damaged. */
  private Path copy(String name) throws IOException {
    Path copy = folder.resolve("copied");
    if (name.equals("written here")) {
      Graph net = new Mlp(List.of(4), 0).build(Shape.of(1, 3, 3), 2, Seeds.of(1));
      SavedModelWriter.write(Lowering.of(net), copy);
      return copy;
    }
    Path whole = SharedFolder.require(name);
    try (Stream<Path> all = Files.walk(whole)) {
      for (Path one : all.toList()) {
        Path to = copy.resolve(whole.relativize(one).toString());
        if (Files.isDirectory(one)) {
          Files.createDirectories(to);
        } else {
          Files.write(to, Files.readAllBytes(one));
        }
      }
    }
    return copy;
  }

  @ParameterizedTest
  @MethodSource("savedModels")
  void read_savedModelThatIsNotWhole_isReadOrRefusedByItsName(String name) throws IOException {
    Path damaged = copy(name);
    Path file = damaged.resolve("saved_model.pb");
    byte[] whole = Files.readAllBytes(file);
    assertThat(end(damaged)).isEqualTo("read");
    Map<String, Integer> ends = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      Files.write(file, i % 2 == 0 ? reduced(whole) : flipped(whole));
      ends.merge(end(damaged), 1, Integer::sum);
    }
    System.out.println("damaged copies of " + name + ": " + ends);
    assertThat(ends).containsKeys("read", "refused");
  }

  private static String end(Path path) {
    try {
      ForeignModelFile file = ForeignModelFile.read(path, Optional.empty());
      assertThat(file.graph().outputs()).isNotNull();
      return "read";
    } catch (InputFault e) {
      assertThat(e.lines()).hasSize(1);
      assertThat(e.getMessage()).startsWith(path.toString()).doesNotContain("\n");
      return "refused";
    }
  }

  /** One to three bits are others. */
  private byte[] flipped(byte[] whole) {
    byte[] bytes = whole.clone();
    for (int k = random.nextInt(3); k >= 0; k--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  /** A node, its inputs, a function, one of its nodes or what it gives back is missing. */
  private byte[] reduced(byte[] whole) throws IOException {
    SavedModel.Builder model = SavedModel.parseFrom(whole).toBuilder();
    GraphDef.Builder graph = model.getMetaGraphsBuilder(0).getGraphDefBuilder();
    int functions = graph.getLibrary().getFunctionCount();
    if (functions == 0 || random.nextBoolean()) {
      int at = random.nextInt(graph.getNodeCount());
      if (random.nextBoolean()) {
        graph.removeNode(at);
      } else {
        graph.getNodeBuilder(at).clearInput();
      }
    } else {
      int which = random.nextInt(functions);
      FunctionDef.Builder function = graph.getLibraryBuilder().getFunctionBuilder(which);
      int nodes = function.getNodeDefCount();
      switch (random.nextInt(nodes == 0 ? 2 : 4)) {
        case 0 -> graph.getLibraryBuilder().removeFunction(which);
        case 1 -> function.clearRet();
        case 2 -> function.removeNodeDef(random.nextInt(nodes));
        default -> function.getNodeDefBuilder(random.nextInt(nodes)).clearInput();
      }
    }
    return model.build().toByteArray();
  }
}
