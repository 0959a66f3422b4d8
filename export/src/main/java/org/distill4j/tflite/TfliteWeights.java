package org.distill4j.tflite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.distill4j.lowered.AffineScaling;
import org.distill4j.lowered.LoweredOperator;
import org.distill4j.lowered.LoweredValue;
import org.distill4j.lowered.VariableLayout;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Weights in the order and in the numbers that TFLite's kernels read. */
final class TfliteWeights {
  /** Weights are symmetric: -127 to 127. */
  private static final int MOST = 127;

  private TfliteWeights() {}

  /**
   * {@code [H, W, I, O]} as {@code [O, H, W, I]}, depthwise {@code [H, W, C, M]} as {@code [1, H,
   * W, C M]}, dense {@code [in, out]} as {@code [out, in]}.
   */
  static HostTensor weights(LoweredOperator operation, HostTensor tensor) {
    long[] s = tensor.shape().sizes();
    if (operation instanceof LoweredOperator.Convolution c && c.depthwise()) {
      return tensor.reshape(Shape.of(1, s[0], s[1], s[2] * s[3]));
    } else if (operation instanceof LoweredOperator.Convolution) {
      return turned(tensor, List.of(3, 0, 1, 2), Shape.of(s[3], s[0], s[1], s[2]));
    }
    return turned(tensor, List.of(1, 0), Shape.of(s[1], s[0]));
  }

  private static HostTensor turned(HostTensor tensor, List<Integer> order, Shape target) {
    List<Long> factors = new ArrayList<>();
    for (long size : tensor.shape().sizes()) {
      factors.add(size);
    }
    return new VariableLayout(tensor.shape(), factors, order, target).toTensorFlow(tensor);
  }

  /** The axis of stored weights along which output channels go. */
  static int channelAxis(LoweredOperator operation) {
    return operation instanceof LoweredOperator.Convolution c && c.depthwise() ? 3 : 0;
  }

  /**
   * The scaling that weights come with, if it is symmetric; else the smallest that holds them.
   *
   * @param stored as {@link #weights} gives them
   * @param perChannel whether each output channel may have its own
   */
  static AffineScaling scaling(
      LoweredValue weights, HostTensor stored, int axis, boolean perChannel) {
    int channels = (int) stored.shape().size(axis);
    Optional<AffineScaling> given =
        weights
            .scaling()
            .filter(s -> s.zeroPoints().stream().allMatch(z -> z == 0))
            .filter(s -> s.isPerTensor() || (perChannel && s.scales().size() == channels));
    return given.map(s -> s.along(axis)).orElseGet(() -> fitting(stored, axis, perChannel));
  }

  private static AffineScaling fitting(HostTensor stored, int axis, boolean perChannel) {
    float[] values = stored.toFloats();
    int channels = perChannel ? (int) stored.shape().size(axis) : 1;
    int inner = inner(stored.shape(), axis);
    float[] largest = new float[channels];
    for (int i = 0; i < values.length; i++) {
      int c = channels == 1 ? 0 : i / inner % channels;
      largest[c] = Math.max(largest[c], Math.abs(values[i]));
    }
    List<Float> scales = new ArrayList<>();
    for (float most : largest) {
      scales.add(most > 0 ? most / MOST : 1f);
    }
    return new AffineScaling(scales, Collections.nCopies(channels, 0L), perChannel ? axis : 0);
  }

  private static int inner(Shape shape, int axis) {
    int inner = 1;
    for (int i = axis + 1; i < shape.rank(); i++) {
      inner *= (int) shape.size(i);
    }
    return inner;
  }

  /** {@code round(real / scale) + zero point}, to 8 bits; halves go to the even number. */
  static HostTensor quantized(HostTensor stored, AffineScaling scaling) {
    float[] values = stored.toFloats();
    int channels = scaling.scales().size();
    int inner = stored.shape().rank() == 0 ? 1 : inner(stored.shape(), scaling.axis());
    ByteBuffer bytes = ByteBuffer.allocate(values.length);
    for (int i = 0; i < values.length; i++) {
      int c = channels == 1 ? 0 : i / inner % channels;
      double number = Math.rint(values[i] / (double) scaling.scales().get(c));
      number += scaling.zeroPoints().get(c);
      bytes.put((byte) Math.max(-128, Math.min(127, number)));
    }
    return HostTensor.of(DType.INT8, stored.shape(), bytes.flip());
  }

  /** A bias in 32 bits, its scale that of the input times that of each channel's weights. */
  static HostTensor bias(HostTensor bias, AffineScaling scaling) {
    float[] values = bias.toFloats();
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      double scale = scaling.scales().get(scaling.isPerTensor() ? 0 : i);
      double number = Math.rint(values[i] / scale);
      bytes.putInt((int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number)));
    }
    return HostTensor.of(DType.INT32, bias.shape(), bytes.flip());
  }

  /** The scaling of a bias. */
  static AffineScaling biasScaling(AffineScaling input, AffineScaling weights) {
    float s = input.scales().get(0);
    List<Float> scales = weights.scales().stream().map(w -> w * s).toList();
    return new AffineScaling(scales, Collections.nCopies(scales.size(), 0L), 0);
  }

  /** The smallest scaling of a constant operand that holds it and 0. */
  static AffineScaling range(HostTensor constant) {
    float low = 0;
    float high = 0;
    for (float v : constant.toFloats()) {
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
    return AffineScaling.ofRange(low, high);
  }
}
