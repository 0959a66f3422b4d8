package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on a small model that a run has trained. */
class CompressTest {
  @TempDir private static Path folder;
  private static Path model;

  @BeforeAll
  static void train() throws IOException {
    Path recipe = TinyRun.recipe(folder, "hidden: [8]", "hidden: [64]");
    Spoken run = TinyRun.run(recipe, folder.resolve("run"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    model = folder.resolve("run/student/model.onnx");
  }

  private static Spoken compress(Path out, String maxDrop) {
    return Spoken.of(
        "compress",
        model.toString(),
        "--data",
        "digits",
        "--max-drop",
        maxDrop,
        "--out",
        out.toString(),
        "--json");
  }

  @Test
  void compress_aTrainedModel_isSmallerAndAnswersAlike() throws IOException {
    Path out = folder.resolve("wide");
    Spoken told = compress(out, "0.05");
    assertThat(told.exitCode()).as(told.err()).isZero();
    JsonNode found = new ObjectMapper().readTree(told.out());
    JsonNode best = found.get("best");
    assertThat(best.get("name").asText()).isEqualTo("int8");
    assertThat(best.get("agreement").asDouble()).isGreaterThan(.95);
    assertThat(best.get("bytes").asLong())
        .isEqualTo(Files.size(out.resolve(best.get("file").asText())))
        .isLessThan(Files.size(model) / 2); // some of a file this small is names
    assertThat(found.get("passed").asBoolean()).isTrue();

    byte[] list = Files.readAllBytes(out.resolve("candidates.json"));
    Spoken again = compress(out, "0.05");
    assertThat(again.out()).isEqualTo(told.out()); // latencies included: nothing is measured anew
    assertThat(out.resolve("candidates.json")).hasBinaryContent(list);
  }

  @Test
  void compress_theStrictestLimit_keepsEveryCandidateAndTellsByItsExitCode() throws IOException {
    Path out = folder.resolve("strict");
    Spoken told = compress(out, "0");
    JsonNode found = new ObjectMapper().readTree(told.out());
    assertThat(told.exitCode()).isEqualTo(found.get("passed").asBoolean() ? 0 : 3);
    for (JsonNode candidate : found.get("candidates")) {
      assertThat(out.resolve(candidate.get("file").asText())).isNotEmptyFile();
    }
  }

  @Test
  void compress_aModelOfIntegers_isRefused() {
    Path out = folder.resolve("twice");
    assertThat(compress(out, "1").exitCode()).isZero();
    Spoken told =
        Spoken.of(
            "compress",
            out.resolve("int8/model.onnx").toString(),
            "--data",
            "digits",
            "--out",
            folder.resolve("never").toString());
    assertThat(told.exitCode()).isEqualTo(2);
    assertThat(told.err()).contains("is quantized already");
  }

  @Test
  void compress_aBudgetThatIsNoTime_isRefused() {
    Spoken told = Spoken.of("compress", model.toString(), "--data", "digits", "--budget", "long");
    assertThat(told.exitCode()).isEqualTo(2);
    assertThat(told.err()).contains("--budget: 'long' (expected: a time such as 90s, 20m or 2h)");
  }
}
