package org.distill4j.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.distill4j.fault.RunFault;
import org.distill4j.progress.Notes;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.Recipes;
import org.distill4j.results.Results;
import org.distill4j.run.RecipeRunner;
import org.distill4j.storage.Sha256;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose files were changed by somebody else is not taken for what was made. */
class StepChecksumsTest {
  private static final Recipe RECIPE =
      Recipes.brief(
          "student.train.epochs=1",
          "prune={target: {macs: 0.8}, train: {epochs: 1}}",
          "quantize={samples: 32, prefer: speed}",
          "gate={limits: [{accuracy: 0.2}], on-fail: {with: [{distill: {temperature: 3}}]}}",
          "export={to: [onnx, tflite, tflite-micro, savedmodel], examples: 4}");

  @TempDir static Path folder;

  private final SplittableRandom random = new SplittableRandom(Seeds.of(5));

  private static Results run() {
    return RecipeRunner.run(RECIPE, folder, ProgressListener.NONE);
  }

  @BeforeAll
  static void runOnce() {
    run();
  }

  /** The folders of all steps. */
  private static List<Path> steps() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> steps =
          files.filter(f -> f.endsWith("stage.json")).map(Path::getParent).sorted().toList();
      assertThat(steps).hasSize(8); // teacher, labels, student, cut, pruned, int8, verdict, export
      return steps;
    }
  }

  private static List<Path> files(Path step) throws IOException {
    try (Stream<Path> files = Files.walk(step)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private byte[] flipped(byte[] bytes) {
    byte[] flipped = bytes.clone();
    flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    return flipped;
  }

  @Test
  void require_aBitOfAnyFileFlipped_namesTheFile() throws IOException {
    for (Path step : steps()) {
      for (Path file : files(step)) {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, flipped(bytes));
        boolean isSums = file.endsWith(StepChecksums.FILE); // then any file may be the one
        assertRefused(step, isSums ? step.toString() : file.toString());
        Files.write(file, bytes);
      }
      new StepChecksums(step).require();
    }
  }

  @Test
  void require_anyFileRemovedOrAdded_namesTheFile() throws IOException {
    for (Path step : steps()) {
      for (Path file : files(step)) {
        if (!file.endsWith(StepChecksums.FILE)) {
          byte[] bytes = Files.readAllBytes(file);
          Files.delete(file);
          assertRefused(step, file + ": is gone");
          Files.write(file, bytes);
        }
        Path added = file.resolveSibling("notes" + random.nextInt(100) + ".txt");
        Files.writeString(added, "mine");
        assertRefused(step, added + ": does not belong to the step");
        Files.delete(added);
      }
      Path hidden = Files.createDirectories(step.resolve(".ipynb_checkpoints"));
      Path left = Files.writeString(step.resolve(".DS_Store"), "the system's");
      Files.writeString(hidden.resolve("model.onnx"), "a notebook's");
      new StepChecksums(step).require();
      Files.delete(hidden.resolve("model.onnx"));
      Files.delete(hidden);
      Files.delete(left);
    }
  }

  private static void assertRefused(Path step, String says) {
    assertThatThrownBy(() -> new StepChecksums(step).require())
        .isInstanceOf(RunFault.class)
        .hasMessageContaining(says)
        .hasMessageContaining("delete the folder " + step);
  }

  @Test
  void write_sums_areThoseOfAllFiles() throws IOException {
    Path export = folder.resolve("export");
    List<String> lines = Files.readAllLines(export.resolve(StepChecksums.FILE));
    for (String line : lines) {
      assertThat(line)
          .isEqualTo(Sha256.of(export.resolve(line.substring(66))) + line.substring(64));
    }
    assertThat(files(export)).hasSize(lines.size() + 1).hasSizeGreaterThan(12);
  }

  @Test
  void run_anyFileOfADrawnStepChanged_isRefused() throws IOException {
    List<Path> files = files(steps().get(random.nextInt(7)));
    for (Path file : files) {
      if (!file.endsWith("stage.json")) { // one that cannot be read counts as none
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, flipped(bytes));
        assertThatThrownBy(StepChecksumsTest::run)
            .isInstanceOf(RunFault.class)
            .hasMessageContaining(file.getParent().toString());
        Files.write(file, bytes);
      }
    }
    assertThat(run().stages()).allMatch(Results.Stage::reused);
  }

  /** A run that was killed while the step was put down, then run twice. */
  @Test
  void run_withWhatAKillLeftOfFiles_sumsUpWhatIsMadeAlone() throws IOException {
    Path step = folder.resolve("student-int8");
    Files.delete(step.resolve("stage.json"));
    for (String left : List.of("stage.json.part", "SHA256SUMS.part", "model.onnx.part")) {
      Files.writeString(step.resolve(left), "half");
    }
    Path draft = Files.createDirectories(step.resolve("draft.part/inner"));
    Files.writeString(draft.resolve("model.tflite"), "half");
    run();
    assertThat(run().stages()).allMatch(Results.Stage::reused);
    assertThat(files(step)).noneMatch(file -> file.toString().contains(".part"));
  }

  @Test
  void run_stepWithoutSumsAsOfAnEarlierVersion_isMadeAnewWithAWord() throws IOException {
    Path model = folder.resolve("student-int8/model.onnx");
    byte[] bytes = Files.readAllBytes(model);
    Files.delete(model.resolveSibling(StepChecksums.FILE));
    Files.write(model, flipped(bytes));
    Notes notes = new Notes();
    Results results = RecipeRunner.run(RECIPE, folder, notes);
    assertThat(notes.lines()).filteredOn(line -> line.contains("an earlier version")).hasSize(1);
    assertThat(results.stages().stream().filter(stage -> !stage.reused()))
        .extracting(Results.Stage::name)
        .containsExactly("student-int8");
    assertThat(model).hasBinaryContent(bytes);
    assertThat(run().stages()).allMatch(Results.Stage::reused);
  }
}
