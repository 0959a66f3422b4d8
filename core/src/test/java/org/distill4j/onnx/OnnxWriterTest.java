package org.distill4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.storage.MappedFile;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxWriterTest {
  @TempDir Path folder;

  /** y = x W + 0.5, x [batch, 2], W = [[1, 2, 3], [4, 5, 6]]. */
  private static Graph dense() {
    Shape in = Shape.of(2).prepend(Dim.of("batch"));
    Shape out = Shape.of(3).prepend(Dim.of("batch"));
    return new Graph(
        "dense",
        List.of(new Value("x", DType.FLOAT32, in)),
        List.of(new Value("y", DType.FLOAT32, out)),
        List.of(
            Node.of(
                "Gemm",
                List.of("x", "w", "b"),
                List.of("y"),
                Map.of("alpha", Attribute.of(1f), "beta", Attribute.of(1f)))),
        Map.of(
            "w",
            HostTensor.ofFloats(Shape.of(2, 3), 1, 2, 3, 4, 5, 6),
            "b",
            HostTensor.scalar(.5f)),
        Map.of("note", "by hand"));
  }

  @Test
  void toBytes_denseLayer_isRunByOnnxRuntime() throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(OnnxWriter.toBytes(dense()));
        OnnxTensor x = OnnxTensor.createTensor(environment, new float[][] {{1, 10}});
        OrtSession.Result result = session.run(Map.of("x", x))) {
      assertThat(session.getMetadata().getCustomMetadata()).containsEntry("note", "by hand");
      assertThat(session.getMetadata().getProducerName()).isEqualTo("distill4j");
      assertThat((float[][]) result.get(0).getValue())
          .isEqualTo(new float[][] {{41.5f, 52.5f, 63.5f}});
    }
  }

  @Test
  void toBytes_sameGraphBuiltInAnotherOrder_isTheSame() {
    Graph graph = dense();
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    attributes.put("beta", Attribute.of(1f));
    attributes.put("alpha", Attribute.of(1f));
    Graph other =
        new Graph(
            graph.name(),
            graph.inputs(),
            graph.outputs(),
            List.of(graph.nodes().get(0).withAttributes(attributes)),
            graph.initializers(),
            graph.metadata());
    assertThat(OnnxWriter.toBytes(other)).isEqualTo(OnnxWriter.toBytes(graph));
  }

  @Test
  void write_file_holdsTheSameBytes() throws Exception {
    Path target = folder.resolve("new/model.onnx");
    OnnxWriter.write(dense(), target);
    assertThat(Files.readAllBytes(target)).isEqualTo(OnnxWriter.toBytes(dense()));
  }

  /** The file has holes where its bytes would be, and is mapped, so nothing is ever filled. */
  private Path sparseFile(long bytes) throws IOException {
    Path file = folder.resolve("sparse");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(bytes);
    }
    return file;
  }

  @Test
  void toBytes_twoGigabytesOfWeights_isRefusedBeforeAnythingIsCopied() throws Exception {
    int bytes = 1 << 30;
    HostTensor half =
        HostTensor.of(DType.INT8, Shape.of(bytes), MappedFile.stretch(sparseFile(bytes), 0, bytes));
    Graph graph =
        new Graph("big", List.of(), List.of(), List.of(), Map.of("a", half, "b", half), Map.of());
    assertThat(catchThrowableOfType(RunFault.class, () -> OnnxWriter.toBytes(graph)))
        .hasMessageContaining("its initializers take 2147483648 bytes (expected: less than 2 GB");
  }

  @Test
  void read_fileOfTwoGigabytes_pointsToExternalData() throws Exception {
    Path file = sparseFile(1L << 31);
    assertThat(catchThrowableOfType(InputFault.class, () -> OnnxReader.read(file)))
        .hasMessage(
            file
                + ": has 2147483648 bytes (expected: less than 2 GB); export it with external data,"
                + " weights beside it");
  }
}
