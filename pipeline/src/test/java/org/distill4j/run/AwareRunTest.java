package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.Recipes;
import org.distill4j.results.IntegerParity;
import org.distill4j.results.Results;
import org.distill4j.step.StageRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose student learns to live with its integers. */
class AwareRunTest {
  @TempDir Path folder;

  private static Results run(Recipe recipe, Path folder) {
    return RecipeRunner.run(recipe, folder, ProgressListener.NONE);
  }

  @Test
  void run_withTrainingOnRoundedNumbers_makesIntegersThatAreProvedAndResumesToTheSameBytes()
      throws IOException {
    Recipe recipe =
        Recipes.brief(
            "quantize={samples: 64, weight-bits: 4, train: {temperature: [2, 4], rate: 0.5}}");
    Results results = run(recipe, folder);
    Results.Model integers = results.model("student-int8").orElseThrow();
    assertThat(integers.parity().isPassed()).isTrue();
    assertThat(integers.parity().withinStep()).isGreaterThan(.999);
    assertThat(results.model("student").orElseThrow().parity()).isNull();
    assertThat(Files.readString(folder.resolve("student-int8/stage.json")))
        .contains(
            "validation_accuracy_T2.0",
            "validation_accuracy_T4.0",
            "untrained_validation_accuracy",
            "\"parity\"",
            "exact_agreement");
    assertThat(Files.readString(folder.resolve("results.json"))).contains("\"parity\"");
    Map<String, String> whole = ChildRun.result(folder);
    // one T is trained already, the other is lost
    Files.delete(folder.resolve("student-int8/checkpoint-T4.0.safetensors"));
    Files.delete(folder.resolve("student-int8/stage.json"));
    Files.delete(folder.resolve("results.json"));
    assertThat(run(recipe, folder).stages().stream().map(Results.Stage::reused))
        .containsExactly(true, true, true, false);
    assertThat(ChildRun.result(folder)).isEqualTo(whole);
  }

  @Test
  void run_wherePostTrainingMissesTheLimit_trainsAsTheLastRepairAndResumesToTheSameBytes()
      throws IOException {
    // weights of two bits lose something, whatever is repaired
    Recipe recipe =
        Recipes.brief(
            "student.train.epochs=12",
            "quantize={samples: 64, weight-bits: 2, max-drop: 0,"
                + " train: {temperature: [2], rate: 1, share: 1, ranges: lsq}}");
    run(recipe, folder);
    assertThat(Files.readString(folder.resolve("log.txt")))
        .containsSubsequence(
            "rounded: validation",
            "trained on rounded numbers, T = 2.0: validation",
            "training on rounded numbers ",
            "student-int8: taken, int8 ")
        .doesNotContain("not trained on rounded numbers");
    Map<String, Double> figures = figures();
    assertThat(figures).containsKey("untrained_validation_accuracy");
    assertThat(figures.get("validation_accuracy"))
        .isGreaterThanOrEqualTo(figures.get("validation_accuracy_T2.0"));
    Map<String, String> whole = ChildRun.result(folder);
    Files.delete(folder.resolve("student-int8/stage.json"));
    Files.delete(folder.resolve("results.json"));
    run(recipe, folder);
    assertThat(ChildRun.result(folder)).isEqualTo(whole);
  }

  @Test
  void run_wherePostTrainingKeepsTheLimit_isNotTrainedAndSaysSo() throws IOException {
    run(Recipes.brief("quantize={samples: 64, max-drop: 0.05, train: {}}"), folder);
    assertThat(Files.readString(folder.resolve("log.txt")))
        .contains("not trained on rounded numbers: the limit is kept without");
    assertThat(figures()).doesNotContainKey("untrained_validation_accuracy");
    assertThat(folder.resolve("student-int8").toFile().list())
        .containsExactlyInAnyOrder("key", "model.onnx", "SHA256SUMS", "stage.json");
  }

  @Test
  void run_withRangesFoundAtEachRun_isHeldAgainstExactIntegers() throws IOException {
    Results results = run(Recipes.brief("quantize={form: dynamic}"), folder);
    IntegerParity parity = results.model("student-int8").orElseThrow().parity();
    assertThat(parity.exact().n()).isEqualTo(300);
    assertThat(parity.exact().agreement()).isGreaterThanOrEqualTo(.995);
    assertThat(parity.isSimulated()).isFalse();
    assertThat(Files.readString(folder.resolve("results.json")))
        .contains("\"compared\" : [ \"ONNX Runtime", "exact integers on Java");
  }

  private Map<String, Double> figures() {
    return StageRecord.read(folder.resolve("student-int8/stage.json")).orElseThrow().figures();
  }

  @Test
  void plan_withTrainingOnRoundedNumbers_tellsStepsAndTemperatures() {
    String with =
        Plan.of(
                Recipes.brief("quantize={train: {}}", "student.train.epochs=20"),
                ProgressListener.NONE)
            .text();
    assertThat(with)
        .contains("3 epochs of training on rounded numbers,")
        .contains(
            "bits, 3 epochs of training", "ranges moving average, T of 1.5, 4.0 by validation");
    String last =
        Plan.of(Recipes.brief("quantize={max-drop: 0.01, train: {}}"), ProgressListener.NONE)
            .text();
    assertThat(last)
        .contains(
            "repaired until 1.00 points are lost at most; if no other repair does that, 1 epochs of"
                + " training on rounded numbers");
  }

  @Test
  void recipe_withWhatCannotBe_isRefused() {
    assertThatThrownBy(() -> Recipes.brief("quantize={train: {share: 0}}"))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("share: 0.0 (expected: 0 < share <= 1)");
    assertThatThrownBy(() -> Recipes.brief("quantize={train: {temperature: [1, 1]}}"))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("temperature: [1.0, 1.0] (expected: each > 0, each once)");
    assertThatThrownBy(() -> Recipes.brief("quantize={weight-bits: 9}"))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("weight-bits: 9 (expected: 0, 2 to 8)");
  }
}
