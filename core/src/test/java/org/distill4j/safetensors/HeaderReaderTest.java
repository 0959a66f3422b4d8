package org.distill4j.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.fault.InputFault;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that claim what is not so. */
class HeaderReaderTest {
  @TempDir Path folder;

  private Path file(long claimed, String json, int dataBytes) throws IOException {
    byte[] header = json.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(claimed).put(header);
    return Files.write(folder.resolve("bad.safetensors"), bytes.array());
  }

  private void assertRefused(Path file, String line) {
    assertThatThrownBy(() -> SafetensorsFile.open(file))
        .isInstanceOf(InputFault.class)
        .message()
        .startsWith(file.toString())
        .contains(line)
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}} | 'x' data_offsets: [0, 8] (expected: 12 bytes for FLOAT32 [3])
          {"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}} | 'x' data_offsets: [8, 0] (expected: 8 bytes
          {"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | 'x' data_offsets: [4, 8] (expected: a begin at 0
          {"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | 8 bytes of data (expected: 4, as the header says
          {"x":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}} | 8 bytes of data (expected: 16, as the header says
          {"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}} | 'x' shape: [4611686018427387904, 4] (expected: less than 2^63 bytes)
          {"x":{"dtype":"F32","shape":[9223372036854775807],"data_offsets":[0,8]}} | (expected: less than 2^63 bytes)
          {"x":{"dtype":"F32","shape":[18446744073709551618],"data_offsets":[0,8]}} | 'x' shape: 18446744073709551618 (expected: at most 64 numbers
          {"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}} | 'x' shape: -2 (expected
          {"x":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}} | 'x' shape: 2.0 (expected: whole numbers)
          {"x":{"dtype":"F32","shape":2,"data_offsets":[0,8]}} | 'x' shape: 2 (expected: an array of numbers)
          {"x":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}} | 'x' dtype: F8_E4M3 (expected: F32, F16
          {"x":{"dtype":7,"shape":[8],"data_offsets":[0,8]}} | 'x' dtype: 7 (expected: a text)
          {"x":{"dtype":"I8","shape":[8],"data_offsets":[0,8,8]}} | 'x': incomplete
          {"x":{"dtype":"I8","shape":[8]}} | 'x': incomplete (expected: dtype, shape and two data_offsets)
          {"x":{"dtype":"I8","shape":[8],"data_offsets":[0,8],"also":1}} | 'x': 'also' (expected: dtype, shape and data_offsets)
          {"x":[8]} | 'x': [ (expected: an object)
          {"x":{"dtype":"I8","shape":[8],"data_offsets":[0,8]},"x":{"dtype":"I8","shape":[0],"data_offsets":[8,8]}} | Duplicate field 'x'
          {"x":{"dtype":"I8","dtype":"I8","shape":[8],"data_offsets":[0,8]}} | Duplicate field 'dtype'
          {"x":{"dtype":"I8","shape":[5],"data_offsets":[0,5]},"y":{"dtype":"I8","shape":[4],"data_offsets":[4,8]}} | 'y' data_offsets: [4, 8] (expected: a begin at 5
          {"__metadata__":{"k":1},"x":{"dtype":"I8","shape":[8],"data_offsets":[0,8]}} | metadata 'k': 1 (expected: a text)
          {"__metadata__":"k"} | __metadata__: k (expected: an object)
          {"x":{"dtype":"I8","shape":[8],"data_offsets":[0,8]}}{} | behind the header's object: { (expected: only spaces)
          {"x":{"dtype":"I8","shape":[8],"data_offsets":[0,8]} | header: Unexpected end-of-input
          [] | the header: [ (expected: an object)
          {nothing} | header: Unexpected character
          """)
  void open_aClaimThatIsNotSo_isRefusedInOneLine(String json, String line) throws IOException {
    assertRefused(file(json.length(), json, 8), line);
  }

  @Test
  void open_absurdHeaderLengths_areRefused() throws IOException {
    assertRefused(file(0, "{}", 0), "header: 0 bytes (expected: 2 to 2;");
    assertRefused(file(3, "{}", 0), "header: 3 bytes (expected: 2 to 2;");
    assertRefused(file(-1, "{}", 0), "header: 18446744073709551615 bytes");
    assertRefused(file(Long.MAX_VALUE, "{}", 0), "header: 9223372036854775807 bytes");
    Path tiny = Files.write(folder.resolve("tiny"), new byte[7]);
    assertRefused(tiny, "7 bytes (expected: a safetensors file, which has at least 8)");
    assertRefused(folder.resolve("absent"), "cannot be read");
  }

  @Test
  void open_aHeaderOfMoreThan100MB_isRefusedThoughTheFileHasIt() throws IOException {
    Path file = folder.resolve("long.safetensors");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(200_000_000);
      sparse.writeLong(Long.reverseBytes(100_000_001));
    }
    assertRefused(file, "header: 100000001 bytes (expected: 2 to 100000000;");
  }

  @Test
  void open_namesWithLineBreaks_areShownInOneLine() throws IOException {
    String json = "{\"a\\nb\":{\"dtype\":\"" + "z".repeat(5000) + "\"}}";
    Path file = file(json.length(), json, 0);
    assertRefused(file, "array 'a b' dtype: zzz");
    assertThatThrownBy(() -> SafetensorsFile.open(file))
        .message()
        .hasSizeLessThan(400 + file.toString().length());
  }

  @Test
  void open_anEmptyHeader_isAFileOfNothing() throws IOException {
    SafetensorsFile file = SafetensorsFile.open(file(2, "{}", 0));
    assertThat(file.names()).isEmpty();
    assertThat(file.metadata()).isEmpty();
  }

  /** Every prefix and many alterations: refused in one line or read, never anything else. */
  @Test
  void open_cutOrAlteredAnywhere_neverFailsOtherwise() throws IOException {
    Path whole = folder.resolve("whole.safetensors");
    SafetensorsWriter.write(
        whole,
        "whole",
        Map.of("x", HostTensor.ofFloats(Shape.of(2), 1, 2), "s", HostTensor.scalar(3)),
        Map.of("k", "v"));
    byte[] bytes = Files.readAllBytes(whole);
    Path damaged = folder.resolve("damaged.safetensors");
    for (int length = 0; length < bytes.length; length++) {
      Files.write(damaged, Arrays.copyOf(bytes, length));
      assertRefused(damaged, "expected");
    }
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1000; i++) {
      byte[] altered = bytes.clone();
      altered[random.nextInt(bytes.length - 12)] = (byte) random.nextInt();
      Files.write(damaged, altered);
      try {
        assertThat(SafetensorsFile.open(damaged).names()).hasSizeBetween(1, 2);
      } catch (InputFault fault) {
        assertThat(fault.getMessage()).doesNotContain("\n").contains("expected");
      }
    }
  }

  @Test
  void open_headerInAnotherEncoding_isRefused() throws IOException {
    String json = "{\"x\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}";
    SplittableRandom random = new SplittableRandom(Seeds.of(43));
    for (String encoding : new String[] {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"}) {
      assertRefused(encoded(json.getBytes(Charset.forName(encoding))), "header: ");
    }
    for (int i = 0; i < 40; i++) {
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      for (int k = random.nextInt(4); k >= 0; k--) {
        bytes[k] = (byte) (i % 2 == 0 ? 0 : 0x80 + random.nextInt(0x80));
      }
      assertRefused(encoded(bytes), "header: ");
    }
  }

  private Path encoded(byte[] header) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length).put(header);
    return Files.write(folder.resolve("bad.safetensors"), bytes.array());
  }
}
