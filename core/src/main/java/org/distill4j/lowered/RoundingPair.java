package org.distill4j.lowered;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.shapes.Shapes;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * The integers that a QuantizeLinear or DequantizeLinear node counts in: real numbers become {@code
 * round(real / scale) + zero}, cut off at the least and the largest integer.
 *
 * @param scales one for all, or one for each index along the axis
 * @param zeros as many
 * @param type of the integers
 * @param axis as the node says it, perhaps negative
 */
record RoundingPair(List<Float> scales, List<Long> zeros, DType type, long axis) {
  private static final int HALF = 128;

  private static final Set<DType> INTEGERS =
      EnumSet.of(DType.UINT8, DType.INT8, DType.UINT16, DType.INT16);

  /** Takes copies. */
  RoundingPair {
    scales = List.copyOf(scales);
    zeros = List.copyOf(zeros);
  }

  /**
   * What a node says; empty if it is computed, goes by blocks or counts in other numbers.
   *
   * @throws org.distill4j.fault.InputFault if a scale is none
   */
  static Optional<RoundingPair> of(Graph model, Node node, DType numbers) {
    Optional<HostTensor> scale = model.constant(node.input(1));
    Optional<HostTensor> zero = node.hasInput(2) ? model.constant(node.input(2)) : Optional.empty();
    boolean said = scale.isPresent() && zero.isPresent() == node.hasInput(2);
    if (!said || numbers == null || node.intAttribute("block_size", 0) != 0) {
      return Optional.empty();
    }
    List<Float> scales = new ArrayList<>();
    for (float s : scale.get().toFloats()) {
      if (!(s > 0) || s == Float.POSITIVE_INFINITY) {
        throw new InputFault(
            node + ": scale " + s + " (expected: a number above 0); quantize the model anew");
      }
      scales.add(s);
    }
    long[] points = zero.map(HostTensor::toLongs).orElseGet(() -> new long[scales.size()]);
    if (points.length != scales.size()) {
      return Optional.empty();
    }
    List<Long> zeros = Arrays.stream(points).boxed().toList();
    long axis = scales.size() == 1 ? 0 : node.intAttribute("axis", 1);
    return Optional.of(new RoundingPair(scales, zeros, numbers, axis));
  }

  /** What a QuantizeLinear node says. */
  static Optional<RoundingPair> of(Graph model, Shapes shapes, Node quantize) {
    DType type = shapes.type(quantize.output());
    return INTEGERS.contains(type) ? of(model, quantize, type) : Optional.empty();
  }

  boolean isPerTensor() {
    return scales.size() == 1;
  }

  /** The same of a value of that rank, its axis counted from the front. */
  RoundingPair along(int rank) {
    return new RoundingPair(scales, zeros, type, Math.floorMod(axis, (long) rank));
  }

  /** The least integer. */
  private long lowest() {
    return switch (type) {
      case INT8 -> Byte.MIN_VALUE;
      case INT16 -> Short.MIN_VALUE;
      default -> 0;
    };
  }

  /** The largest integer. */
  private long highest() {
    return lowest() + (type.bytes() == 1 ? 0xff : 0xffff);
  }

  /** The least real number of each scale. */
  float[] low() {
    return real(lowest());
  }

  /** The largest real number of each scale. */
  float[] high() {
    return real(highest());
  }

  private float[] real(long number) {
    float[] real = new float[scales.size()];
    for (int i = 0; i < real.length; i++) {
      real[i] = (number - zeros.get(i)) * scales.get(i);
    }
    return real;
  }

  /** In signed 8-bit numbers; empty in more bits. */
  Optional<AffineScaling> scaling() {
    if (type.bytes() != 1) {
      return Optional.empty();
    }
    long shift = type == DType.UINT8 ? HALF : 0;
    List<Long> points = zeros.stream().map(z -> z - shift).toList();
    return Optional.of(new AffineScaling(scales, points, (int) axis));
  }

  /** Which scale each element of an array has. */
  private int[] scaleOf(Shape shape) {
    int[] of = new int[Math.toIntExact(shape.elements())];
    if (isPerTensor()) {
      return of;
    }
    int along = Math.floorMod((int) axis, shape.rank());
    int inner = 1;
    for (int i = along + 1; i < shape.rank(); i++) {
      inner *= (int) shape.size(i);
    }
    for (int i = 0; i < of.length; i++) {
      of[i] = i / inner % scales.size();
    }
    return of;
  }

  /** {@code (number - zero) scale} for each element. */
  HostTensor real(HostTensor numbers) {
    int[] of = scaleOf(numbers.shape());
    long[] values = numbers.toLongs();
    float[] real = new float[values.length];
    for (int i = 0; i < real.length; i++) {
      real[i] = (float) ((values[i] - zeros.get(of[i])) * (double) scales.get(of[i]));
    }
    return HostTensor.ofFloats(numbers.shape(), real);
  }

  /** What is left of a real constant behind both nodes. */
  HostTensor rounded(HostTensor constant) {
    int[] of = scaleOf(constant.shape());
    float[] values = constant.toFloats();
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      double zero = zeros.get(of[i]).doubleValue();
      double number = Math.rint(values[i] / scales.get(of[i])) + zero;
      double held = Math.max((double) lowest(), Math.min((double) highest(), number));
      bytes.putFloat((float) ((held - zero) * scales.get(of[i])));
    }
    return HostTensor.of(DType.FLOAT32, constant.shape(), bytes.flip());
  }
}
