package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distill4j.Seeds;
import org.distill4j.fault.InputFault;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.RecipeReader;
import org.distill4j.recipe.Recipes;
import org.distill4j.results.Results;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose student is augmented: labels of views made ahead, and a teacher asked on the way. */
class TeachingRunTest {
  private static final String AUGMENT = "student.augment=[{shift: 1}, {rotate: 5}]";

  @TempDir Path folder;

  private static Recipe recipe(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of("seed=" + Seeds.of(3), "teacher.train.epochs=2", "student.train.epochs=3"));
    all.addAll(List.of(overrides));
    return RecipeReader.read(Recipes.path("tiny.yaml"), all);
  }

  private static Results run(Recipe recipe, Path folder) {
    return RecipeRunner.run(recipe, folder, ProgressListener.NONE);
  }

  @Test
  void run_withViewsLabelledAhead_keepsAFileForEachAndResumesToTheSameBytes() throws IOException {
    Recipe recipe = recipe(AUGMENT, "distill.labels={views: 2}");
    Results results = run(recipe, folder);
    assertThat(results.stages().stream().map(Results.Stage::name))
        .containsExactly("teacher", "labels-view-1", "labels-view-2", "student-alone", "student");
    Map<String, String> whole = ChildRun.result(folder);
    assertThat(whole.get("labels-view-1/labels.safetensors"))
        .isNotEqualTo(whole.get("labels-view-2/labels.safetensors"));
    for (String lost : List.of("labels-view-2", "student")) {
      ChildRun.delete(folder.resolve(lost));
    }
    Files.delete(folder.resolve("results.json"));
    Results again = run(recipe, folder);
    assertThat(again.stages().stream().map(Results.Stage::reused))
        .containsExactly(true, true, false, true, false);
    assertThat(ChildRun.result(folder)).isEqualTo(whole);
    Results more = run(recipe(AUGMENT, "distill.labels={views: 3}"), folder);
    assertThat(more.stages().stream().map(Results.Stage::reused))
        .containsExactly(true, true, true, false, false, false);
  }

  @Test
  void run_online_keepsNoLabelsAndGivesTheSameBytesAgain() throws IOException {
    Recipe recipe = recipe(AUGMENT, "distill.labels=online", "teacher.augment=[{noise: 0.1}]");
    Results results = run(recipe, folder.resolve("one"));
    assertThat(results.stages().stream().map(Results.Stage::name))
        .containsExactly("teacher", "student-alone", "student");
    assertThat(folder.resolve("one/report.html")).isNotEmptyFile();
    run(recipe, folder.resolve("other"));
    assertThat(ChildRun.result(folder.resolve("other")))
        .isEqualTo(ChildRun.result(folder.resolve("one")));
  }

  @Test
  void run_onlineAboutInputsThatStayTheSame_saysWhatACacheWouldSave() throws IOException {
    Results results = run(recipe("distill.labels=online"), folder.resolve("run"));
    assertThat(results.advice())
        .filteredOn(a -> a.id().equals("cache"))
        .singleElement()
        .satisfies(a -> assertThat(a.says()).startsWith("the teacher is asked 3 times"))
        .satisfies(a -> assertThat((Double) a.value()).isPositive());
  }

  @Test
  void run_ofMoreViewsThanTheDiskHolds_isRefusedInOneLineBeforeTheTeacherIsTrained() {
    Recipe recipe = recipe(AUGMENT, "distill.labels={views: 2000000000}");
    assertThatThrownBy(() -> run(recipe, folder))
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith("distill.labels: 2,000,000,000 files of ")
        .hasMessageContaining("; take fewer views, labels: online, or another folder")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    assertThat(folder.resolve("teacher")).doesNotExist();
    assertThatThrownBy(() -> Plan.of(recipe, ProgressListener.NONE))
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith("distill.labels: 2,000,000,000 files of ");
  }

  @Test
  void plan_ofEachWay_tellsWhatItAndTheOthersCost() {
    String cached = Plan.of(recipe(), ProgressListener.NONE).text();
    assertThat(cached)
        .contains("  labels: 1,197 x 10 logits as FLOAT16, 23,940 bytes, by ONNX Runtime on 2")
        .contains("    other ways: views 23,940 bytes, 0:00 min each; online 0 bytes, 0:00 min");
    String views =
        Plan.of(recipe(AUGMENT, "distill.labels={views: 4}"), ProgressListener.NONE).text();
    assertThat(views)
        .contains("  labels: 4 views of 1,197 x 10 logits as FLOAT16, 95,760 bytes")
        .contains("    other ways: cached 23,940 bytes")
        .contains("augmented by shifts of up to 1 pixel, rotations of up to 5 degrees");
    assertThat(Plan.of(recipe(AUGMENT, "distill.labels=online"), ProgressListener.NONE).text())
        .contains("  labels: online, 1,197 x 10 logits in each of 3 epochs");
  }

  @Test
  void recipe_whoseStudentSeesWhatTheTeacherDoesNot_isRefusedUnlessMeant() {
    assertThatThrownBy(() -> recipe(AUGMENT))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("distill.labels, student.augment: cached, augmented (expected:");
    recipe(AUGMENT, "distill.labels={cached: {even-augmented: true}}");
    recipe(AUGMENT, "distill.hard=1", "distill.soft=0");
    assertThatThrownBy(
            () ->
                recipe(
                    "student.augment=[mixup]", "distill.labels={cached: {even-augmented: true}}"))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("cached, mixup (expected: views or online,");
    assertThatThrownBy(() -> recipe("distill.labels={views: 2}"))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("views, nothing (expected: steps in student.augment,");
    assertThatThrownBy(() -> recipe("student.augment=[{shift: 0}]", "distill.labels=online"))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("0 (expected: >= 1)");
  }

  @Test
  void run_withoutAClass_correctsItsBiasFromValidation() {
    Recipe recipe =
        recipe(
            "student.omit=[3]",
            "student.correct-bias=true",
            "student.labelled=0",
            "distill.hard=0",
            "baselines=[]");
    assertThat(Plan.of(recipe, ProgressListener.NONE).text())
        .contains(", without [3], ")
        .contains("  student-corrected: the biases of [3] moved by validation");
    Results results = run(recipe, folder);
    assertThat(results.stages().stream().map(Results.Stage::name))
        .containsExactly("teacher", "labels", "student", "student-corrected");
    assertThat(results.comparisons())
        .anyMatch(c -> c.candidate().equals("student-corrected") && c.baseline().equals("student"));
    assertThat(run(recipe, folder).stages()).allMatch(Results.Stage::reused);
    assertThatThrownBy(() -> recipe("student.correct-bias=true"))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("true (expected: classes in omit, whose biases are moved)");
    Recipe unknown = recipe("student.omit=[x]");
    assertThatThrownBy(() -> run(unknown, folder.resolve("other")))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("omit: 'x' is no class of data 'digits'");
  }
}
