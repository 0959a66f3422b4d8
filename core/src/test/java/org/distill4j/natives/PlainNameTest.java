package org.distill4j.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.distill4j.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainNameTest {
  private static final String[] MISREAD = {"[", "]", "\\", "\uD83D\uDE00", "\uD834\uDD1E"};

  @TempDir private Path folder;

  /** Names of a few letters with a misread one among them. */
  private static String drawn(Random random) {
    StringBuilder name = new StringBuilder("n");
    for (int i = 0; i < 4; i++) {
      name.append((char) ('a' + random.nextInt(26)));
    }
    return name.insert(1 + random.nextInt(name.length()), MISREAD[random.nextInt(MISREAD.length)])
        .toString();
  }

  @Test
  void of_plainName_isItself() throws Exception {
    Path file = Files.createFile(folder.resolve("Gr\u00f6\u00dfe (1) *.onnx"));
    try (PlainName name = PlainName.of(file)) {
      assertThat(name.path()).isEqualTo(file);
    }
  }

  @Test
  void of_nameThatIsMisread_leadsToTheSameFileAndIsGoneAfterwards() throws Exception {
    Random random = new Random(Seeds.of(31));
    for (int round = 0; round < 20; round++) {
      Path inside = Files.createDirectory(folder.resolve(drawn(random)));
      Path plain = Files.writeString(inside.resolve("model.onnx"), "plain");
      Path other = Files.writeString(inside.resolve(drawn(random)), "other");
      for (Path file : new Path[] {plain, other, inside}) {
        Path led;
        try (PlainName name = PlainName.of(file)) {
          led = name.path();
          assertThat(Files.isSameFile(led, file)).isTrue();
          assertThat(led.toString()).doesNotContain(MISREAD);
        }
        assertThat(led).doesNotExist();
        assertThat(file).exists();
      }
    }
  }
}
