package org.distill4j.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeWriterTest {
  @ParameterizedTest
  @ValueSource(strings = {"good.yaml", "file.yaml"})
  void write_thenRead_isTheSameRecipe(String name, @TempDir Path folder) {
    Recipe recipe = RecipeReader.read(Recipes.path(name));
    Path file = folder.resolve("run/recipe.yaml");
    RecipeWriter.write(recipe, file);
    Recipe again = RecipeReader.read(file);
    assertThat(again).isEqualTo(recipe);
    assertThat(RecipeWriter.text(again)).isEqualTo(RecipeWriter.text(recipe));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "teacher.augment=[{shift: 2}, {crop: 0.6}, {flip: {}}, {rotate: 10}, {erase: {}}]",
        "teacher.augment=[{noise: 0.1}, {mixup: 0.2}]",
        "gate=[{accuracy: 0.9}, {bytes: 10000}, {drop: 0.01}, {f1: 0.5}]",
        "student.train.optimizer=adam",
        "student.train.rate={cosine: {rate: 0.01}}",
        "distill.labels=online"
      })
  void text_ofWhatWasSaidShortly_isReadAgain(String override) {
    Recipe recipe = RecipeReader.read(Recipes.path("good.yaml"), List.of(override));
    assertThat(RecipeReader.parse(RecipeWriter.text(recipe), "again", Path.of("/"), List.of()))
        .isEqualTo(recipe);
  }

  @Test
  void text_fillsInEveryDefault() {
    Recipe recipe =
        RecipeReader.parse(
            Recipes.text("file.yaml"),
            "file.yaml",
            Path.of("/r"),
            List.of("teacher.preprocessing="));
    assertThat(RecipeWriter.text(recipe))
        .isEqualTo(
            """
            name: from-files
            seed: 7
            seeds:
              count: 1
              each: student
            threads: 2
            data:
              name: mine
              path: /r/data
              seed: 1
              classes: [cat, dog]
              shape: []
            teacher:
              file: /r/models/teacher.onnx
              augment: []
            student:
              file: /r/models/student.onnx
              train:
                epochs: 1
                batch: 128
                optimizer:
                  sgd:
                    momentum: 0.9
                    nesterov: true
                rate:
                  constant:
                    rate: 0.001
                    warmup: 0
                weight-decay: 0
                clip-norm: 5
                patience: 2
              augment: []
              omit: []
              correct-bias: false
            distill:
              hard: 0
              soft: 1
              temperature: 5
              labels:
                cached:
                  format: float32
                  even-augmented: false
            target: here
            advice:
              waive: {}
              gate: []
              transfer-set:
                furthest: 0.05
                jensen-shannon: 0.03
                rare: 0.5
            baselines: [alone]
            """);
  }
}
