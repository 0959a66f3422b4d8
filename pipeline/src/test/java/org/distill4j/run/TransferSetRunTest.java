package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.RecipeReader;
import org.distill4j.results.Results;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recipe whose transfer set lacks what the teacher was validated on. */
class TransferSetRunTest {
  @TempDir Path folder;

  private static Recipe recipe(String... overrides) {
    return RecipeReader.parse(
        """
        name: logs
        threads: 1
        data: digits
        teacher:
          net: {mlp: {hidden: [16]}}
          train: {epochs: 1, batch: 32, rate: 0.01}
        student:
          net: {mlp: {hidden: [4]}}
          train: {epochs: 1, batch: 32}
          omit: [3, 7]
        baselines: []
        """,
        "logs.yaml",
        Path.of("/"),
        List.of(overrides));
  }

  private static List<String> said(Recipe recipe) {
    return Plan.of(recipe, ProgressListener.NONE).advice().stream()
        .filter(a -> a.id().equals("transfer-set"))
        .map(Results.Advice::says)
        .toList();
  }

  @Test
  void plan_classesLeftOut_namesThemAndTheCommandThatLabelsAgain() {
    assertThat(said(recipe())).hasSize(1);
    assertThat(said(recipe()).get(0))
        .contains("its classes differ", "3 0 (0.0 % instead of", "7 0 (0.0 % instead of")
        .endsWith("./distill4j run RECIPE.yaml --set student.omit=");
  }

  @Test
  void plan_wholeSetOrWiderLimits_isSilent() {
    assertThat(said(recipe("student.omit="))).isEmpty();
    assertThat(
            said(
                recipe(
                    "advice.transfer-set.furthest=0.5",
                    "advice.transfer-set.jensen-shannon=0.5",
                    "advice.transfer-set.rare=0")))
        .isEmpty();
  }

  @Test
  void run_classesLeftOut_isInResultsWithWhatWasMeasured() {
    Results results = RecipeRunner.run(recipe(), folder.resolve("run"), ProgressListener.NONE);
    Results.Advice said =
        results.advice().stream()
            .filter(a -> a.id().equals("transfer-set"))
            .findFirst()
            .orElseThrow();
    assertThat(said.says()).contains("--out " + folder.resolve("run"));
    assertThat(said.value().toString()).contains("classes_l_infinity", "features_jensen_shannon");
  }
}
