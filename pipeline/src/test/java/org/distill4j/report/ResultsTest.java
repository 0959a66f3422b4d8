package org.distill4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.distill4j.fault.InputFault;
import org.distill4j.results.Metrics;
import org.distill4j.results.Results;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  @TempDir Path folder;

  /** The file as the design's contract shows it, the parts that are yet to come included. */
  private static final String CONTRACT =
      """
      {"format": 1, "recipe": "quickstart", "seed": 1, "seconds": 151.2,
       "data": {"name": "fashion-mini", "train": 10800, "validation": 1200, "test": 10000, "sha256": "ab"},
       "stages": [{"name": "teacher", "seconds": 60.1, "reused": false, "artefact": "teacher/model.onnx", "sha256": "cd"}],
       "models": [{"name": "teacher", "file": "teacher/model.onnx", "parameters": 896906, "macs": 30000000, "bytes": 3590000,
         "metrics": {"n": 10000, "accuracy": 0.9, "errors": 1000, "loss": 0.31},
         "latency": {"batch": 1, "threads": 1, "p50_ms": 0.9, "p95_ms": 1.0, "p99_ms": 1.2}}],
       "comparisons": [{"candidate": "student", "baseline": "student-alone", "metric": "accuracy", "n": 10000,
         "delta": 0.012, "ci95": [0.003, 0.021], "mcnemar_p": 0.011}],
       "advice": [{"id": "temperature-at-edge", "value": 10, "rule": "best T inside the sweep", "says": "so"}],
       "gate": {"passed": true, "rules": []}}
      """;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("results.json"), text);
  }

  @Test
  void read_contract_findsEveryNumber() throws IOException {
    Results results = Results.read(file(CONTRACT));
    assertThat(results.seconds()).isEqualTo(151.2);
    assertThat(results.data())
        .isEqualTo(new Results.Data("fashion-mini", 10_800, 1200, 10_000, "ab"));
    assertThat(results.stages())
        .containsExactly(new Results.Stage("teacher", 60.1, false, "teacher/model.onnx", "cd"));
    assertThat(results.models())
        .containsExactly(
            new Results.Model(
                "teacher",
                "teacher/model.onnx",
                896_906,
                30_000_000,
                3_590_000,
                new Metrics(10_000, 0.9, 1000, 0.31, null),
                new Results.Latency(1, 1, 0.9, 1.0, 1.2)));
    assertThat(results.comparisons())
        .containsExactly(
            new Results.Comparison(
                "student",
                "student-alone",
                "accuracy",
                10_000,
                0.012,
                List.of(0.003, 0.021),
                0.011));
    assertThat(results.advice().get(0).value()).isEqualTo(10);
  }

  @Test
  void write_thenRead_isTheSame() {
    Path file = folder.resolve("run/results.json");
    Samples.results().write(file);
    assertThat(Results.read(file)).isEqualTo(Samples.results());
  }

  @Test
  void json_keys_areThoseOfTheContract() {
    assertThat(Samples.results().json())
        .contains(
            "\"format\" : 1",
            "\"p50_ms\" : 0.912",
            "\"mcnemar_p\" : ",
            "\"ci95\" : [ ",
            "\"advice\" : [ ]")
        .doesNotContain("gate", "isCertain", "certain", "says");
  }

  @Test
  void read_otherFormat_isRefused() throws IOException {
    Path file = file(CONTRACT.replace("\"format\": 1", "\"format\": 2"));
    assertThatThrownBy(() -> Results.read(file))
        .isInstanceOf(InputFault.class)
        .hasMessage(file + ": format: 2 (expected: 1)");
  }

  @Test
  void read_numberMissing_isRefused() throws IOException {
    Path file = file(CONTRACT.replace(", \"loss\": 0.31", ""));
    assertThatThrownBy(() -> Results.read(file))
        .isInstanceOf(InputFault.class)
        .hasMessage(file + " models[0].metrics.loss: is missing (expected: a number)");
  }

  @Test
  void read_truncated_isRefusedInOneLine() throws IOException {
    Path file = file(CONTRACT.substring(0, 300));
    assertThatThrownBy(() -> Results.read(file))
        .isInstanceOf(InputFault.class)
        .hasMessage(file + ": is cut off (expected: a whole JSON object)");
  }

  @Test
  void read_absent_isRefused() {
    Path file = folder.resolve("none.json");
    assertThatThrownBy(() -> Results.read(file))
        .isInstanceOf(InputFault.class)
        .hasMessage(file + ": is not there (expected: a results.json of a run)");
  }

  @Test
  void says_certainGain_namesItsSize() {
    assertThat(comparison(0.051, 0.0441, 0.0579, 1e-20).says())
        .isEqualTo(
            "student is 5.10 points ahead of student-alone (95 % CI +4.41 to +5.79, McNemar p <"
                + " 0.001, n = 10,000)");
  }

  @Test
  void says_certainLoss_namesItsSize() {
    assertThat(comparison(-0.0185, -0.023, -0.014, 0.0021).says())
        .startsWith("student is 1.85 points behind student-alone (95 % CI -2.30 to -1.40")
        .contains("p = 0.0021");
  }

  @Test
  void says_nothingCertain_saysSo() {
    assertThat(comparison(0.0012, -0.003, 0.0054, 0.57).says())
        .isEqualTo(
            "student and student-alone: no certain difference, +0.12 points (95 % CI -0.30 to"
                + " +0.54, McNemar p = 0.57, n = 10,000)");
  }

  private static Results.Comparison comparison(double delta, double low, double high, double p) {
    return new Results.Comparison(
        "student", "student-alone", "accuracy", 10_000, delta, List.of(low, high), p);
  }
}
