package org.distill4j.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.SharedFolder;
import org.distill4j.fault.InputFault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of which some bytes are others: read, or refused in one line with the file's name. */
class DamagedFileTest {
  private static final int MUTATIONS = 3000;
  private final SplittableRandom random = new SplittableRandom(Seeds.of(47));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "convert-7-zeros/cosine.tflite",
        "convert-9-state/state.tflite",
        "convert-11-types/int16.tflite",
        "convert-12-cause/select.tflite",
        "reliability/sigfpe-conv.tflite"
      })
  void of_bytesOfNoModel_isReadOrRefusedWithTheName(String name) throws IOException {
    byte[] whole = Files.readAllBytes(SharedFolder.require("cases/" + name));
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes = mutated(whole);
      try {
        assertThat(TfliteFile.of("drawn.tflite", ByteBuffer.wrap(bytes)).name()).isNotEmpty();
      } catch (InputFault e) {
        assertThat(e.lines()).hasSize(1);
        assertThat(e.getMessage()).startsWith("drawn.tflite: ").doesNotContain("\n");
      }
    }
  }

  /** Bytes, words or the end of a file. */
  private byte[] mutated(byte[] whole) {
    byte[] bytes = whole.clone();
    for (int k = random.nextInt(4); k >= 0; k--) {
      int at = 8 + random.nextInt(bytes.length - 12);
      switch (random.nextInt(3)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        default -> ByteBuffer.wrap(bytes).putInt(at / 4 * 4, random.nextInt());
      }
    }
    return random.nextInt(10) > 0
        ? bytes
        : java.util.Arrays.copyOf(bytes, 9 + random.nextInt(bytes.length - 9));
  }
}
