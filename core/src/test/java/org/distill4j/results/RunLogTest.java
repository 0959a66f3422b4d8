package org.distill4j.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.distill4j.progress.Epoch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogTest {
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-20T12:00:00.123456Z"), ZoneOffset.UTC);

  @TempDir Path folder;

  @Test
  void step_beginEpochEnd_areLinesWithTheTime() throws IOException {
    Path file = folder.resolve("run/log.txt");
    try (RunLog log = RunLog.open(file, NOON)) {
      log.begin("student", 12_000, "images");
      log.advance(128, Map.of("loss", 2.3));
      log.epoch(new Epoch(1, 94, 1.5, Double.NaN, 0.7, 0.75, 0.001, 2));
      log.end("stopped early");
    }
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "2026-11-20T12:00:00.123Z student: begins, 12,000 images",
            "2026-11-20T12:00:00.123Z student: epoch 1, loss 1.5000, validation loss 0.7000,"
                + " validation accuracy 0.7500, rate 0.00100, 2.0 s",
            "2026-11-20T12:00:00.123Z student: stopped early");
  }

  @Test
  void open_again_writesOnBehind() throws IOException {
    Path file = folder.resolve("log.txt");
    for (String text : new String[] {"one", "two\nlines"}) {
      try (RunLog log = RunLog.open(file, NOON)) {
        log.line(text);
      }
    }
    assertThat(Files.readString(file)).contains(" one\n").endsWith(" two lines\n");
  }
}
