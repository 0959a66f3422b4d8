package org.distill4j.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.zoo.OperatorSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every attribute that the standard gives to an operator that has arithmetic here, at another value
 * than its default: ONNX Runtime's numbers, or the node is refused by its name.
 */
class ReferenceSettingsTest {
  /** Of each setting the samples that are refused, counted from 0 as they stand there. */
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("BatchNormalization.training_mode", "0"),
          Map.entry("QuantizeLinear.block_size", "0"),
          Map.entry("DequantizeLinear.block_size", "0 1"));

  private static boolean isKnown(String operator) {
    return ReferenceOperators.has(Node.of(operator, List.of("x"), List.of("y"), Map.of()));
  }

  static Stream<Arguments> settings() {
    return OperatorSettings.of(ReferenceSettingsTest::isKnown)
        .map(sample -> Arguments.of(sample.getName(), sample.getPayload()));
  }

  @Test
  void samples_coverEveryAttributeOfTheStandard() throws IOException {
    assertThat(OperatorSettings.without(ReferenceSettingsTest::isKnown)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("settings")
  void run_otherThanUsual_saysWhatOnnxRuntimeSaysOrNamesTheNode(
      String setting, List<Graph> graphs) {
    assertThat(OperatorSettings.refusedBy(new ReferenceRuntime(), graphs))
        .as("which of %s are refused", setting)
        .isEqualTo(REFUSED.getOrDefault(setting, ""));
  }
}
