package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several labels, and numbers, from the recipe to the commands. */
class TaskCommandsTest {
  private static final String NETS =
      """
      teacher: {net: {mlp: {hidden: [64]}}, train: {epochs: 12, batch: 32, rate: 0.01}}
      student: {net: {mlp: {hidden: [8]}}, train: {epochs: 12, batch: 32, rate: 0.01}, labelled: 150}
      baselines: [alone]
      """;

  private static final long SEED = 1_000 * Long.getLong("test.seed", 0);

  @TempDir Path folder;

  @Test
  void regression_fromRecipeToPrediction() throws IOException {
    Random random = new Random(1 + SEED);
    StringBuilder rows = new StringBuilder("size,city,price\n");
    for (int i = 0; i < 1200; i++) {
      double size = 20 + 100 * random.nextDouble();
      boolean big = random.nextBoolean();
      double price = 50_000 + 3000 * size + (big ? 90_000 : 0) + 4000 * random.nextGaussian();
      rows.append(String.format(Locale.ROOT, "%.2f,%s,%.1f%n", size, big ? "A" : "B", price));
    }
    Files.writeString(folder.resolve("flats.csv"), rows);
    Path recipe =
        recipe("flats", "data: {path: flats.csv, task: regression}\n", "distill: {soft: 0.9}\n");
    Path run = folder.resolve("run");
    Spoken spoken = Spoken.of("run", recipe.toString(), "--out", run.toString(), "--json");
    assertThat(spoken.exitCode()).as(spoken.err()).isZero();
    JsonNode results = new ObjectMapper().readTree(spoken.out());
    JsonNode student = results.path("models").path(2).path("metrics");
    assertThat(student.path("mae").asDouble()).isBetween(3000.0, 20_000.0);
    assertThat(student.path("r2").asDouble()).isGreaterThan(0.95);
    assertThat(student.has("accuracy")).isFalse();
    assertThat(results.path("comparisons").path(0).path("metric").asText()).isEqualTo("mae");
    assertThat(run.resolve("report.html")).isNotEmptyFile();

    String model = run.resolve("student/model.onnx").toString();
    Path flat = Files.writeString(folder.resolve("flat.csv"), "city,size\nA,60\n");
    Spoken predict = Spoken.of("predict", model, "--input", flat.toString(), "--json");
    assertThat(predict.exitCode()).as(predict.err()).isZero();
    double price =
        new ObjectMapper()
            .readTree(predict.out())
            .path("rows")
            .path(0)
            .path("answers")
            .path(0)
            .path("label")
            .asDouble();
    assertThat(price).isBetween(290_000.0, 350_000.0); // 50,000 + 180,000 + 90,000
    Spoken eval = Spoken.of("eval", model, "--data", folder.resolve("flats.csv").toString());
    assertThat(eval.out()).contains("mae", "rmse", "r2").doesNotContain("accuracy");
  }

  @Test
  void severalLabels_fromRecipeToPrediction() throws IOException {
    Random random = new Random(2 + SEED);
    StringBuilder rows = new StringBuilder("x,y,right,high,far\n");
    for (int i = 0; i < 1200; i++) {
      double x = random.nextGaussian();
      double y = random.nextGaussian();
      int far = x * x + y * y > 3 ? 1 : 0;
      rows.append(
          String.format(
              Locale.ROOT, "%.3f,%.3f,%d,%d,%d%n", x, y, x > 0 ? 1 : 0, y > 0 ? 1 : 0, far));
    }
    Files.writeString(folder.resolve("points.csv"), rows);
    String data =
        "data: {path: points.csv, task: multi-label, labels: [right, high, far],"
            + " class-weights: balanced}\n";
    Path recipe = recipe("points", data, "distill: {temperature: 2}\n");
    Path run = folder.resolve("run");
    Spoken spoken = Spoken.of("run", recipe.toString(), "--out", run.toString(), "--json");
    assertThat(spoken.exitCode()).as(spoken.err()).isZero();
    JsonNode student =
        new ObjectMapper().readTree(spoken.out()).path("models").path(2).path("metrics");
    assertThat(student.path("label_accuracy").asDouble()).isGreaterThan(0.85);
    assertThat(student.path("auc").asDouble()).isGreaterThan(0.9);
    assertThat(student.path("f1").asDouble()).isGreaterThan(0.8);
    Path point = Files.writeString(folder.resolve("point.csv"), "x,y\n2.5,-2.5\n");
    Spoken predict =
        Spoken.of(
            "predict", run.resolve("student/model.onnx").toString(), "--input", point.toString());
    assertThat(predict.out()).contains("right far");
  }

  @Test
  void mixedLosses_areRefusedInOneLine() throws IOException {
    Files.writeString(folder.resolve("n.csv"), "x,y\n" + "1,2.5\n2,3.5\n".repeat(30));
    refused(
        recipe("a", "data: {path: n.csv, task: regression}\n", "distill: {temperature: 3}\n"),
        "distill.temperature: 3 (expected: absent, as data.task regression");
    refused(
        recipe("b", "data: {path: n.csv, task: regression, class-weights: balanced}\n", ""),
        "class-weights: given (expected: absent, as data.task regression has no classes)");
    refused(recipe("c", "data: {path: n.csv, table: {}}\n", ""), "give task: regression");
  }

  private void refused(Path recipe, String line) {
    Spoken spoken = Spoken.of("plan", recipe.toString());
    assertThat(spoken.exitCode()).as(spoken.out()).isEqualTo(2);
    assertThat(spoken.err()).contains(line);
    assertThat(spoken.err().strip()).doesNotContain("\n");
  }

  private Path recipe(String name, String data, String distill) throws IOException {
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        "name: " + name + "\nseed: " + (1 + SEED) + "\n" + data + NETS + distill);
  }
}
