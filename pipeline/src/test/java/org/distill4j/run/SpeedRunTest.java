package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.Recipes;
import org.distill4j.results.Results;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose integer student is to be fast; which layers that keeps float is the machine's. */
class SpeedRunTest {
  private static final Recipe RECIPE = Recipes.brief("quantize={samples: 64, prefer: speed}");

  @TempDir Path folder;

  private Results run() {
    return RecipeRunner.run(RECIPE, folder, ProgressListener.NONE);
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log.txt"));
  }

  /** As if the stage had been cut off after its layers were timed. */
  private void decide(String found) throws IOException {
    Files.writeString(folder.resolve("student-int8/slow-layers.json"), found);
    Files.delete(folder.resolve("student-int8/stage.json"));
  }

  private List<String> layersOnIntegers() {
    Graph graph = OnnxReader.read(folder.resolve("student-int8/model.onnx"));
    List<String> layers = new ArrayList<>();
    for (Node node : graph.nodes()) {
      boolean isLayer = List.of("Conv", "Gemm").contains(node.op());
      if (isLayer && !graph.initializers().containsKey(node.input(1))) {
        layers.add(node.name());
      }
    }
    return layers;
  }

  @Test
  void run_preferringSpeed_keepsSlowLayersFloatAndTellsWhatCameOfIt() throws IOException {
    run();
    JsonNode timed =
        new ObjectMapper().readTree(folder.resolve("student-int8/slow-layers.json").toFile());
    assertThat(timed.get("floats").size() + timed.get("integers").size()).isEqualTo(3);
    assertThat(log()).containsAnyOf("layers are faster float", "every layer is faster float");

    decide("{\"floats\": [\"conv1\"], \"integers\": [\"dense1\", \"logits\"]}");
    Results.Model some = run().model("student-int8").orElseThrow();
    assertThat(some.parity().isPassed()).isTrue();
    assertThat(layersOnIntegers()).containsExactly("dense1", "logits");
    assertThat(log())
        .contains("student-int8: 1 of 3 layers are faster float on this machine: conv1")
        .containsPattern("student-int8: takes \\d+\\.\\d\\d of the float model's time");

    decide("{\"floats\": [\"conv1\", \"dense1\", \"logits\"], \"integers\": []}");
    Results results = run();
    assertThat(results.model("student-int8").orElseThrow().parity()).isNull();
    assertThat(results.model("student-int8").orElseThrow().metrics())
        .isEqualTo(results.model("student").orElseThrow().metrics());
    assertThat(layersOnIntegers()).isEmpty();
    assertThat(log()).contains("stays the float student, as every layer is faster in float here");
  }

  @Test
  void recipe_preferringSpeedWhereNoTimeCanBeMeasured_isRefused() {
    assertThatThrownBy(() -> Recipes.brief("quantize={prefer: speed}", "target=microcontroller"))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining(
            "quantize.prefer, target: speed, microcontroller (expected: bytes, as no time can be"
                + " measured for another machine)");
    assertThatThrownBy(() -> Recipes.brief("quantize={prefer: speed, form: dynamic}"))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("form: dynamic, with observer");
  }

  @Test
  void plan_withIntegers_tellsWhatWasProbed() {
    assertThat(Plan.of(RECIPE, ProgressListener.NONE).text())
        .contains("layers that integers slow down here float")
        .containsPattern("here: weights of [78] bits, .* has (no )?dot-product instructions")
        .containsPattern(
            "ran at \\d+\\.\\d\\d times the speed of float just now: 8 bits make a model ");
    assertThat(
            Plan.of(Recipes.brief("quantize={}", "target=browser"), ProgressListener.NONE).text())
        .contains("browser: weights of 8 bits, activations uint8; not this machine, so no time");
  }
}
