package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.distill4j.Seeds;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Metadata;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.RecipeReader;
import org.distill4j.report.ConsoleTable;
import org.distill4j.results.ExportSummary;
import org.distill4j.results.Results;
import org.distill4j.storage.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.SubGraph;
import org.tensorflow.lite.schema.TensorType;

/** Forms as the last stage of a recipe. */
class RecipeExportTest {
  private static final String RECIPE =
      """
      name: forms
      data: digits
      threads: 1
      teacher:
        net: {cnn: {features: [8, pool, 16], dense: [16]}}
        train: {epochs: 3}
      student:
        net: {cnn: {features: [4, pool, 4], dense: [8]}}
        train: {epochs: 4, batch: 32, rate: 0.003}
      distill: {hard: 0.1, soft: 0.9, temperature: 2}
      baselines: []
      quantize: {samples: 64, observer: min-max, weight-bits: 7}
      export: {to: [onnx, tflite, savedmodel], examples: 20}
      """;

  @TempDir private Path folder;

  private static Recipe recipe(String... overrides) {
    List<String> all = new ArrayList<>(List.of("seed=" + Seeds.of(1)));
    all.addAll(List.of(overrides));
    return RecipeReader.parse(RECIPE, "recipe.yaml", Path.of(""), all);
  }

  private Results run(String... overrides) {
    return RecipeRunner.run(recipe(overrides), folder.resolve("run"), ProgressListener.NONE);
  }

  private static boolean reused(Results results, String stage) {
    return results.stages().stream().anyMatch(s -> s.name().equals(stage) && s.reused());
  }

  @Test
  void run_formsOfTheLastStudent_areWrittenOnceAndToldInTheResults() throws IOException {
    Results results = run();

    assertThat(results.exports())
        .extracting(ExportSummary::form)
        .containsExactly("onnx", "tflite", "savedmodel");
    assertThat(results.exports()).allMatch(e -> e.n() == 20 && e.bytes() > 1000);
    Path tflite = folder.resolve("run/export/forms/tflite/model.tflite");
    Path student = folder.resolve("run/student-int8/model.onnx");
    assertThat(
            Metadata.lineage(OnnxReader.read(folder.resolve("run/export/forms/onnx/model.onnx"))))
        .containsEntry("exported-from", Sha256.of(student));
    SubGraph lite = Model.getRootAsModel(ByteBuffer.wrap(Files.readAllBytes(tflite))).subgraphs(0);
    assertThat(lite.tensors(lite.inputs(0)).type()).isEqualTo(TensorType.INT8);
    assertThat(ConsoleTable.of(results)).contains("Exports\n- onnx: ").contains("- tflite: ");
    assertThat(Results.read(folder.resolve("run/results.json")).exports())
        .isEqualTo(results.exports());

    byte[] bytes = Files.readAllBytes(tflite);
    Results again = run();
    assertThat(reused(again, "export")).isTrue();
    assertThat(again.exports()).isEqualTo(results.exports());

    Results other = run("export.io=float");
    assertThat(reused(other, "export")).isFalse();
    assertThat(reused(other, "student-int8")).isTrue();
    assertThat(Files.readAllBytes(tflite)).isNotEqualTo(bytes);

    run();
    assertThat(Files.readAllBytes(tflite)).isEqualTo(bytes);
    Files.writeString(folder.resolve("run/export/forms/export.json"), "{}");
    assertThatThrownBy(this::run)
        .isInstanceOf(RunFault.class)
        .hasMessageContaining("export.json: sha256");
  }

  @Test
  void plan_forms_areTold() {
    assertThat(Plan.of(recipe(), ProgressListener.NONE).stages())
        .contains(
            "export: onnx, tflite, savedmodel, each compared with ONNX Runtime on 20 validation"
                + " examples");
  }

  @Test
  void plan_integersOfAFloatStudent_areRefusedBeforehand() {
    Recipe recipe =
        RecipeReader.parse(
            RECIPE.replaceAll("quantize:.*\n", ""),
            "recipe.yaml",
            Path.of(""),
            List.of("export.tflite=int8"));
    assertThatThrownBy(() -> Plan.of(recipe, ProgressListener.NONE))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("export.tflite: int8 (expected: quantize in the recipe too");
  }

  @Test
  void parse_faultyForms_areToldWithTheirLine() {
    for (String fault :
        List.of("export.to=[]", "export.opset=6", "export.examples=0", "export.tfjs-bits=4")) {
      assertThatThrownBy(() -> recipe(fault)).isInstanceOf(InputFault.class);
    }
    assertThatThrownBy(() -> recipe("export.demo=true"))
        .hasMessageContaining("expected: tfjs among the forms");
  }
}
