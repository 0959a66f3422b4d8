package org.distill4j.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class OnnxRealNumbersTest {
  private static final int N = 64;

  private static HostTensor bytes(DType type, Shape shape, int value) {
    byte[] content = new byte[Math.toIntExact(shape.elements())];
    Arrays.fill(content, (byte) value);
    return HostTensor.of(type, shape, ByteBuffer.wrap(content));
  }

  /** 64 inputs of 255 / 256 times 64 weights of 127 / 128, in 8 bits, and 8 bits of the sum. */
  private static Graph largest() {
    GraphBuilder g = new GraphBuilder("largest");
    String x = g.input("x", DType.FLOAT32, Shape.of(1, N));
    String step = g.initializer("step", HostTensor.scalar(1 / 256f));
    String zero = g.initializer("zero", bytes(DType.UINT8, Shape.SCALAR, 0));
    String weights = g.initializer("weights", bytes(DType.INT8, Shape.of(N, N), 127));
    String small = g.initializer("small", HostTensor.scalar(1 / 128f));
    String flat = g.initializer("flat", bytes(DType.INT8, Shape.SCALAR, 0));
    String wide = g.initializer("wide", HostTensor.scalar(0.25f));
    String q = g.add("QuantizeLinear", Map.of(), x, step, zero);
    String real = g.add("DequantizeLinear", Map.of(), q, step, zero);
    String w = g.add("DequantizeLinear", Map.of(), weights, small, flat);
    String sum = g.add("MatMul", Map.of(), real, w);
    String sq = g.add("QuantizeLinear", Map.of(), sum, wide, zero);
    String y = g.add("DequantizeLinear", Map.of(), sq, wide, zero);
    return g.output(y, DType.FLOAT32, Shape.of(1, N)).build();
  }

  @Test
  void inRealNumbers_productsThatSaturateInSixteenBits_areAddedWhole() {
    float[] ones = new float[N];
    Arrays.fill(ones, 1);
    try (Predictor exact = OnnxRuntime.inRealNumbers().open(largest(), 1)) {
      HostTensor y =
          exact.run(Map.of("x", HostTensor.ofFloats(Shape.of(1, N), ones))).values().stream()
              .findFirst()
              .orElseThrow();

      // 64 x 255/256 x 127/128 = 63.2537, to the nearest quarter
      assertThat(y.toFloats()).containsOnly(63.25f);
    }
  }
}
