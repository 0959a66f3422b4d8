package org.distill4j.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.inference.Parities;
import org.distill4j.inference.Predictor;
import org.distill4j.zoo.OperatorSettings;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every attribute that the standard gives to an operator that has arithmetic here, at another value
 * than its default: ONNX Runtime's numbers, or the node is refused by its name.
 */
class ReferenceSettingsTest {
  private static boolean isKnown(String operator) {
    return ReferenceOperators.has(Node.of(operator, List.of("x"), List.of("y"), Map.of()));
  }

  static Stream<Named<List<Graph>>> settings() {
    return OperatorSettings.of(ReferenceSettingsTest::isKnown);
  }

  @Test
  void samples_coverEveryAttributeOfTheStandard() throws IOException {
    assertThat(OperatorSettings.without(ReferenceSettingsTest::isKnown)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("settings")
  void run_otherThanUsual_saysWhatOnnxRuntimeSaysOrNamesTheNode(List<Graph> graphs) {
    List<String> wrong = new ArrayList<>();
    for (Graph graph : graphs) {
      String nodes = graph.nodes().toString() + graph.nodes().get(0).attributes();
      try (Predictor predictor = new ReferenceRuntime().open(graph, 1)) {
        double off = Parities.difference(graph, predictor, 1);
        if (off > 1e-4) {
          wrong.add(nodes + " is off by " + off);
        }
      } catch (InputFault e) {
        boolean named = graph.nodes().stream().anyMatch(n -> e.getMessage().contains(n.toString()));
        if (!named) {
          wrong.add(nodes + ": " + e.getMessage());
        }
      } catch (RuntimeException e) {
        wrong.add(nodes + ": " + e);
      }
    }
    assertThat(wrong).isEmpty();
  }
}
