package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.distill4j.eval.Evaluation;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.RecipeReader;
import org.distill4j.results.Results;
import org.distill4j.results.SearchSummary;
import org.distill4j.storage.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole runs with several seeds, and with a search. */
class SeedsAndSearchTest {
  private static final String RECIPE =
      """
      name: few
      threads: 1
      data: digits
      teacher:
        net: {mlp: {hidden: [32]}}
        train: {epochs: 3, batch: 32, rate: 0.005}
      student:
        net: {mlp: {hidden: [8]}}
        train: {epochs: 2, batch: 32, rate: 0.01}
        labelled: 200
      baselines: [alone]
      """;

  @TempDir Path folder;

  private static Recipe recipe(String... more) {
    return RecipeReader.parse(
        RECIPE + String.join("\n", more) + "\n", "few.yaml", Path.of("/"), List.of());
  }

  private Results run(String out, String... more) {
    return RecipeRunner.run(recipe(more), folder.resolve(out), ProgressListener.NONE);
  }

  private static Results.Model model(Results results, String name) {
    return results.model(name).orElseThrow();
  }

  @Test
  void run_threeSeeds_areThreeStudentsOfOneTeacher() throws IOException {
    Results one = run("one");
    Results three = run("three", "seeds: 3");
    assertThat(three.stages())
        .extracting(Results.Stage::name)
        .containsExactly(
            "teacher",
            "labels",
            "student-alone",
            "student",
            "student-alone-seed-2",
            "student-seed-2",
            "student-alone-seed-3",
            "student-seed-3");
    // the first seed is the run without seeds, to the bit
    assertThat(three.stages().subList(0, 4))
        .extracting(Results.Stage::sha256)
        .isEqualTo(one.stages().stream().map(Results.Stage::sha256).toList());
    Results.Model student = model(three, "student");
    assertThat(student.seeds()).extracting(Results.Seed::seed).containsExactly(1L, 2L, 3L);
    assertThat(student.seeds()).extracting(Results.Seed::sha256).doesNotHaveDuplicates();
    double[] accuracies =
        student.seeds().stream().mapToDouble(s -> s.metrics().accuracy()).toArray();
    double mean = (accuracies[0] + accuracies[1] + accuracies[2]) / 3;
    double squares = 0;
    for (double accuracy : accuracies) {
      squares += (accuracy - mean) * (accuracy - mean);
    }
    assertThat(student.metrics().accuracy()).isCloseTo(mean, within(1e-12));
    assertThat(student.metrics().mean()).containsKeys("accuracy", "errors", "loss");
    assertThat(student.metrics().sd().get("accuracy"))
        .isCloseTo(Math.sqrt(squares / 2), within(1e-12));
    assertThat(model(three, "teacher").seeds()).isNull();
    Results.Comparison alone = three.comparisons().get(0);
    assertThat(alone.seeds()).isEqualTo(3);
    assertThat(alone.says()).contains("n = 300 under each of 3 seeds");
    assertThat(Results.read(folder.resolve("three/results.json"))).isEqualTo(three);
    assertThat(Files.readString(folder.resolve("three/report.html"))).contains("\"seeds\":[{");
  }

  @Test
  void run_chains_haveATeacherEach() {
    Results chains = run("chains", "seeds: {count: 2, each: chain}");
    assertThat(chains.stages())
        .extracting(Results.Stage::name)
        .contains("teacher-seed-2", "labels-seed-2", "student-seed-2");
    assertThat(model(chains, "teacher").seeds()).hasSize(2);
  }

  @Test
  void run_search_takesTheBestOfValidation_andKeepsAllTrials() throws IOException {
    List<String> notes = new ArrayList<>();
    Results results =
        RecipeRunner.run(
            recipe("search: {temperature: [1, 4], soft: [0.5, 0.9]}"),
            folder.resolve("search"),
            new ProgressListener() {
              @Override
              public void begin(String step, long total, String unit) {
                notes.add(step);
              }

              @Override
              public void advance(long done, java.util.Map<String, Double> measures) {}

              @Override
              public void end(String summary) {}
            });
    assertThat(results.search().trials())
        .extracting(SearchSummary.Trial::name)
        .containsExactly(
            "trial-t1-soft0.5", "trial-t4-soft0.5", "trial-t1-soft0.9", "trial-t4-soft0.9");
    SearchSummary.Trial best =
        results.search().trials().stream()
            .filter(SearchSummary.Trial::chosen)
            .findFirst()
            .orElseThrow();
    assertThat(results.search().trials())
        .allSatisfy(t -> assertThat(t.accuracy()).isLessThanOrEqualTo(best.accuracy()));
    Path file = folder.resolve("search").resolve(best.file());
    assertThat(Sha256.of(folder.resolve("search/student/model.onnx"))).isEqualTo(Sha256.of(file));
    Graph student = OnnxReader.read(file);
    Evaluation onValidation =
        Evaluation.of(student, RecipeRunner.find(recipe(), ProgressListener.NONE).validation());
    assertThat(onValidation.accuracy()).isCloseTo(best.accuracy(), within(0.011)); // other runtime
    assertThat(notes).as("the best trial is not trained again").doesNotContain("student");
    assertThat(results.advice()).extracting(Results.Advice::id).doesNotContain("temperature-start");
    // what a search found is what a recipe without one gives
    String found =
        "distill: {hard: %s, soft: %s, temperature: %s}"
            .formatted(best.hard(), best.soft(), best.temperature());
    assertThat(model(run("found", found), "student").metrics())
        .isEqualTo(model(results, "student").metrics());
    // again: nothing is done anew
    assertThat(run("search", "search: {temperature: [1, 4], soft: [0.5, 0.9]}").stages())
        .allMatch(Results.Stage::reused);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "search: {} | search.temperature, soft: [], [] (expected: at least two things to try)",
        "search: {temperature: [2]} | search.temperature, soft: [2.0], [] (expected: at least two things to try)",
        "search: {temperature: [0.5, 2]} | search.temperature: [0.5, 2.0] (expected: each >= 1)",
        "search: {soft: [0.5, 1.5]} | search.soft: [0.5, 1.5] (expected: each 0 < soft <= 1)",
        "search: {temperature: [2, 2]} | search.temperature: [2.0, 2.0] (expected: each once)",
        "seeds: 0 | seeds: 0 (expected: 1 to 1000)",
      })
  void read_searchOverNothingOrBeyondTheBounds_isRefused(String line, String fault) {
    assertThatThrownBy(() -> recipe(line))
        .isInstanceOf(InputFault.class)
        .hasMessage("few.yaml:12 " + fault);
  }

  @Test
  void read_searchOfWhatMoves_isRefused() {
    assertThatThrownBy(
            () -> recipe("search: {temperature: [2, 4]}", "distill: {temperature: curriculum}"))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("values of a weight or temperature that moves over the run");
    assertThatThrownBy(() -> recipe("search: {temperature: [2, 4]}", "distill: {alpha: 1}"))
        .hasMessageContaining("without a teacher there is nothing to search");
  }
}
