package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a person calls them, on one small run that all tests share. */
class MainTest {
  private static final String RECIPE =
      """
      name: small
      data: digits
      teacher:
        net: {mlp: {hidden: [64], dropout: 0.1}}
        train: {epochs: 12, batch: 32}
      student:
        net: {mlp: {hidden: [8]}}
        train: {epochs: 6, batch: 32}
        labelled: 60
      distill: {hard: 0.1, soft: 0.9, temperature: 2}
      """;

  @TempDir private static Path folder;
  private static Path recipe;
  private static Path run;
  private static Spoken first;

  @BeforeAll
  static void run() throws IOException {
    recipe = Files.writeString(folder.resolve("small.yaml"), RECIPE);
    run = folder.resolve("run");
    first = Spoken.of("run", recipe.toString(), "--out", run.toString(), "--json");
  }

  @Test
  void run_json_keepsTheContract() throws IOException {
    assertThat(first.exitCode()).as(first.err()).isZero();
    JsonNode results = new ObjectMapper().readTree(first.out());
    assertThat(results.path("format").asInt()).isEqualTo(1);
    assertThat(results.path("recipe").asText()).isEqualTo("small");
    assertThat(results.path("data").path("train").asInt()).isEqualTo(1197);
    assertThat(results.path("stages").findValuesAsText("name"))
        .containsExactly("teacher", "labels", "student-alone", "student-all-labels", "student");
    assertThat(results.path("models").findValuesAsText("name"))
        .containsExactly("teacher", "student-alone", "student-all-labels", "student");
    JsonNode student = results.path("models").path(3);
    assertThat(student.path("parameters").asInt()).isEqualTo(64 * 8 + 8 + 8 * 10 + 10);
    assertThat(student.path("bytes").asLong())
        .isEqualTo(Files.size(run.resolve(student.path("file").asText())));
    assertThat(student.path("metrics").path("n").asInt()).isEqualTo(300);
    assertThat(student.path("latency").path("p50_ms").asDouble()).isPositive();
    JsonNode comparison = results.path("comparisons").path(0);
    assertThat(comparison.path("candidate").asText()).isEqualTo("student");
    assertThat(comparison.path("ci95").size()).isEqualTo(2);
    assertThat(comparison.path("mcnemar_p").asDouble()).isBetween(0.0, 1.0);
    assertThat(run.resolve("report.html")).isNotEmptyFile();
    assertThat(run.resolve("recipe.yaml")).isNotEmptyFile();
    assertThat(run.resolve("log.txt")).isNotEmptyFile();
  }

  @Test
  void run_again_reusesEveryStageAndSaysTheSame() throws IOException {
    Spoken again = Spoken.of("run", recipe.toString(), "--out", run.toString(), "--json");
    JsonNode before = new ObjectMapper().readTree(first.out());
    JsonNode after = new ObjectMapper().readTree(again.out());
    assertThat(after.path("stages").findValuesAsText("reused")).containsOnly("true").hasSize(5);
    assertThat(after.path("stages").findValuesAsText("sha256"))
        .isEqualTo(before.path("stages").findValuesAsText("sha256"));
    assertThat(after.path("comparisons")).isEqualTo(before.path("comparisons"));
  }

  @Test
  void run_fromItsOwnResolvedRecipe_isTheSameRun() throws IOException {
    Spoken again =
        Spoken.of("run", run.resolve("recipe.yaml").toString(), "--out", run.toString(), "--json");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(new ObjectMapper().readTree(again.out()).path("stages").findValuesAsText("reused"))
        .containsOnly("true");
  }

  @Test
  void plan_tellsSizesStepsAndLoss_andRunsNothing() {
    Spoken plan = Spoken.of("plan", recipe.toString(), "--set", "distill.temperature=4");
    assertThat(plan.exitCode()).as(plan.err()).isZero();
    assertThat(plan.out())
        .contains("1,197 training, 300 validation, 300 test")
        .contains("the student may see 60 of 1,197 labels")
        .contains("222 steps (6 epochs of 37), batch 32")
        .contains("T = 4");
  }

  @Test
  void eval_saysWhatTheRunSaid() throws IOException {
    Spoken eval = Spoken.of("eval", student(), "--data", "digits", "--json");
    JsonNode said = new ObjectMapper().readTree(eval.out());
    JsonNode found = new ObjectMapper().readTree(first.out()).path("models").path(3);
    assertThat(said.path("errors")).isEqualTo(found.path("metrics").path("errors"));
    assertThat(said.path("p50_ms").asDouble()).isPositive();
  }

  @Test
  void eval_withClasses_tellsRecallAndPrecisionOfEach() throws IOException {
    Spoken eval = Spoken.of("eval", student(), "--data", "digits", "--classes", "--json");
    JsonNode said = new ObjectMapper().readTree(eval.out());
    assertThat(said.get("classes")).hasSize(10);
    double right = 0;
    int n = 0;
    for (JsonNode one : said.get("classes")) {
      assertThat(one.get("precision").asDouble()).isBetween(0.0, 1.0);
      right += one.get("recall").asDouble() * one.get("n").asInt();
      n += one.get("n").asInt();
    }
    assertThat(right / n).isCloseTo(said.get("accuracy").asDouble(), within(1e-9));
    assertThat(Spoken.of("eval", student(), "--data", "digits", "--classes").out())
        .contains("class '9'  n = ");
  }

  @Test
  void predict_beside_showsBothModelsBesideTheLabels() {
    Spoken predict =
        Spoken.of("predict", student(), "--data", "digits", "--n", "4", "--beside", teacher());
    assertThat(predict.exitCode()).as(predict.err()).isZero();
    assertThat(predict.out().lines().findFirst().orElseThrow()).contains("student", "teacher");
    assertThat(predict.out()).containsPattern("teacher: \\d of 4 right");
  }

  @Test
  void predict_image_isScaledToWhatTheModelTakes() throws IOException {
    Path image = folder.resolve("photo.png");
    ImageIO.write(new BufferedImage(50, 40, BufferedImage.TYPE_INT_RGB), "png", image.toFile());
    Spoken predict = Spoken.of("predict", student(), "--input", image.toString(), "--json");
    assertThat(predict.exitCode()).as(predict.err()).isZero();
    assertThat(predict.out()).contains("\"probability\":");
  }

  @Test
  void inspect_countsAndSaysWhatItIsMadeFrom() {
    Spoken inspect = Spoken.of("inspect", student());
    assertThat(inspect.out())
        .contains("input   input FLOAT32 [batch, 1, 8, 8]")
        .contains("made from teacher ")
        .contains("All of it can be trained.");
  }

  @Test
  void doctor_findsEveryNative() {
    Spoken doctor = Spoken.of("doctor");
    assertThat(doctor.out()).contains("ok   ONNX Runtime").contains("ok   TensorFlow");
    assertThat(doctor.out()).contains("temporary disk", "natives disk", "JNA's folder");
  }

  @Test
  void wrongRequests_areOneLineAndExitCodeTwo() {
    assertWrong("as data 'fashion-mini' has them", "eval", student(), "--data", "fashion-mini");
    assertWrong("nothere.onnx", "inspect", "nothere.onnx");
    assertWrong("--data: none (expected: a name or a path)", "eval", student());
    assertWrong("--n: 0 (expected: >= 1)", "predict", student(), "--data", "digits", "--n", "0");
    assertWrong("distill.temprature", "plan", recipe.toString(), "--set", "distill.temprature=3");
    assertWrong("student.labelled", "run", recipe.toString(), "--set", "student.labelled=-1");
  }

  private static void assertWrong(String part, String... arguments) {
    Spoken spoken = Spoken.of(arguments);
    assertThat(spoken.exitCode()).as(spoken.err()).isEqualTo(2);
    assertThat(spoken.out()).isEmpty();
    assertThat(spoken.err()).contains(part).doesNotContain("\tat ");
  }

  private static String student() {
    return run.resolve("student/model.onnx").toString();
  }

  private static String teacher() {
    return run.resolve("teacher/model.onnx").toString();
  }
}
