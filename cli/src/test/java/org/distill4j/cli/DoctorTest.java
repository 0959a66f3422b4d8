package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.distill4j.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What {@code doctor} finds in folders. */
class DoctorTest {
  private static final int MEGABYTE = 1 << 20;

  @TempDir private Path folder;

  /** The libraries lay links beside what they unpack, one for each name of a version. */
  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void cache_withLinksIntoIt_countsEachFileOnce() throws IOException {
    Random random = new Random(Seeds.of(17));
    Path cache = Files.createDirectories(folder.resolve("cache"));
    int megabytes = 0;
    for (int i = 0; i < 3; i++) {
      int size = 1 + random.nextInt(4);
      Path unpacked = Files.createDirectories(cache.resolve("jar" + i)).resolve("lib.so.2");
      Files.write(unpacked, new byte[size * MEGABYTE]);
      Files.createSymbolicLink(unpacked.resolveSibling("lib.so"), unpacked);
      Files.createSymbolicLink(cache.resolve("link" + i), unpacked.getParent());
      megabytes += size;
    }
    assertThat(Doctor.cache(cache).says()).startsWith(cache + ", " + megabytes + " MB; ");
    assertThat(Doctor.cache(cache.resolve("none")).says()).endsWith(", empty");
  }

  @Test
  void folder_thatCannotBeOne_isBad() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(Doctor.folder(file).fine()).isFalse();
    assertThat(Doctor.folder(file).says()).isEqualTo(file + " is a file (expected: a folder)");
    assertThat(Doctor.folder(folder.resolve("new")))
        .isEqualTo(new Doctor.Finding(true, folder.resolve("new") + ""));
  }
}
