package org.distill4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.RecipeReader;
import org.distill4j.recipe.RecipeWriter;
import org.distill4j.results.Results;
import org.distill4j.run.RecipeRunner;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes to start from run, here for fewer epochs; the README's is one that can be read. */
class RecipesTest {
  @Test
  void digits_thenItsTeacherAsAFile_bothRun(@TempDir Path folder) {
    Results digits =
        run("digits", folder.resolve("digits"), "teacher.train.epochs=4", "student.train.epochs=4");
    assertThat(digits.models()).hasSize(5);
    assertThat(digits.model("student-int8").orElseThrow().parameters())
        .isEqualTo(digits.model("student").orElseThrow().parameters());
    assertThat(digits.model("student-int8").orElseThrow().bytes())
        .isLessThan(digits.model("student").orElseThrow().bytes());
    Path teacher = folder.resolve("digits/teacher/model.onnx");
    Results onnx =
        run(
            "onnx-teacher",
            folder.resolve("onnx"),
            "teacher.file=" + teacher,
            "student.train.epochs=2");
    assertThat(onnx.model("teacher").orElseThrow().metrics())
        .isEqualTo(digits.model("teacher").orElseThrow().metrics());
  }

  @Test
  @Tag("slow")
  void adult_studentOfATwentieth_isWithinHalfAPointOfTheTeachersAuc(@TempDir Path folder) {
    Path data = shared("data/adult");
    Results adult = run("adult", folder.resolve("adult"), "data.dir=" + data);
    Results.Model teacher = adult.model("teacher").orElseThrow();
    Results.Model student = adult.model("student").orElseThrow();
    assertThat(20 * student.parameters()).isLessThanOrEqualTo(teacher.parameters());
    assertThat(teacher.metrics().auc()).isGreaterThan(0.9);
    assertThat(student.metrics().auc()).isGreaterThan(teacher.metrics().auc() - 0.005);
  }

  @Test
  @Tag("slow")
  void prunedResnet_cutToHalfItsMultiplyAdds_losesAtMostAPointAndAHalf(@TempDir Path folder) {
    Results cut = run("pruned-resnet", folder.resolve("cut"));
    Results.Model student = cut.model("student").orElseThrow();
    Results.Model pruned = cut.model("student-pruned").orElseThrow();
    assertThat(2 * pruned.macs()).isLessThanOrEqualTo(student.macs());
    assertThat(pruned.metrics().accuracy()).isGreaterThan(student.metrics().accuracy() - 0.015);
    System.out.printf(
        "pruned-resnet: %.3f ms instead of %.3f%n",
        pruned.latency().p50Ms(), student.latency().p50Ms());
  }

  @Test
  @Tag("slow")
  void mnist_studentsOfFewLabels_areSmallWithoutLosingWhatTheyLearned(@TempDir Path folder) {
    Path data = shared("data/mnist");
    Results mnist =
        run(
            "mnist",
            folder.resolve("mnist"),
            "data.dir=" + data,
            "seeds=1",
            "baselines=[alone, alone-int8]");
    Results.Model teacher = mnist.model("teacher").orElseThrow();
    Results.Model student = mnist.model("student").orElseThrow();
    Results.Model pruned = mnist.model("student-pruned").orElseThrow();
    Results.Model integers = mnist.model("student-int8").orElseThrow();
    Results.Model lone = mnist.model("student-alone-int8").orElseThrow();
    assertThat(10 * pruned.macs()).isLessThanOrEqualTo(6 * student.macs());
    assertThat(pruned.metrics().accuracy()).isGreaterThan(student.metrics().accuracy() - 0.005);
    assertThat(3.3 * integers.bytes()).isLessThan((double) student.bytes());
    assertThat(50 * integers.bytes()).isLessThan(teacher.bytes());
    assertThat(integers.metrics().accuracy()).isGreaterThan(student.metrics().accuracy() - 0.003);
    assertThat(integers.metrics().accuracy()).isGreaterThan(lone.metrics().accuracy());
  }

  private static Path shared(String relative) {
    for (Path up = home(); up != null; up = up.getParent()) {
      if (Files.exists(up.resolve("shared").resolve(relative))) {
        return up.resolve("shared").resolve(relative);
      }
    }
    String reason = "skipped: no shared/" + relative + " beside the repository";
    System.out.println(reason);
    return Assumptions.abort(reason);
  }

  @Test
  void all_recipes_areNamedAsTheirFilesAndReadAgainAsWritten() throws IOException {
    try (Stream<Path> files = Files.list(home().resolve("examples/recipes"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
        Recipe recipe = RecipeReader.read(file);
        assertThat(recipe.name() + ".yaml").isEqualTo(file.getFileName().toString());
        String written = RecipeWriter.text(recipe);
        assertThat(RecipeReader.parse(written, "as written", file, List.of())).isEqualTo(recipe);
      }
    }
  }

  @Test
  void readme_yamlBlock_isARecipe() throws IOException {
    String readme = Files.readString(home().resolve("README.md"));
    int from = readme.indexOf("```yaml\n") + "```yaml\n".length();
    String yaml = readme.substring(from, readme.indexOf("```", from));
    Recipe recipe = RecipeReader.parse(yaml, "README.md", home(), List.of());
    assertThat(recipe.student().labelled()).contains(1200L);
  }

  private static Results run(String name, Path folder, String... overrides) {
    Path file = home().resolve("examples/recipes").resolve(name + ".yaml");
    return RecipeRunner.run(
        RecipeReader.read(file, List.of(overrides)), folder, ProgressListener.NONE);
  }

  private static Path home() {
    return Path.of("").toAbsolutePath().getParent();
  }
}
