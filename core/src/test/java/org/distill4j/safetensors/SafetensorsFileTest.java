package org.distill4j.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.util.passthrough.PassthroughNDManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Float16;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
  @TempDir Path folder;

  private Path write(Map<String, HostTensor> arrays, Map<String, String> metadata) {
    Path file = folder.resolve("arrays.safetensors");
    SafetensorsWriter.write(file, "arrays", arrays, metadata);
    return file;
  }

  private static Map<String, HostTensor> oneOfEachType() {
    Map<String, HostTensor> arrays = new LinkedHashMap<>();
    for (DType type : DType.values()) {
      byte[] bytes = new byte[3 * type.bytes()]; // 3: sizes that would misalign what follows
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (type == DType.BOOL ? i % 2 : 17 * i + 5 * type.bytes());
      }
      arrays.put("a/" + type.name(), HostTensor.of(type, Shape.of(3, 1), ByteBuffer.wrap(bytes)));
    }
    arrays.put("empty", HostTensor.ofFloats(Shape.of(0, 4)));
    arrays.put("scalar", HostTensor.scalar(2.5f));
    return arrays;
  }

  @Test
  void open_everyType_givesBackArraysAndTexts() {
    Map<String, HostTensor> arrays = oneOfEachType();
    Map<String, String> texts = Map.of("view", "plain", "quote", "\"ä\n", "empty", "");
    SafetensorsFile file = SafetensorsFile.open(write(arrays, texts));
    assertThat(file.names()).containsExactlyInAnyOrderElementsOf(arrays.keySet());
    arrays.forEach((name, tensor) -> assertThat(file.tensor(name)).as(name).isEqualTo(tensor));
    assertThat(file.metadata()).isEqualTo(texts);
    assertThat(file.size()).isEqualTo(file.header().fileSize());
  }

  @Test
  void write_everyType_alignsEachArrayToItsElements() {
    SafetensorsHeader header = SafetensorsFile.open(write(oneOfEachType(), Map.of())).header();
    assertThat(header.dataStart() % 8).isZero();
    for (SafetensorsHeader.Entry e : header.entries()) {
      assertThat((header.dataStart() + e.begin()) % e.type().bytes()).as(e.name()).isZero();
    }
  }

  @Test
  void write_inAnotherOrder_givesTheSameBytes() throws IOException {
    Map<String, HostTensor> arrays = oneOfEachType();
    byte[] first = Files.readAllBytes(write(arrays, Map.of("a", "1", "b", "2", "c", "3")));
    Map<String, HostTensor> reversed = new LinkedHashMap<>();
    List<String> names = List.copyOf(arrays.keySet());
    for (int i = names.size() - 1; i >= 0; i--) {
      reversed.put(names.get(i), arrays.get(names.get(i)));
    }
    assertThat(write(reversed, Map.of("c", "3", "b", "2", "a", "1"))).hasBinaryContent(first);
  }

  @Test
  void write_twoArrays_equalsTheBytesOfTheFormat() {
    Map<String, HostTensor> arrays =
        Map.of(
            "b", HostTensor.of(DType.INT8, Shape.of(1), ByteBuffer.wrap(new byte[] {7})),
            "x", HostTensor.ofFloats(Shape.of(1, 2), 1, -2));
    String json =
        "{\"__metadata__\":{\"k\":\"v\"},"
            + "\"x\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[8,9]}}";
    assertThat(json).hasSize(133);
    byte[] head = (json + " ".repeat(3)).getBytes(StandardCharsets.UTF_8); // 133 + 3 = 17 x 8
    ByteBuffer expected = ByteBuffer.allocate(8 + 136 + 9);
    expected.put(new byte[] {(byte) 136, 0, 0, 0, 0, 0, 0, 0}).put(head);
    expected.put(new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0xc0, 7}); // 1f, -2f, 7
    assertThat(write(arrays, Map.of("k", "v"))).hasBinaryContent(expected.array());
  }

  /** Deep Java Library's reader shares no code with this one. */
  @Test
  void write_thenReadByDeepJavaLibrary_givesTheSameValues() throws IOException {
    Map<String, HostTensor> arrays = new LinkedHashMap<>();
    arrays.put("weights", HostTensor.ofFloats(Shape.of(2, 3), 1, -2, 3.5f, 0, 1e-30f, 65504));
    arrays.put("steps", HostTensor.ofLongs(Shape.of(2), 1L << 40, -1));
    arrays.put("means", HostTensor.ofDoubles(Shape.of(1), Math.PI));
    ByteBuffer halves = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    halves.putShort(Float16.fromFloat(0.1f)).putShort(Float16.fromFloat(-65504)).flip();
    arrays.put("halves", HostTensor.of(DType.FLOAT16, Shape.of(2, 1), halves));
    byte[] bytes = Files.readAllBytes(write(arrays, Map.of("view", "plain")));
    NDList list = NDList.decode(PassthroughNDManager.INSTANCE, bytes);
    assertThat(list.stream().map(NDArray::getName))
        .containsExactlyInAnyOrderElementsOf(arrays.keySet());
    for (NDArray array : list) {
      HostTensor tensor = arrays.get(array.getName());
      assertThat(array.getShape().getShape()).isEqualTo(tensor.shape().sizes());
      assertThat(array.toByteBuffer()).as(array.getName()).isEqualTo(tensor.bytes());
    }
    assertThat(list.stream().map(NDArray::getDataType))
        .containsExactlyInAnyOrder(
            DataType.FLOAT32, DataType.INT64, DataType.FLOAT64, DataType.FLOAT16);
  }

  @Test
  void slice_withinAnArray_isItsBytes() {
    SafetensorsFile file =
        SafetensorsFile.open(
            write(Map.of("x", HostTensor.ofFloats(Shape.of(4), 1, 2, 3, 4)), Map.of()));
    assertThat(file.slice("x", 8, 4).getFloat()).isEqualTo(3);
    assertThatThrownBy(() -> file.slice("x", 12, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("array 'x': bytes 12 + 8 (expected: within 16)");
  }

  @Test
  void tensor_ofAnUnknownName_saysWhatIsThere() {
    SafetensorsFile file = SafetensorsFile.open(write(Map.of("x", HostTensor.scalar(1)), Map.of()));
    assertThatThrownBy(() -> file.tensor("y"))
        .isInstanceOf(InputFault.class)
        .hasMessageEndingWith("array 'y': is not there (expected: one of [x])");
  }

  @Test
  void header_oneNameTwice_isRefused() {
    Value x = new Value("x", DType.INT8, Shape.of(1));
    assertThatThrownBy(() -> SafetensorsHeader.of(List.of(x, x), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("array 'x': its name is taken (expected: a name of its own)");
  }

  /** Three arrays of 1.5 GB each; the file is sparse, so it takes no room. */
  @Test
  void open_aFileOfMoreThan4GB_readsAcrossWindows() throws IOException {
    long bytes = 3L << 29;
    List<Value> values =
        List.of(
            new Value("a", DType.FLOAT32, Shape.of(bytes / 4)),
            new Value("b", DType.FLOAT32, Shape.of(bytes / 4)),
            new Value("c", DType.FLOAT32, Shape.of(bytes / 4)));
    SafetensorsHeader header = SafetensorsHeader.of(values, Map.of());
    Path file = folder.resolve("large.safetensors");
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      channel.write(ByteBuffer.wrap(header.toBytes()));
      channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), header.fileSize() - 4);
      channel.write(
          ByteBuffer.wrap(new byte[] {5, 6, 7, 8}), header.dataStart() + bytes + (1 << 29));
    }
    SafetensorsFile large = SafetensorsFile.open(file);
    assertThat(large.slice("c", bytes - 4, 4).getInt()).isEqualTo(0x04030201);
    assertThat(large.slice("b", 1 << 29, 4).getInt()).isEqualTo(0x08070605);
    assertThatThrownBy(() -> large.tensor("c"))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("1610612736 bytes (expected: at most 268435456 to be read at once)");
  }
}
