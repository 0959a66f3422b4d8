package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.distill4j.Seeds;
import org.distill4j.eval.Comparison;
import org.distill4j.eval.Evaluation;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.RecipeReader;
import org.distill4j.report.ConsoleTable;
import org.distill4j.results.Gate;
import org.distill4j.results.Results;
import org.distill4j.storage.Failpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs that demand something. */
class GateRunTest {
  private static final String RECIPE =
      """
      name: gated
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

  private static final List<String> SEED = List.of("seed=" + Seeds.of(1));

  @TempDir Path folder;

  private Results run(String out, String more) {
    return run(RECIPE, out, more);
  }

  private Results run(String base, String out, String more) {
    Recipe recipe = RecipeReader.parse(base + more, "gated.yaml", folder, SEED);
    return RecipeRunner.run(recipe, folder.resolve(out), ProgressListener.NONE);
  }

  private static Gate.Rule rule(Results results, String title) {
    return results.gate().rules().stream()
        .filter(r -> r.rule().startsWith(title))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void run_everyKindOfLimit_isHeldAgainstTheTestSetOnce() throws Exception {
    Results results =
        run(
            "all",
            """
            quantize: {samples: 64}
            gate:
              - {accuracy: 0.1}
              - {f1: {least: 0.99, reads: bound, model: student}}
              - {auc: {least: 0.5, model: teacher}}
              - {drop: {most: 1, model: student}}
              - {drop: {most: 0.5, against: student}}
              - beats-alone
              - {agreement: {least: 0.2, reads: bound}}
              - {worst-slice: {least: 0.01, smallest: 5}}
              - {bytes: 10}
              - {latency: {p50: 10000, p95: 0.0000001, batch: 4}}
            """);
    assertThat(results.gate().rules())
        .extracting(Gate.Rule::rule)
        .startsWith(
            "accuracy",
            "f1",
            "auc",
            "drop against teacher",
            "drop against student",
            "ahead of student-alone",
            "agreement with teacher")
        .endsWith("bytes", "p50 latency, batch 4, threads 1", "p95 latency, batch 4, threads 1")
        .hasSize(11);
    assertThat(results.gate().rules()).allMatch(r -> r.split().equals("test"));
    assertThat(results.isPassed()).isFalse();
    assertThat(results.gate().broken())
        .extracting(Gate.Rule::rule)
        .contains("f1", "bytes", "p95 latency, batch 4, threads 1")
        .doesNotContain("accuracy", "auc", "drop against teacher", "drop against student");
    assertThat(results.gate().best().model()).isEqualTo("student-int8");
    assertThat(folder.resolve("all").resolve(results.gate().best().file())).isNotEmptyFile();

    Results.Model integers = results.model("student-int8").orElseThrow();
    Gate.Rule accuracy = rule(results, "accuracy");
    assertThat(accuracy.value()).isEqualTo(integers.metrics().accuracy());
    assertThat(accuracy.n()).isEqualTo(300);
    assertThat(rule(results, "bytes").value()).isEqualTo(integers.bytes());
    // the same by hand: the worse end of the interval of the paired difference
    var test =
        RecipeRunner.find(RecipeReader.parse(RECIPE, "g", folder, List.of()), ProgressListener.NONE)
            .test();
    Path run = folder.resolve("all");
    Comparison c =
        Comparison.of(
            Evaluation.of(OnnxReader.read(run.resolve("student/model.onnx")), test),
            Evaluation.of(OnnxReader.read(run.resolve("teacher/model.onnx")), test));
    Gate.Rule drop = rule(results, "drop against teacher");
    assertThat((Double) drop.value()).isCloseTo(-c.low(), within(1e-9));
    assertThat(drop.point()).isCloseTo(-c.delta(), within(1e-12));
    assertThat(drop.reads()).isEqualTo("bound");

    assertThat(Results.read(run.resolve("results.json")).gate().broken())
        .hasSameSizeAs(results.gate().broken());
    assertThat(Files.readString(run.resolve("report.html"))).contains("drop against teacher");
    assertThat(ConsoleTable.of(results))
        .contains(
            "Gate: not passed, ", " bytes (demanded: at most 10)", "Best candidate: student-int8, ")
        .contains("student-int8/model.onnx in the run's folder");
  }

  @Test
  void run_tableColumn_findsTheSliceThatIsServedWorst() throws Exception {
    SplittableRandom random = new SplittableRandom(Seeds.of(5));
    StringBuilder rows = new StringBuilder("x,y,shop,sold\n");
    for (int i = 0; i < 1500; i++) {
      double x = random.nextGaussian();
      double y = random.nextGaussian();
      boolean north = random.nextInt(3) == 0;
      boolean sold = north ? random.nextBoolean() : x + y > 0; // nobody can know in the north
      rows.append(
          String.format(
              Locale.ROOT,
              "%.3f,%.3f,%s,%s%n",
              x,
              y,
              north ? "north" : "south",
              sold ? "yes" : "no"));
    }
    Files.writeString(folder.resolve("shops.csv"), rows);
    String data = "data: {path: %s}".formatted(folder.resolve("shops.csv"));
    Recipe recipe =
        RecipeReader.parse(
            RECIPE.replace("data: digits", data)
                + "gate: [{accuracy: 0.6}, {worst-slice: {least: 0.75, by: shop}}]\n",
            "gated.yaml",
            folder,
            SEED);
    Results results = RecipeRunner.run(recipe, folder.resolve("slices"), ProgressListener.NONE);
    assertThat(results.gate().rules().get(0).passed()).isTrue();
    Gate.Rule worst = results.gate().rules().get(1);
    assertThat(worst.passed()).isFalse();
    assertThat(worst.rule()).isEqualTo("worst slice by shop (shop = north)");
    assertThat(worst.n()).isBetween(30, 80);
    assertThat(worst.says()).contains("(shop = north) 0.", "n = ", "demanded: at least 0.75");
  }

  private static final String ON_FAIL =
      """
      gate:
        limits: [{accuracy: %s}]
        on-fail:
          with:
            - {distill: {temperature: 2, soft: 0.5}}
            - {student: {net: {mlp: {hidden: [48]}}, train: {epochs: 8, batch: 32, rate: 0.01}}}
            - {student: {net: {mlp: {hidden: [64]}}}}
      """;

  /**
   * At this rate nothing is learned, so that one answer in ten is right; the second attempt learns
   * as usual and has more than three of four.
   */
  private static final String IDLE = RECIPE.replace("rate: 0.01}", "rate: 1e-12}");

  @Test
  void run_onFail_triesInOrderUntilValidationKeepsAll() {
    Results results = run(IDLE, "tried", ON_FAIL.formatted("0.5"));
    assertThat(results.gate().attempts())
        .extracting(Gate.Attempt::name)
        .as("the third is not needed")
        .containsExactly("recipe", "attempt-1", "attempt-2");
    assertThat(results.gate().attempts().get(2).passed()).isTrue();
    assertThat(results.gate().attempts())
        .extracting(Gate.Attempt::chosen)
        .containsExactly(false, false, true);
    assertThat(results.gate().attempts().get(1).changes())
        .isEqualTo("distill.soft 0.5, distill.temperature 2");
    assertThat(results.gate().attempts())
        .flatExtracting(Gate.Attempt::rules)
        .allMatch(r -> r.split().equals("validation"));
    assertThat(results.gate().rules()).allMatch(r -> r.split().equals("test"));
    assertThat(results.model("student").orElseThrow().file())
        .isEqualTo("attempt-2/student/model.onnx");
    assertThat(results.model("student-alone").orElseThrow().parameters())
        .as("the lone student is the same net")
        .isEqualTo(results.model("student").orElseThrow().parameters());
    assertThat(results.stages())
        .extracting(Results.Stage::name)
        .containsExactly(
            "teacher",
            "labels",
            "student-alone",
            "student",
            "verdict",
            "attempt-1/student-alone",
            "attempt-1/student",
            "attempt-1/verdict",
            "attempt-2/student-alone",
            "attempt-2/student",
            "attempt-2/verdict");
    for (Results.Stage stage : results.stages()) {
      assertThat(folder.resolve("tried").resolve(stage.artefact())).isNotEmptyFile();
    }
    assertThat(run(IDLE, "tried", ON_FAIL.formatted("0.5")).stages())
        .allMatch(Results.Stage::reused);
  }

  @Test
  void run_onFailThatNothingKeeps_takesTheBestOfValidation() {
    Results results = run("never", ON_FAIL.formatted("1"));
    assertThat(results.isPassed()).isFalse();
    assertThat(results.gate().attempts()).hasSize(4).noneMatch(Gate.Attempt::passed);
    double best =
        results.gate().attempts().stream()
            .mapToDouble(a -> (Double) a.rules().get(0).value())
            .max()
            .orElseThrow();
    Gate.Attempt chosen =
        results.gate().attempts().stream().filter(Gate.Attempt::chosen).findFirst().orElseThrow();
    assertThat((Double) chosen.rules().get(0).value()).isEqualTo(best);
    assertThat(results.gate().best().file()).isEqualTo(chosen.name() + "/student/model.onnx");
  }

  @Test
  void run_killedWhileItTries_endsWithTheSameBytes() throws Exception {
    String[] gate = {
      "student.train.epochs=1",
      "teacher.train.epochs=1",
      "gate={limits: [{accuracy: 1}], on-fail: {with: [{distill: {temperature: 3}}, {student: {net:"
          + " {mlp: {hidden: [16]}}}}]}}"
    };
    Path whole = folder.resolve("whole");
    ChildRun.here(whole, gate);
    Path killed = folder.resolve("killed");
    for (String failpoint :
        List.of("verdict-renamed", "attempt-1/student-made", "attempt-2/verdict-made")) {
      Path own = folder.resolve("child-" + failpoint.replace('/', '-'));
      Process child = ChildRun.start(killed, own, failpoint, gate);
      assertThat(child.waitFor())
          .as("%s%n%s", failpoint, String.join("\n", ChildRun.printed(own)))
          .isEqualTo(Failpoint.EXIT_CODE);
      assertThat(killed.resolve("results.json")).doesNotExist();
      ChildRun.delete(own);
    }
    ChildRun.here(killed, gate);
    Map<String, String> expected = new TreeMap<>(ChildRun.result(whole));
    assertThat(ChildRun.result(killed))
        .isEqualTo(expected)
        .containsKey("attempt-2/verdict/verdict.json");
    Gate gated = Results.read(killed.resolve("results.json")).gate();
    assertThat(gated.attempts())
        .isEqualTo(Results.read(whole.resolve("results.json")).gate().attempts());
  }
}
