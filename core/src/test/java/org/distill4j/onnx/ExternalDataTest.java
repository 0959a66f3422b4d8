package org.distill4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalDataTest {
  @TempDir Path folder;

  @BeforeEach
  void writeData() throws IOException {
    Path models = Files.createDirectories(folder.resolve("models/parts"));
    ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    data.putFloat(-1).putFloat(1).putFloat(2).putFloat(3);
    Files.write(models.resolve("w.bin"), data.array());
    Files.write(folder.resolve("secret.bin"), data.array());
  }

  /** A model whose only initializer, w [3] of float32, lies where the entries say. */
  private Path model(Map<String, String> entries) throws IOException {
    ModelProto.Builder model = Protos.model(13);
    TensorProto.Builder w = model.getGraphBuilder().addInitializerBuilder();
    w.setName("w").setDataType(ElementType.code(DType.FLOAT32)).addDims(3);
    w.setDataLocation(TensorProto.DataLocation.EXTERNAL);
    entries.forEach((key, text) -> w.addExternalDataBuilder().setKey(key).setValue(text));
    model.getGraphBuilder().addOutput(Protos.value("w", DType.FLOAT32));
    return Files.write(folder.resolve("models/m.onnx"), model.build().toByteArray());
  }

  private String fault(Map<String, String> entries) throws IOException {
    Path file = model(entries);
    InputFault fault = catchThrowableOfType(InputFault.class, () -> OnnxReader.read(file));
    assertThat(fault).isNotNull();
    assertThat(fault.lines()).hasSize(1);
    assertThat(fault.getMessage()).startsWith(file + ": initializer 'w': ");
    return fault.getMessage().substring((file + ": initializer 'w': ").length());
  }

  @Test
  void read_dataInAFileBeside_isMapped() throws IOException {
    Path file = model(Map.of("location", "parts/w.bin", "offset", "4", "length", "12"));
    Graph graph = OnnxReader.read(file);
    assertThat(graph.initializers()).containsEntry("w", HostTensor.ofFloats(Shape.of(3), 1, 2, 3));
  }

  @Test
  void open_dataInAFileBeside_countsAndDigestsBothFiles() throws IOException {
    Path file = model(Map.of("location", "parts/w.bin", "offset", "4", "length", "12"));
    OnnxFile model = OnnxReader.open(file);
    assertThat(model.opset()).isEqualTo(13);
    assertThat(model.files()).containsExactly(file, file.resolveSibling("parts/w.bin"));
    assertThat(model.bytes()).isEqualTo(Files.size(file) + 16);
    String before = model.sha256();
    Files.write(file.resolveSibling("parts/w.bin"), new byte[16]);
    assertThat(model.sha256()).isNotEqualTo(before);
  }

  /** As a hub's client lays models into its cache: names here, contents there. */
  @Test
  void read_namesThatAreLinksIntoOneFolderOfContents_isRead() throws IOException {
    Path file = model(Map.of("location", "parts/w.bin", "offset", "4", "length", "12"));
    Path blobs = Files.createDirectories(folder.resolve("hub/blobs"));
    Path names = Files.createDirectories(folder.resolve("hub/snapshots/1/onnx/parts"));
    Files.move(file, blobs.resolve("8a42"));
    Files.move(folder.resolve("models/parts/w.bin"), blobs.resolve("fd5d"));
    Path model = names.resolveSibling("m.onnx");
    Files.createSymbolicLink(model, Path.of("../../../blobs/8a42"));
    Files.createSymbolicLink(names.resolve("w.bin"), Path.of("../../../../blobs/fd5d"));
    Graph graph = OnnxReader.read(model);
    assertThat(graph.initializers()).containsEntry("w", HostTensor.ofFloats(Shape.of(3), 1, 2, 3));

    Files.delete(names.resolve("w.bin"));
    Files.createSymbolicLink(names.resolve("w.bin"), folder.resolve("secret.bin"));
    assertThat(catchThrowableOfType(InputFault.class, () -> OnnxReader.read(model)))
        .hasMessageContaining("(expected: a relative path to a file inside the model's folder)");
  }

  @Test
  void read_dataOutsideTheFolder_isRefused() throws IOException {
    String outside = "(expected: a relative path to a file inside the model's folder)";
    assertThat(fault(Map.of("location", "../secret.bin"))).endsWith(outside);
    assertThat(fault(Map.of("location", "parts/../../secret.bin"))).endsWith(outside);
    assertThat(fault(Map.of("location", folder.resolve("secret.bin").toString())))
        .endsWith(outside);
    assertThat(fault(Map.of())).isEqualTo("external data '' " + outside);
    Path link = folder.resolve("models/link.bin");
    Files.createSymbolicLink(link, folder.resolve("secret.bin"));
    assertThat(fault(Map.of("location", "link.bin"))).endsWith(outside);
  }

  @Test
  void read_dataThatIsNotThere_isRefused() throws IOException {
    assertThat(fault(Map.of("location", "no.bin"))).endsWith("copy it beside the model");
    assertThat(fault(Map.of("location", "parts"))).endsWith("copy it beside the model");
  }

  @Test
  void read_dataBeyondTheFile_isRefused() throws IOException {
    assertThat(fault(Map.of("location", "parts/w.bin", "offset", "8")))
        .isEqualTo(
            "external data needs bytes 8 + 12 of 'w.bin' (expected: within its 16); copy it again");
    assertThat(fault(Map.of("location", "parts/w.bin", "offset", "9223372036854775807")))
        .contains("(expected: within its 16)");
  }

  @Test
  void read_offsetOrLengthThatCannotBe_isRefused() throws IOException {
    assertThat(fault(Map.of("location", "parts/w.bin", "offset", "-4")))
        .isEqualTo("external data offset -4 (expected: >= 0)");
    assertThat(fault(Map.of("location", "parts/w.bin", "offset", "four")))
        .isEqualTo("external data offset 'four' (expected: a number)");
    assertThat(fault(Map.of("location", "parts/w.bin", "length", "16")))
        .isEqualTo("external data has 16 bytes (expected: 12)");
  }

  @Test
  void read_fromMemory_hasNoFolder() throws IOException {
    byte[] bytes = Files.readAllBytes(model(Map.of("location", "parts/w.bin")));
    assertThat(catchThrowableOfType(InputFault.class, () -> OnnxReader.read(bytes, "m.onnx")))
        .hasMessageStartingWith("m.onnx: initializer 'w': lies in another file, but the model");
  }
}
