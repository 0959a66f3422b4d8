package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on a small model that a run has trained. */
class CompressTest {
  @TempDir private static Path folder;
  private static Path model;

  @BeforeAll
  static void train() throws IOException {
    Path recipe =
        TinyRun.recipe(
            folder, "hidden: [8]", "hidden: [64]", "train: {epochs: 2,", "train: {epochs: 12,");
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
        "--no-training",
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
    assertThat(best.get("parity").get("exact_agreement").asDouble()).isGreaterThan(.99);
    assertThat(found.get("candidates").get(0).has("parity")).isFalse(); // the float model

    assertThat(out.resolve("pareto.html")).content().contains("int8", "% of the bytes");
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

  private static Spoken compress(Path out, String... options) {
    List<String> words = new ArrayList<>(List.of("compress", model.toString(), "--data", "digits"));
    words.addAll(List.of("--max-drop", "0.05", "--no-training", "--out", out.toString()));
    words.addAll(List.of(options));
    return Spoken.of(words.toArray(String[]::new));
  }

  @Test
  void compress_formDynamic_multipliesIntegersInDenseLayers() throws IOException {
    Path out = folder.resolve("dynamic");
    Spoken told = compress(out, "--form", "dynamic", "--json");
    assertThat(told.exitCode()).as(told.err()).isZero();
    JsonNode best = new ObjectMapper().readTree(told.out()).get("best");
    assertThat(best.get("name").asText()).isEqualTo("int8-dynamic");
    assertThat(best.get("parity").get("exact_agreement").asDouble()).isGreaterThanOrEqualTo(.995);
    assertThat(best.get("parity").get("compared")).hasSize(2); // the engine does not have it
    assertThat(best.get("agreement").asDouble()).isGreaterThan(.95);
    assertThat(best.get("bytes").asLong()).isLessThan(Files.size(model) / 2);
  }

  @Test
  void compress_forAnotherMachine_showsNoTime() throws IOException {
    Path out = folder.resolve("browser");
    Spoken told = compress(out, "--target", "browser");
    assertThat(told.exitCode()).as(told.err()).isZero();
    assertThat(told.out())
        .contains("no time was measured, as target browser is not this machine")
        .doesNotContainPattern(" ms\\b"); // mse is a way to find ranges
    assertThat(Files.readString(out.resolve("candidates.json")))
        .contains("\"p50Ms\" : null")
        .contains("\"integerMacs\" : 4736") // 64 x 64 + 64 x 10
        .contains("\"weightBits\" : 8");
    Spoken refused = compress(folder.resolve("never"), "--target", "arm", "--prefer", "speed");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("prefer, target: speed, arm (expected: bytes, as no time can be measured");
  }

  @Test
  void compress_preferSpeed_takesTheFastestWithinTheLimitThatIsNotSlower() throws IOException {
    Spoken told = compress(folder.resolve("fast"), "--prefer", "speed", "--json");
    JsonNode found = new ObjectMapper().readTree(told.out());
    JsonNode whole = found.get("candidates").get(0);
    JsonNode fastest = whole; // what integers gain differs from machine to machine
    for (JsonNode candidate : found.get("candidates")) {
      boolean isWithin = candidate.get("drop").asDouble() <= .05;
      double time = candidate.get("p50_ms").asDouble();
      boolean isSmaller = candidate.get("bytes").asLong() <= .95 * whole.get("bytes").asLong();
      boolean gains =
          time <= .95 * whole.get("p50_ms").asDouble()
              || (isSmaller && .95 * time < whole.get("p50_ms").asDouble());
      boolean isFastest = fastest.equals(whole) || time < fastest.get("p50_ms").asDouble();
      fastest = isWithin && gains && isFastest ? candidate : fastest;
    }
    assertThat(found.get("best")).isEqualTo(fastest);
    assertThat(told.exitCode()).as(told.err()).isEqualTo(fastest.equals(whole) ? 3 : 0);
  }
}
