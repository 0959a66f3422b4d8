package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.Recipes;
import org.distill4j.results.Results;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs whose student loses channels. */
class PruneRunTest {
  @TempDir Path folder;

  private static Results run(Recipe recipe, Path folder) {
    return RecipeRunner.run(recipe, folder, ProgressListener.NONE);
  }

  @Test
  void run_withPruneAndQuantize_makesASmallerStudentAndIntegersOfItAndResumesToTheSameBytes()
      throws IOException {
    Recipe recipe =
        Recipes.brief(
            "prune={criterion: taylor, batches: 4, target: {macs: 0.6}, sensitivity: [0.5]}",
            "quantize={samples: 64}");
    Results results = run(recipe, folder);
    assertThat(results.stages().stream().map(Results.Stage::name))
        .containsExactly(
            "teacher", "labels", "student", "student-cut", "student-pruned", "student-int8");
    Results.Model student = model(results, "student");
    Results.Model pruned = model(results, "student-pruned");
    assertThat(pruned.macs()).isLessThanOrEqualTo((long) (0.6 * student.macs()));
    assertThat(pruned.parameters()).isLessThan(student.parameters());
    assertThat(model(results, "student-int8").macs()).isEqualTo(pruned.macs());
    assertThat(results.comparisons())
        .anyMatch(c -> c.candidate().equals("student-pruned") && c.baseline().equals("student"))
        .anyMatch(
            c -> c.candidate().equals("student-int8") && c.baseline().equals("student-pruned"));
    assertThat(Files.readString(folder.resolve("student-cut/stage.json")))
        .contains("accuracy_without_0.5_of_conv1", "validation_accuracy_before", "channels_dense1");
    Map<String, Double> figures = results.stages().get(3).figures();
    assertThat(figures).containsEntry("channels_conv1_before", 4.0).containsKey("channels_conv1");
    assertThat(folder.resolve("report.html")).content().contains("What was taken out");
    Map<String, String> whole = ChildRun.result(folder);
    ChildRun.delete(folder.resolve("student-pruned"));
    Files.delete(folder.resolve("results.json"));
    assertThat(run(recipe, folder).stages().stream().map(Results.Stage::reused))
        .containsExactly(true, true, true, true, false, true);
    assertThat(ChildRun.result(folder)).isEqualTo(whole);
  }

  private static Results.Model model(Results results, String name) {
    return results.models().stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void run_withMasks_endsWithTheZerosAskedForAndSaysWhatTheyBring() throws IOException {
    Recipe recipe =
        Recipes.brief(
            "prune={sparsity: {magnitude: 0.8}, keep: [logits], train: {epochs: 3, rate: 0.01}}");
    assertThat(Plan.of(recipe, ProgressListener.NONE).text())
        .contains("0.8 of each layer's weights become zero", "the time stay", "masked: conv1.weig");
    Results results = run(recipe, folder);
    assertThat(folder.resolve("log.txt"))
        .content()
        .contains("of the masked weights are zero; compressed by gzip");
    assertThat(results.stages().stream().map(Results.Stage::name))
        .containsExactly("teacher", "labels", "student", "student-pruned");
    Graph sparse = OnnxReader.read(folder.resolve("student-pruned/model.onnx"));
    for (String masked : List.of("conv1.weight", "dense1.weight")) {
      float[] weights = sparse.initializers().get(masked).toFloats();
      long left = Math.round(0.2 * weights.length);
      assertThat(IntStream.range(0, weights.length).filter(i -> weights[i] != 0).count())
          .isLessThanOrEqualTo(left);
    }
    assertThat(sparse.initializers().get("logits.weight").toFloats()).doesNotContain(0f);
    Map<String, String> whole = ChildRun.result(folder);
    ChildRun.delete(folder.resolve("student-pruned"));
    run(recipe, folder);
    assertThat(ChildRun.result(folder)).isEqualTo(whole);
  }

  @Test
  void run_withAPattern_keepsTwoOfEachFourInputs() {
    run(Recipes.brief("prune={sparsity: {n-m: 2:4}, train: {epochs: 1}}"), folder);
    Graph sparse = OnnxReader.read(folder.resolve("student-pruned/model.onnx"));
    float[] weights = sparse.initializers().get("dense1.weight").toFloats(); // rows of inputs
    for (int i = 0; i < weights.length; i += 4) {
      int part = i;
      assertThat(IntStream.range(part, part + 4).filter(k -> weights[k] != 0).count())
          .isLessThanOrEqualTo(2);
    }
  }

  @Test
  void plan_ofAPrunedStudent_tellsWhatGoesWhatIsTiedAndWhatStays() {
    String plan =
        Plan.of(
                Recipes.brief(
                    "student.net={res-net: {depth: 8, width: 8}}",
                    "prune={criterion: l2, ratio: 0.5, keep: [stage3.block1.conv1]}"),
                ProgressListener.NONE)
            .text();
    assertThat(plan)
        .contains("  student-pruned: channels by l2, 0.5 of the channels go, the same share")
        .contains("conv1: 8 channels, with stage1.block1.conv2, tied by Add 'add'; 4 stay")
        .contains("stage3.block1.conv1: 32 channels; 32 stay")
        .contains("stays: Gemm 'logits': 10 of its 10 channels stay: output 'logits' of the model");
  }

  @Test
  void plan_ofATargetOutOfReach_saysSoInOneLine() {
    assertThatThrownBy(
            () -> Plan.of(Recipes.brief("prune={target: {macs: 0.01}}"), ProgressListener.NONE))
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith("target cannot be met: macs: 0.01 (expected: >= 0.")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @Test
  void recipe_whoseRatioWouldEmptyALayer_isRefused() {
    assertThatThrownBy(() -> Recipes.brief("prune={ratio: 1}"))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("ratio: 1.0 (expected: 0 < ratio <= most, which is 0.9;");
    assertThatThrownBy(() -> Recipes.brief("prune={}"))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("ratio, target, sparsity: none of them (expected: one)");
    assertThatThrownBy(() -> Recipes.brief("prune={target: {macs: 2}}"))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("macs: 2.0 (expected: a share of the whole, 0 < share < 1)");
    assertThatThrownBy(
            () ->
                Plan.of(Recipes.brief("prune={ratio: 0.5, keep: [nosuch]}"), ProgressListener.NONE))
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith("keep: 'nosuch' (expected: a layer that makes channels: conv1,");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prune={target: {macs: 0.01}}|target cannot be met: macs: 0.01 (expected: >= 0.",
        "prune={target: {bytes: 0.01}, allocation: global}|target cannot be met: bytes: 0.01 (exp",
        "prune={ratio: 0.5, keep: [nosuch]}|keep: 'nosuch' (expected: a layer that makes",
        "prune={ratio: 0.5, keep: [conv1, dense1]}|model 'cnn': no channel can go; conv1: stays wh",
        "prune={ratio: 0.5, criterion: batch-norm} & student.net={mlp: {hidden: [8]}}|criterion: batch-norm (expected: another one",
        "prune={ratio: 0.01}|ratio: 0.01: no channel goes (expected: a ratio that takes one of",
        "prune={sparsity: {magnitude: 0.5}, keep: [nosuch]}|keep: 'nosuch' (expected: a node",
        "quantize={keep-float: [nosuch]}|keep-float: [nosuch] (expected: names of nodes",
        "quantize={keep-float: [conv1, dense1, logits]}|model 'cnn', form static, keep-float [",
        "gate={limits: [{accuracy: 0.5}], on-fail: {with: [{student: {net: {mlp: {hidden: []}}}}]}}"
            + "|model 'mlp': no channel can go; Gemm 'logits': 10 of its 10 channels stay"
      })
  void run_whatTheNetAloneTellsCannotBe_isRefusedBeforeAnythingIsTrained(
      String part, String fault) {
    Recipe recipe =
        part.startsWith("gate")
            ? Recipes.brief("prune={ratio: 0.5}", part)
            : Recipes.brief(part.split(" & "));
    assertThatThrownBy(() -> run(recipe, folder))
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith(fault)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    assertThat(folder.resolve("teacher")).doesNotExist();
    if (!part.startsWith("gate")) {
      assertThatThrownBy(() -> Plan.of(recipe, ProgressListener.NONE))
          .isInstanceOf(InputFault.class)
          .hasMessageStartingWith(fault);
    }
  }
}
