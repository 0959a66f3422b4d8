package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.distill4j.Seeds;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.RecipeReader;
import org.junit.jupiter.api.Test;

/** What a plan says a training needs. */
class PlanMemoryTest {
  private static final int DIGITS = 1197; // training examples of data 'digits'

  private final Random random = new Random(Seeds.of(10));

  private static Plan plan(int batch, int features) {
    return Plan.of(
        RecipeReader.parse(
            """
            name: batch
            data: digits
            teacher: {net: {mlp: {hidden: [4]}}, train: {epochs: 1}}
            student: {net: {cnn: {features: [%d], dense: [4]}}, train: {epochs: 1, batch: %d}}
            baselines: []
            """
                .formatted(features, batch),
            "recipe.yaml",
            Path.of(""),
            List.of()),
        ProgressListener.NONE);
  }

  @Test
  void memory_batchOfMoreThanThereIs_isThatOfAllExamples() {
    long all = plan(DIGITS, 8).memory();
    assertThat(plan(DIGITS + 1 + random.nextInt(1 << 20), 8).memory()).isEqualTo(all);
    assertThat(plan(1 + random.nextInt(DIGITS - 1), 8).memory()).isLessThan(all);
  }

  @Test
  void text_moreThanTheMachineHas_isToldWithTheMachinesFigure() {
    long there =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    Plan small = plan(DIGITS, 8);
    assertThat(small.text()).doesNotContain("MORE MEMORY");
    long missing = 1L + random.nextInt(1 << 30);
    Plan large =
        new Plan(
            small.recipe(),
            small.data(),
            small.nets(),
            small.stages(),
            small.advice(),
            there + missing,
            small.disk(),
            small.seconds());
    assertThat(large.text())
        .containsPattern("MORE MEMORY than this machine's [0-9,]+ MB: a smaller batch needs less");
  }
}
