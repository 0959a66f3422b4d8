package org.distill4j.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {
  @TempDir Path folder;

  @Test
  void of_largeFileAlteredInPlaceUnderItsOldTime_isAnotherDigest() throws Exception {
    Path file = folder.resolve("large");
    byte[] bytes = new byte[5 << 20];
    SplittableRandom random = new SplittableRandom(Seeds.of(3));
    random.nextBytes(bytes);
    Files.write(file, bytes);
    FileTime written = Files.getLastModifiedTime(file);
    assertThat(Sha256.of(file)).isEqualTo(expected(bytes));
    for (int k = 0; k < 3; k++) {
      int at = random.nextInt(bytes.length);
      bytes[at] ^= 4;
      try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
        open.seek(at);
        open.write(bytes[at]);
      }
      Files.setLastModifiedTime(file, written);
      assertThat(Sha256.of(file)).isEqualTo(expected(bytes)).isEqualTo(Sha256.of(bytes));
    }
  }

  @Test
  void of_largeFileThatHasLainLong_isTheSameWhenAskedAgain() throws IOException {
    Path file = Path.of(System.getProperty("java.home"), "lib", "modules"); // large and old
    assertThat(Sha256.of(file)).isEqualTo(Sha256.of(file)).hasSize(64);
  }

  private static String expected(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
