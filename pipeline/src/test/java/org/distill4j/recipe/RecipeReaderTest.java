package org.distill4j.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.distill4j.data.source.DataSettings;
import org.distill4j.engine.Optimizer;
import org.distill4j.engine.Rate;
import org.distill4j.engine.TrainSettings;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Preprocessing;
import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.zoo.Cnn;
import org.junit.jupiter.api.Test;

class RecipeReaderTest {
  private static List<String> faults(String text, String... overrides) {
    InputFault fault =
        catchThrowableOfType(
            InputFault.class,
            () -> RecipeReader.parse(text, "recipe.yaml", Path.of("/r"), List.of(overrides)));
    assertThat(fault).as("a fault").isNotNull();
    return fault.lines();
  }

  @Test
  void read_teacherToTrain_isTheRecipeThatIsWritten() {
    Recipe recipe = RecipeReader.read(Recipes.path("good.yaml"));
    assertThat(recipe)
        .isEqualTo(
            new Recipe(
                "scarce-labels",
                1,
                SeedSettings.one(),
                0,
                DataSettings.named("fashion-mini"),
                TeacherSettings.trained(
                    new Cnn(List.of("32", "64", "pool", "128", "pool"), List.of(128), 0, false),
                    TrainSettings.epochs(3)),
                StudentSettings.of(
                        new Cnn(List.of("8", "pool", "16", "pool"), List.of(64), 0, false),
                        new TrainSettings(
                            8,
                            64,
                            new Optimizer.AdamW(0.9, 0.999, 1e-8),
                            new Rate.Cosine(0.002, 0, 100),
                            1e-4,
                            0,
                            0))
                    .labelled(1200),
                new DistillSettings(0.1, 0.9, 2, LabelSource.cached()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                TargetMachine.HERE,
                AdviceSettings.usual(),
                Optional.empty(),
                List.of(Baseline.ALONE, Baseline.ALL_LABELS)));
  }

  @Test
  void read_filesOfTeacherAndStudent_areRelativeToTheRecipesFolder() {
    Recipe recipe = RecipeReader.read(Recipes.path("file.yaml"));
    Path folder = Recipes.path("file.yaml").toAbsolutePath().getParent();
    assertThat(recipe.data().source().path()).contains(folder.resolve("data"));
    assertThat(recipe.teacher().file()).contains(folder.resolve("models/teacher.onnx"));
    assertThat(recipe.teacher().preprocessing())
        .contains(
            new Preprocessing(
                0.00392156862745098, List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225)));
    assertThat(recipe.student().file()).contains(folder.resolve("models/student.onnx"));
    assertThat(recipe.student().labelled()).isEmpty();
    assertThat(recipe.student().train().optimizer()).isEqualTo(new Optimizer.Sgd(0.9, true));
    assertThat(recipe.threadsHere()).isEqualTo(2);
  }

  @Test
  void read_overrides_changeWhatTheFileSays() {
    Recipe recipe =
        RecipeReader.read(
            Recipes.path("good.yaml"),
            List.of(
                "distill.temperature=4",
                "distill.alpha=0.25",
                "student.train.optimizer=adam",
                "student.net.cnn.dense.0=32",
                "student.labelled=",
                "teacher.net=",
                "teacher.train=",
                "teacher.file=teacher.onnx"));
    assertThat(recipe.distill())
        .isEqualTo(new DistillSettings(0.25, 0.75, 4, LabelSource.cached()));
    assertThat(recipe.student().train().optimizer()).isEqualTo(Optimizer.adam());
    assertThat(recipe.student().net())
        .contains(new Cnn(List.of("8", "pool", "16", "pool"), List.of(32), 0, false));
    assertThat(recipe.student().labelled()).isEmpty();
    assertThat(recipe.teacher())
        .isEqualTo(TeacherSettings.file(Path.of("teacher.onnx").toAbsolutePath()));
  }

  @Test
  void parse_everythingWrong_isToldAtOnce() {
    assertThat(faults(Recipes.text("wrong.yaml"), "student.train.epoch=3", "seed=a", "distill"))
        .containsExactlyElementsOf(Recipes.text("wrong.faults").lines().toList());
  }

  @Test
  void parse_partsThatDoNotFitTogether_areToldWhereTheyStand() {
    String good = Recipes.text("good.yaml");
    assertThat(faults(good.replace("labelled: 1200", "labelled: 0")))
        .containsExactly(
            "recipe.yaml:19 student.labelled: 0 (expected: >= 1, or distill.hard: 0 to learn from"
                + " the teacher alone)");
    assertThat(faults(good, "student.labelled=0", "distill.alpha=0"))
        .containsExactly(
            "--set student.labelled=0: baselines, student.labelled: alone, 0 (expected: labels, or"
                + " no baseline 'alone')");
    assertThat(faults(good, "teacher.file=t.onnx"))
        .containsExactly("recipe.yaml:5 teacher.net, file: both given (expected: one of them)");
    assertThat(faults(good, "teacher.net=", "teacher.file=t.onnx"))
        .containsExactly("recipe.yaml:7 teacher.train: given with file (expected: only with net)");
    assertThat(faults(good, "teacher.preprocessing={}"))
        .containsExactly(
            "--set teacher.preprocessing={}: given with net (expected: only with file; a net takes"
                + " what the data say)");
    assertThat(faults(good, "teacher.train="))
        .containsExactly("recipe.yaml:5 teacher.train: absent (expected: how the net is trained)");
    assertThat(faults(good, "student.net="))
        .containsExactly("recipe.yaml:11 student.net, file: neither given (expected: one of them)");
    assertThat(faults(good, "baselines=[alone, alone]"))
        .containsExactly("--set baselines=[alone, alone]: one given twice (expected: each once)");
    assertThat(faults(good, "baselines=[alone, alone-int8]"))
        .containsExactly(
            "--set baselines=[alone, alone-int8]: alone-int8 (expected: 'alone' beside it, and"
                + " quantize in the recipe)");
  }

  @Test
  void parse_labelsNotNeeded_learnsFromTheTeacherAlone() {
    Recipe recipe =
        RecipeReader.parse(
            Recipes.text("good.yaml"),
            "recipe.yaml",
            Path.of("/"),
            List.of("student.labelled=0", "distill.alpha=0", "baselines=[all-labels]"));
    assertThat(recipe.student().labelled()).isEqualTo(Optional.of(0L));
  }

  @Test
  void baseline_isCalledInResultsAsResultsCallIt() {
    assertThat(Baseline.ALONE.model()).isEqualTo("student-alone");
    assertThat(Baseline.ALL_LABELS.model()).isEqualTo("student-all-labels");
    assertThat(Baseline.ALONE_INT8.model()).isEqualTo("student-alone-int8");
  }
}
