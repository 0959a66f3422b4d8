package org.distill4j.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {
  private static final int APART = 2000; // milliseconds within which two changes look alike

  @TempDir Path folder;

  private final SplittableRandom random = new SplittableRandom(Seeds.of(3));
  private int reads;

  private byte[] drawn(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The digest as it is asked for at a time, with the reads of whole files counted. */
  private String at(long now, Path file) {
    return Sha256.of(
        file,
        now,
        asked -> {
          reads++;
          return expected(Files.readAllBytes(asked));
        });
  }

  private static long changed(Path file) throws IOException {
    Assumptions.assumeTrue(file.getFileSystem().supportedFileAttributeViews().contains("unix"));
    return ((FileTime) Files.getAttribute(file, "unix:ctime")).toMillis();
  }

  @Test
  void of_largeFileAlteredInPlaceUnderItsOldTime_isAnotherDigest() throws Exception {
    Path file = folder.resolve("large");
    byte[] bytes = drawn(5 << 20);
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
  void of_largeFileThatHasLainLong_isReadOnce() throws Exception {
    Path file = folder.resolve("large");
    byte[] bytes = drawn((4 << 20) + random.nextInt(100));
    Files.write(file, bytes);
    long later = changed(file) + APART;
    for (int time = 0; time < 3; time++) {
      assertThat(at(later + time, file)).isEqualTo(expected(bytes));
    }
    assertThat(reads).isEqualTo(1);
    assertThat(Sha256.of(file)).isEqualTo(expected(bytes));

    byte[] others = drawn(bytes.length);
    Path other = Files.write(folder.resolve("other"), others);
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(at(changed(file) + APART, file)).as("in its place").isEqualTo(expected(others));
    assertThat(reads).isEqualTo(2);
  }

  @Test
  void of_fileChangedLatelyOrSmall_isReadEachTime() throws Exception {
    Path late = Files.write(folder.resolve("late"), drawn(4 << 20));
    Path small = Files.write(folder.resolve("small"), drawn((4 << 20) - 1));
    for (int time = 1; time <= 3; time++) {
      at(changed(late) + APART - time, late);
      at(changed(small) + 100L * APART, small);
      assertThat(reads).isEqualTo(2 * time);
    }
  }

  private static String expected(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
