package org.distill4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.distill4j.progress.Epoch;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long now;

  private ConsoleProgress progress(boolean terminal, int columns) {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return new ConsoleProgress(out, terminal, columns, false, () -> now);
  }

  private void seconds(double seconds) {
    now = (long) (seconds * 1e9);
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static Map<String, Double> measures(double loss, double accuracy) {
    Map<String, Double> measures = new LinkedHashMap<>();
    measures.put("loss", loss);
    measures.put("accuracy", accuracy);
    return measures;
  }

  private static Epoch epoch(double validationAccuracy) {
    return new Epoch(2, 170, 0.5, 0.8, 0.4, validationAccuracy, 0.001, 3.25);
  }

  @Test
  void advance_terminal_drawsOverTheLine() {
    ConsoleProgress progress = progress(true, 120);
    progress.begin("student", 1000, "images");
    seconds(4);
    progress.advance(250, measures(0.41234, 0.861));
    assertThat(shown().split("\r", -1))
        .containsExactly(
            "",
            "student              ........................   0 %",
            "student              ######..................  25 %  0:12 left  loss 0.4123  accuracy"
                + " 0.8610");
  }

  @Test
  void advance_terminalWithinATenthOfASecond_drawsNothing() {
    ConsoleProgress progress = progress(true, 120);
    progress.begin("student", 1000, "images");
    int before = shown().length();
    seconds(0.099);
    progress.advance(250, Map.of());
    assertThat(shown()).hasSize(before);
  }

  @Test
  void advance_narrowTerminal_neverWraps() {
    ConsoleProgress progress = progress(true, 40);
    progress.begin("student", 1000, "images");
    seconds(4);
    progress.advance(250, measures(0.41234, 0.861));
    assertThat(shown().split("\r", -1)).allMatch(line -> line.length() < 40);
  }

  @Test
  void advance_eightyColumns_showsTimeLossAndAccuracy() {
    ConsoleProgress progress = progress(true, 80);
    progress.begin("student-all-labels", 1000, "images");
    progress.epoch(epoch(0.875));
    seconds(4);
    progress.advance(250, measures(0.41234, 0.861));
    assertThat(shown())
        .endsWith(
            "\rstudent-all-labels   ##........  25 %  0:12 left  loss 0.4123  accuracy 0.8610");
  }

  @Test
  void end_terminal_coversTheBarAndEndsTheLine() {
    ConsoleProgress progress = progress(true, 120);
    progress.begin("student", 1000, "images");
    seconds(65);
    progress.end("done");
    String last = shown().substring(shown().lastIndexOf('\r') + 1);
    assertThat(last)
        .startsWith("student              done in 1:05  ")
        .endsWith(System.lineSeparator());
    assertThat(last.stripTrailing()).doesNotContain("#", "%");
  }

  @Test
  void epoch_terminal_addsTheValidationAccuracyToTheBar() {
    ConsoleProgress progress = progress(true, 150);
    progress.begin("student", 1000, "images");
    progress.epoch(epoch(0.875));
    seconds(1);
    progress.advance(500, measures(0.4, 0.9));
    assertThat(shown()).endsWith("0:01 left  loss 0.4000  accuracy 0.9000  validation 0.8750");
  }

  @Test
  void advance_noTerminal_printsALineEveryTenSeconds() {
    ConsoleProgress progress = progress(false, 100);
    progress.begin("labelling", 1000, "images");
    for (int s = 1; s <= 25; s++) {
      seconds(s);
      progress.advance(s * 10L, Map.of("images/s", 2890.4));
    }
    progress.end("1,000 images");
    assertThat(shown().lines())
        .containsExactly(
            "labelling:  10 %  1:30 left  images/s 2,890",
            "labelling:  20 %  1:20 left  images/s 2,890", "labelling: 1,000 images in 0:25");
  }

  @Test
  void epoch_noTerminal_printsALine() {
    ConsoleProgress progress = progress(false, 100);
    progress.begin("student", 1000, "images");
    progress.epoch(epoch(0.875));
    assertThat(shown().lines())
        .containsExactly(
            "student: epoch 2, loss 0.5000, accuracy 0.8000, validation loss 0.4000, validation"
                + " accuracy 0.8750, rate 0.00100, 3.3 s");
  }
}
