package org.distill4j.inference;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files a model that stands for another may have opened. */
class ForeignModelTest {
  private static final String OUTSIDE = "which lies outside its folder";
  private static final String ALLOWED = "nothing here runs it"; // it was looked for
  @TempDir Path folder;

  /** A model file, in a folder of its own, that names a file and says that it lies beside it. */
  private Graph standIn(String path) throws IOException {
    Node node =
        new Node(
            "file",
            "org.distill4j",
            "File",
            List.of("x"),
            List.of("y"),
            Map.of(
                "path", Attribute.of(path),
                "sha256", Attribute.of("0".repeat(64)),
                "beside", Attribute.of(1)));
    Shape shape = Shape.of(1, 2);
    Graph graph =
        new Graph(
            "told",
            List.of(new Value("x", DType.FLOAT32, shape)),
            List.of(new Value("y", DType.FLOAT32, shape)),
            List.of(node),
            Map.of(),
            Map.of());
    Path file = Files.createDirectories(folder.resolve("models")).resolve("m.onnx");
    OnnxWriter.write(graph, file);
    return OnnxReader.read(file);
  }

  private static void assertOpening(Graph graph, String says) {
    assertThatThrownBy(() -> Runtimes.of(graph).open(graph, 1))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining(says);
  }

  @Test
  void open_fileElsewhereThatNobodyNamed_isNotLookedAt() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "x");
    assertOpening(standIn(secret.toString()), OUTSIDE);
    assertOpening(standIn(folder.resolve("models/../secret").toString()), OUTSIDE);
    Path link = folder.resolve("models/link");
    Files.createSymbolicLink(link, secret);
    assertOpening(standIn(link.toString()), OUTSIDE);
  }

  @Test
  void open_fileInTheModelsFolder_isLookedAt() throws IOException {
    Path models = Files.createDirectories(folder.resolve("models"));
    Path beside = Files.writeString(models.resolve("beside"), "y");
    assertOpening(standIn(beside.toString()), ALLOWED);
  }

  @Test
  void open_fileThatWasNamed_isLookedAt() throws IOException {
    Path named = Files.writeString(folder.resolve("named"), "z");
    ForeignModel.of(named, "", false);
    assertOpening(standIn(named.toString()), ALLOWED);
  }
}
