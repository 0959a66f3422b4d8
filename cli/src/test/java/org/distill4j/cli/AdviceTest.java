package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the rules of thumb say to a person who runs a recipe. */
class AdviceTest {
  @TempDir Path folder;

  private static JsonNode advice(Spoken spoken) throws IOException {
    return new ObjectMapper().readTree(spoken.out()).path("advice");
  }

  private Path recipe(String advice) throws IOException {
    return TinyRun.recipe(
        folder,
        "baselines: [alone]",
        "baselines: [alone]\nadvice: " + advice + "\ndistill: {temperature: 1}");
  }

  @Test
  void plan_saysWhatIsKnownBefore() throws IOException {
    Spoken plan = Spoken.of("plan", recipe("{}").toString());
    assertThat(plan.exitCode()).as(plan.err()).isZero();
    assertThat(plan.out())
        .contains("advice", "temperature-start: T = 1 was given", "capacity: the student has 1/8");
  }

  @Test
  void run_ruleWaived_isToldWithItsReason() throws IOException {
    Spoken run = TinyRun.run(recipe("{waive: {temperature-start: by hand}}"), folder.resolve("r"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode first = advice(run).path(0);
    assertThat(first.path("id").asText()).isEqualTo("temperature-start");
    assertThat(first.path("value").asDouble()).isEqualTo(1);
    assertThat(first.path("waived").asText()).isEqualTo("by hand");
    assertThat(Files.readString(folder.resolve("r/report.html"))).contains("by hand");
  }

  @Test
  void run_ruleDemandedAndBroken_savesEverythingAndExitsWithThree() throws IOException {
    Path recipe = recipe("{gate: [temperature-start, logits]}");
    Path out = folder.resolve("gated");
    Spoken run = Spoken.of("run", recipe.toString(), "--out", out.toString());
    assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
    assertThat(run.out()).contains("Gate: not passed", "- advice temperature-start: T = 1");
    JsonNode gate = new ObjectMapper().readTree(out.resolve("results.json").toFile()).path("gate");
    assertThat(gate.path("passed").asBoolean()).isFalse();
    assertThat(gate.path("rules").findValuesAsText("passed")).isEqualTo(List.of("false", "true"));
    assertThat(out.resolve("student/model.onnx")).isNotEmptyFile();
  }

  @Test
  void recipe_unknownRuleOrNoReason_isRefused() throws IOException {
    Spoken unknown = Spoken.of("plan", recipe("{waive: {temprature-start: x}}").toString());
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err())
        .contains(
            "advice.waive.temprature-start: unknown name (did you mean 'temperature-start'?)");
    Spoken blank = Spoken.of("plan", recipe("{waive: {family: ''}}").toString());
    assertThat(blank.err()).contains("advice.waive.family: '' (expected: the reason)");
    Spoken both = Spoken.of("plan", recipe("{waive: {family: x}, gate: [family]}").toString());
    assertThat(both.err()).contains("both have family (expected: one of them)");
  }
}
