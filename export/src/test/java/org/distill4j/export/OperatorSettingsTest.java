package org.distill4j.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.inference.Parities;
import org.distill4j.inference.Predictor;
import org.distill4j.lowered.Lowering;
import org.distill4j.savedmodel.SavedModelRuntime;
import org.distill4j.tflite.TfliteRuntime;
import org.distill4j.zoo.OperatorSettings;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every attribute that the standard gives to an operator that is lowered, at another value than its
 * default: the forms say what ONNX Runtime says, or the node is refused by its name.
 */
class OperatorSettingsTest {
  static Stream<Named<List<Graph>>> settings() {
    return OperatorSettings.of(Lowering.operators()::contains);
  }

  @Test
  void samples_coverEveryAttributeOfTheStandard() throws IOException {
    assertThat(OperatorSettings.without(Lowering.operators()::contains)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("settings")
  void run_otherThanUsual_saysWhatOnnxRuntimeSaysOrNamesTheNode(List<Graph> graphs) {
    List<String> wrong = new ArrayList<>();
    for (Graph graph : graphs) {
      String node = graph.nodes().get(0).toString() + graph.nodes().get(0).attributes();
      try {
        Lowering.of(graph);
      } catch (InputFault e) {
        assertThat(e.lines().get(0)).startsWith(graph.nodes().get(0).toString());
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
  }
}
