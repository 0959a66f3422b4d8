package org.distill4j.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.inference.Parities;
import org.distill4j.inference.Predictor;
import org.distill4j.lowered.Lowering;
import org.distill4j.savedmodel.SavedModelRuntime;
import org.distill4j.tflite.TfliteRuntime;
import org.distill4j.zoo.OperatorSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every attribute that the standard gives to an operator that is lowered, at another value than its
 * default: the forms say what ONNX Runtime says, or the node is refused by its name.
 */
class OperatorSettingsTest {
  /** Of each setting the samples that are refused, counted from 0 as they stand there. */
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("ArgMax.select_last_index", "0"),
          Map.entry("AveragePool.dilations", "0"),
          Map.entry("MaxPool.dilations", "0"),
          Map.entry("BatchNormalization.training_mode", "0"),
          Map.entry("Cast.to", "4"),
          Map.entry("DepthToSpace.mode", "0"),
          Map.entry("LayerNormalization.stash_type", "0"),
          Map.entry("Pad.mode", "1 2"),
          Map.entry("Resize.mode", "1 3 4 5"),
          Map.entry(
              "Resize.coordinate_transformation_mode",
              "0 2 4 5 6 7 8 10 12 13 14 15 16 17 18 20 21 22 23"),
          Map.entry(
              "Resize.nearest_mode",
              "1 2 3 4 5 6 8 9 11 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33"
                  + " 34 35"),
          Map.entry("Resize.antialias", "0 1 2"),
          Map.entry("Resize.exclude_outside", "0 1 2"),
          Map.entry("Resize.keep_aspect_ratio_policy", "0 1"));

  static Stream<Arguments> settings() {
    return OperatorSettings.of(Lowering.operators()::contains)
        .map(sample -> Arguments.of(sample.getName(), sample.getPayload()));
  }

  @Test
  void samples_coverEveryAttributeOfTheStandard() throws IOException {
    assertThat(OperatorSettings.without(Lowering.operators()::contains)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("settings")
  void run_otherThanUsual_saysWhatOnnxRuntimeSaysOrNamesTheNode(
      String setting, List<Graph> graphs) {
    List<String> wrong = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    for (int i = 0; i < graphs.size(); i++) {
      Graph graph = graphs.get(i);
      String node = graph.nodes().get(0).toString() + graph.nodes().get(0).attributes();
      try {
        Lowering.of(graph);
      } catch (InputFault e) {
        assertThat(e.lines().get(0)).startsWith(graph.nodes().get(0).toString());
        refused.add(Integer.toString(i));
        continue;
      }
      try (Predictor lite = new TfliteRuntime().open(graph, 1);
          Predictor saved = new SavedModelRuntime().open(graph, 1)) {
        double off =
            Math.max(Parities.difference(graph, lite, 1), Parities.difference(graph, saved, 1));
        if (off > 1e-4) {
          wrong.add(node + " is off by " + off);
        }
      } catch (RuntimeException e) {
        wrong.add(node + ": " + e.getMessage());
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(String.join(" ", refused))
        .as("which of %s are refused", setting)
        .isEqualTo(REFUSED.getOrDefault(setting, ""));
  }
}
