package org.distill4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DowngradeTest {
  private static final Shape MAP = Shape.of(1, 2, 6, 6);

  private static Graph one(String op, Map<String, Attribute> attributes, HostTensor... constants) {
    return one(op, attributes, DType.FLOAT32, DType.FLOAT32, constants);
  }

  private static Graph one(
      String op, Map<String, Attribute> attributes, DType in, DType out, HostTensor... constants) {
    GraphBuilder g = new GraphBuilder(op);
    String[] inputs = new String[constants.length + 1];
    inputs[0] = g.input("x", in, MAP);
    for (int i = 0; i < constants.length; i++) {
      inputs[i + 1] = g.initializer("c" + i, constants[i]);
    }
    g.output(g.addNamed("y", op, attributes, inputs), out, Shape.UNRANKED);
    return g.build();
  }

  private static Map<String, Attribute> pool(String key, Attribute value) {
    Map<String, Attribute> all = new LinkedHashMap<>();
    all.put("kernel_shape", Attribute.ofInts(3, 3));
    all.put(key, value);
    return all;
  }

  private static Graph quantized(int saturate) {
    Map<String, Attribute> attributes = Map.of("saturate", Attribute.of(saturate));
    return one("QuantizeLinear", attributes, DType.FLOAT32, DType.UINT8, HostTensor.scalar(0.1f));
  }

  @ParameterizedTest
  @CsvSource({"MaxPool, ceil_mode, 10", "AveragePool, ceil_mode, 10", "LpPool, ceil_mode, 18"})
  void apply_roundedUpPool_isNamedBelowItsOpset(String op, String key, int since) {
    Graph up = one(op, pool(key, Attribute.of(1)));
    assertThat(Downgrade.apply(up, since).nodes().get(0).attributes()).containsKey(key);
    assertThatThrownBy(() -> Downgrade.apply(up, since - 1))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("has ceil_mode, which came with opset " + since);
    Graph usual = one(op, pool(key, Attribute.of(0)));
    assertThat(Downgrade.apply(usual, since - 1).nodes().get(0).attributes())
        .doesNotContainKey(key);
  }

  @ParameterizedTest
  @CsvSource({"MaxPool, 10", "AveragePool, 19"})
  void apply_dilatedPool_isNamedBelowItsOpset(String op, int since) {
    Graph dilated = one(op, pool("dilations", Attribute.ofInts(2, 2)));
    assertThatThrownBy(() -> Downgrade.apply(dilated, since - 1))
        .hasMessageContaining("has dilations, which came with opset " + since);
    Graph usual = one(op, pool("dilations", Attribute.ofInts(1, 1)));
    assertThat(Downgrade.apply(usual, since - 1).nodes().get(0).attributes())
        .doesNotContainKey("dilations");
  }

  @ParameterizedTest
  @CsvSource({
    "Sign, 9, FLOAT32",
    "Sinh, 9, FLOAT32",
    "Round, 11, FLOAT32",
    "Trilu, 14, FLOAT32",
    "Mish, 18, FLOAT32",
    "BitwiseNot, 18, INT32",
    "Gelu, 20, FLOAT32"
  })
  void apply_youngOperator_isNamedBelowItsOpset(String op, int since, DType type) {
    Graph young = one(op, Map.of(), type, type);
    assertThat(Downgrade.apply(young, since).nodes()).hasSize(1);
    assertThatThrownBy(() -> Downgrade.apply(young, since - 1))
        .hasMessageContaining(op)
        .hasMessageContaining("came with opset " + since);
  }

  @Test
  void apply_expand_isNamedAtOpset7() {
    Graph expand = one("Expand", Map.of(), HostTensor.ofLongs(Shape.of(4), 1, 2, 6, 6));
    assertThatThrownBy(() -> Downgrade.apply(expand, 7)).hasMessageContaining("came with opset 8");
  }

  @Test
  void apply_saturatingQuantization_losesTheAttributeOfOpset19() {
    Graph usual = quantized(1);
    assertThat(Downgrade.apply(usual, 18).nodes().get(0).attributes()).isEmpty();
    Graph wrapping = quantized(0);
    assertThatThrownBy(() -> Downgrade.apply(wrapping, 18)).hasMessageContaining("has saturate");
  }

  @Test
  void apply_broadcastMax_isNamedAtOpset7() {
    Graph max = one("Max", Map.of(), HostTensor.scalar(0));
    assertThat(Downgrade.apply(max, 8).nodes().get(0).op()).isEqualTo("Max");
    assertThatThrownBy(() -> Downgrade.apply(max, 7)).hasMessageContaining("broadcasts");
  }

  /** PyTorch's exporter sets the flag at every Reshape. */
  @Test
  void apply_allowzeroWithoutAZero_saysNothing() {
    Map<String, Attribute> flag = Map.of("allowzero", Attribute.of(1));
    Graph none = one("Reshape", flag, HostTensor.ofLongs(Shape.of(2), -1, 72));
    assertThat(Downgrade.apply(none, 13).nodes().get(0).attributes()).isEmpty();

    GraphBuilder g = new GraphBuilder("Reshape");
    String x = g.input("x", DType.FLOAT32, Shape.of(0, 3));
    String target = g.initializer("target", HostTensor.ofLongs(Shape.of(2), 3, 0));
    g.output(g.addNamed("y", "Reshape", flag, x, target), DType.FLOAT32, Shape.UNRANKED);
    Graph empty = g.build();
    assertThatThrownBy(() -> Downgrade.apply(empty, 13)).hasMessageContaining("has allowzero");
  }
}
