package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.RecipeReader;
import org.distill4j.report.ConsoleTable;
import org.distill4j.results.Results;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs whose student is no result: whatever the recipe demands, they have failed. */
class YardstickRunTest {
  private static final String RECIPE =
      """
      name: rates
      threads: 1
      data: digits
      teacher:
        net: {mlp: {hidden: [16]}}
        train: {epochs: 3, batch: 32, rate: 0.005}
      student:
        net: {mlp: {hidden: [8]}}
        train: {epochs: 1, batch: 32, rate: 0.01}
      baselines: []
      export: {to: [onnx], examples: 10}
      gate: [{agreement: 0.0}, {drop: 1.0}]
      """;

  @TempDir private Path folder;

  private Results run(String... overrides) {
    Recipe recipe =
        RecipeReader.parse(
            RECIPE,
            "rates.yaml",
            folder,
            Stream.concat(Stream.of("seed=" + Seeds.of(1)), Stream.of(overrides)).toList());
    return RecipeRunner.run(recipe, folder.resolve("run"), ProgressListener.NONE);
  }

  /** Far too fast and far too slow, by either optimizer. */
  static List<List<String>> rates() {
    SplittableRandom random = new SplittableRandom(Seeds.of(29));
    return List.of(
        List.of("sgd", String.valueOf(Math.pow(10, 5 + 3 * random.nextDouble()))),
        List.of("adam", String.valueOf(Math.pow(10, -10 - 4 * random.nextDouble()))),
        List.of("sgd", String.valueOf(Math.pow(10, -10 - 4 * random.nextDouble()))));
  }

  @ParameterizedTest
  @MethodSource("rates")
  void run_aRateThatTeachesNothing_hasFailedAndExportsNothing(List<String> rate) throws Exception {
    Results results =
        run("student.train.optimizer=" + rate.get(0), "student.train.rate=" + rate.get(1));

    assertThat(results.isSound()).isFalse();
    assertThat(results.gate().passed()).isFalse();
    assertThat(results.gate().broken()).hasSize(1);
    assertThat(results.gate().broken().get(0).model()).isEqualTo("student");
    assertThat(results.exports()).isNull();
    assertThat(results.advice())
        .extracting(Results.Advice::id)
        .contains("weak-teacher") // no weights would help
        .doesNotContain("label-quality", "distil-first");
    assertThat(folder.resolve("run/export")).doesNotExist();
    assertThat(results.model("teacher").orElseThrow().fault()).isNull();
    assertThat(ConsoleTable.of(results))
        .contains("The run has FAILED: what ships is no result; nothing was exported")
        .contains("- student: ")
        .contains("Gate: not passed, 1 of 3 rules not kept");
    Results kept = Results.read(folder.resolve("run/results.json"));
    assertThat(kept.isSound()).isFalse();
    assertThat(Files.readString(folder.resolve("run/report.html"))).contains("more than chance");
  }

  @Test
  void run_aBaselineThatLearnsNothing_isARowThatSaysSo() {
    Results results =
        run(
            "baselines=[alone]",
            "student.labelled=1", // one example of one class
            "student.train.epochs=4");
    assertThat(results.isSound()).isTrue();
    assertThat(results.isPassed()).isTrue();
    assertThat(results.exports()).hasSize(1);
    assertThat(results.model("student").orElseThrow().fault()).isNull();
    assertThat(results.model("student-alone").orElseThrow().fault())
        .startsWith("no better than always answering the commonest class: balanced accuracy 0.1");
    assertThat(ConsoleTable.of(results)).contains("- student-alone: no better than");
  }
}
