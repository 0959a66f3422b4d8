package org.distill4j.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.distill4j.fault.InputFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordFileTest {
  @TempDir Path folder;

  @Test
  void masked_digits_isTheCheckValueOfCrc32cRotated() {
    // CRC-32C("123456789") = e3069283 (RFC 3720's polynomial); rotated right by 15: 2507c60d
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertThat(Written.masked(digits)).isEqualTo(0x2507c60d + 0xa282ead8);
  }

  @Test
  void open_records_comeBackWhole() throws IOException {
    List<byte[]> records = List.of(new byte[0], new byte[] {1, 2, 3}, new byte[3000]);
    RecordFile file = RecordFile.open(write(Written.file(records)));
    assertThat(file.count()).isEqualTo(3);
    assertThat(file.bytes()).isEqualTo(3003);
    for (int i = 0; i < 3; i++) {
      byte[] bytes = new byte[file.record(i).remaining()];
      file.record(i).get(bytes);
      assertThat(bytes).isEqualTo(records.get(i));
    }
  }

  @Test
  void open_anyBitTurned_isNamedInOneLine() throws IOException {
    byte[] bytes = Written.file(List.of(new byte[] {7, 7}, new byte[100]));
    Random random = new Random(1);
    for (int trial = 0; trial < 60; trial++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      Path path = write(damaged);
      assertThatThrownBy(() -> RecordFile.open(path))
          .isInstanceOf(InputFault.class)
          .hasMessageStartingWith(path + ": record ")
          .hasMessageContaining("is damaged: checksum ")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void open_cutOff_isNamed() throws IOException {
    byte[] bytes = Written.file(List.of(new byte[] {7, 7}, new byte[100]));
    Path path = write(Arrays.copyOf(bytes, bytes.length - 30));
    assertThatThrownBy(() -> RecordFile.open(path))
        .hasMessage(
            path
                + ": record 1 at byte 18 is cut off: 86 bytes (expected: 116); fetch the file again");
    Path head = write(Arrays.copyOf(bytes, 21));
    assertThatThrownBy(() -> RecordFile.open(head))
        .hasMessageContaining("record 1 at byte 18 is cut off: 3 bytes (expected: 12)");
  }

  @Test
  void example_everyKindOfFeature_isRead() {
    byte[] written =
        Written.example(
            "image", Written.bytes(new byte[] {1, 2}, new byte[] {3}),
            "x", Written.floats(1.5f, -2),
            "label", Written.ints(true, 3, -1),
            "more", Written.ints(false, 300, 5));
    Example example = Example.read(ByteBuffer.wrap(written), "r");
    assertThat(example.features()).containsOnlyKeys("image", "x", "label", "more");
    assertThat(((Example.Bytes) example.features().get("image")).values().get(1))
        .containsExactly(3);
    assertThat(numbers(example, "x")).containsExactly(1.5f, -2);
    assertThat(numbers(example, "label")).containsExactly(3, -1);
    assertThat(numbers(example, "more")).containsExactly(300, 5);
  }

  @Test
  void example_garbage_isRefusedInOneLine() {
    byte[] cut = Arrays.copyOf(Written.example("x", Written.floats(1, 2, 3)), 12);
    assertThatThrownBy(() -> Example.read(ByteBuffer.wrap(cut), "f: record 4"))
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith("f: record 4: no tf.train.Example (expected: features by name)")
        .hasMessageNotContaining("\n");
  }

  private static float[] numbers(Example example, String name) {
    return ((Example.Numbers) example.features().get(name)).values();
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("x" + System.nanoTime() + ".tfrecord"), bytes);
  }
}
