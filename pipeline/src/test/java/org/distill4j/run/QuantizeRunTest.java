package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose student becomes one of integers. */
class QuantizeRunTest {
  @TempDir Path folder;

  @Test
  void run_aRepairThatFoundNothingToDo_isNotSaidToBeDone() throws IOException {
    RecipeRunner.run(
        Recipes.brief("quantize={samples: 64, repairs: [split, correct-bias]}"),
        folder,
        ProgressListener.NONE);
    List<String> log = Files.readAllLines(folder.resolve("log.txt"));
    boolean found =
        log.stream().anyMatch(l -> l.contains("split-outliers: ") && !l.contains("left alone"));
    String taken =
        log.stream().filter(l -> l.contains("student-int8: taken")).findFirst().orElseThrow();
    assertThat(taken).contains("corrected").contains("equalized");
    assertThat(taken.contains(" split ")).isEqualTo(found);
  }
}
