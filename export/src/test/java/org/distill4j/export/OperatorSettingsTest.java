package org.distill4j.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.inference.Predictor;
import org.distill4j.lowered.Lowering;
import org.distill4j.savedmodel.SavedModelRuntime;
import org.distill4j.tflite.Parities;
import org.distill4j.tflite.TfliteRuntime;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every attribute that the standard gives to an operator that is lowered, at another value than its
 * default: the forms say what ONNX Runtime says, or the node is refused by its name.
 */
class OperatorSettingsTest {
  /** What other numbers cannot show: without meaning for the first output of a model in use. */
  private static final Set<String> MEANINGLESS =
      Set.of(
          "BatchNormalization.momentum", // of training
          "Cast.saturate", // of 8-bit floats
          "Dropout.seed", // of training
          "MaxPool.storage_order", // of the indices
          "Resize.cubic_coeff_a", // of cubic interpolation, which is refused
          "Resize.extrapolation_value"); // of cropping, which is refused

  static Stream<Named<List<Graph>>> settings() {
    return OperatorSettings.samples().entrySet().stream()
        .map(e -> Named.of(e.getKey(), e.getValue()));
  }

  /** The standard's list, read here by itself. */
  @Test
  void samples_coverEveryAttributeOfTheStandard() throws IOException {
    Path home = Path.of("").toAbsolutePath();
    while (!Files.exists(home.resolve("ARCHITECTURE.md"))) {
      home = home.getParent();
    }
    Path list = home.resolve("core/src/main/resources/org/distill4j/onnx/operators.txt");
    Set<String> attributes = new TreeSet<>();
    for (String line : Files.readAllLines(list)) {
      String[] words = line.split(" ", -1);
      for (int i = 4; i < words.length && Lowering.operators().contains(words[0]); i++) {
        if (!words[i].startsWith("-")) {
          attributes.add(words[0] + "." + words[i].replaceAll("!?:.*", ""));
        }
      }
    }
    Set<String> covered = new TreeSet<>(OperatorSettings.samples().keySet());
    covered.addAll(MEANINGLESS);
    assertThat(covered).isEqualTo(attributes);
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
