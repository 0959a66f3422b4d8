package org.distill4j.lowered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VariableLayoutTest {
  static Stream<VariableLayout> layouts() {
    return Stream.of(
        VariableLayout.asIs(Shape.of(3, 4)),
        VariableLayout.asIs(Shape.SCALAR),
        VariableLayout.conv(Shape.of(5, 2, 3, 4)),
        VariableLayout.conv(Shape.of(5, 2, 3)),
        VariableLayout.depthwise(Shape.of(6, 1, 3, 4), 3),
        VariableLayout.depthwise(Shape.of(6, 1, 3), 6),
        VariableLayout.transposed(Shape.of(3, 4)),
        VariableLayout.flattenedRows(Shape.of(24, 5), false, 3),
        VariableLayout.flattenedRows(Shape.of(5, 24), true, 3));
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void toOnnx_afterToTensorFlow_isTheSameTensor(VariableLayout layout) {
    HostTensor onnx = counted(layout.onnx());
    HostTensor stored = layout.toTensorFlow(onnx);

    assertThat(stored.shape()).isEqualTo(layout.tensorFlow());
    assertThat(layout.toOnnx(stored)).isEqualTo(onnx);
    assertThat(layout.toTensorFlow(layout.toOnnx(stored))).isEqualTo(stored);
  }

  @Test
  void conv_outputFirst_becomesOutputLast() {
    // element [o, i, h, w] = 1000 o + 100 i + 10 h + w
    HostTensor onnx = HostTensor.ofFloats(Shape.of(2, 1, 1, 2), 0, 1, 1000, 1001);

    HostTensor stored = VariableLayout.conv(onnx.shape()).toTensorFlow(onnx);

    assertThat(stored).isEqualTo(HostTensor.ofFloats(Shape.of(1, 2, 1, 2), 0, 1000, 1, 1001));
  }

  @Test
  void depthwise_outputChannel_isInputChannelTimesMultiplier() {
    // output channel c M + m holds 10 c + m
    HostTensor onnx = HostTensor.ofFloats(Shape.of(4, 1, 1, 1), 0, 1, 10, 11);

    HostTensor stored = VariableLayout.depthwise(onnx.shape(), 2).toTensorFlow(onnx);

    assertThat(stored).isEqualTo(HostTensor.ofFloats(Shape.of(1, 1, 2, 2), 0, 1, 10, 11));
  }

  @Test
  void flattenedRows_channelsFirst_becomeChannelsLast() {
    // rows of [C = 2, P = 3]: 10 c + p
    HostTensor onnx = HostTensor.ofFloats(Shape.of(6, 1), 0, 1, 2, 10, 11, 12);

    HostTensor stored = VariableLayout.flattenedRows(onnx.shape(), false, 2).toTensorFlow(onnx);

    assertThat(stored).isEqualTo(HostTensor.ofFloats(Shape.of(6, 1), 0, 10, 1, 11, 2, 12));
  }

  @Test
  void toTensorFlow_float64_keepsItsBits() {
    HostTensor onnx = HostTensor.ofDoubles(Shape.of(2, 2), 0.1, 0.2, 0.3, 0.4);

    assertThat(VariableLayout.transposed(onnx.shape()).toTensorFlow(onnx).toDoubles())
        .containsExactly(0.1, 0.3, 0.2, 0.4);
  }

  @Test
  void toTensorFlow_otherShape_isRefused() {
    VariableLayout layout = VariableLayout.conv(Shape.of(5, 2, 3, 4));

    assertThatThrownBy(() -> layout.toTensorFlow(counted(Shape.of(5, 2, 4, 3))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor: [5, 2, 4, 3] (expected: [5, 2, 3, 4], the variable's shape)");
  }

  @Test
  void new_notAPermutation_isRefused() {
    Shape shape = Shape.of(2, 3);

    assertThatThrownBy(() -> new VariableLayout(shape, List.of(2L, 3L), List.of(0, 0), shape))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** 0, 1, 2, ... */
  private static HostTensor counted(Shape shape) {
    float[] values = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return HostTensor.ofFloats(shape, values);
  }
}
