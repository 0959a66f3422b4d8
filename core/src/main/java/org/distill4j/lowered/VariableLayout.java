package org.distill4j.lowered;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * The layout of a variable: how the elements of an ONNX tensor are ordered in TensorFlow, a
 * bijection made of a reshape, a permutation of axes and another reshape.
 *
 * @param onnx the shape in ONNX, static
 * @param factors the ONNX shape with axes split, in the same order of elements
 * @param permutation axis i of the permuted array is axis {@code permutation[i]} of {@code factors}
 * @param tensorFlow the shape in TensorFlow, in the order of elements of the permuted array
 */
public record VariableLayout(
    Shape onnx, List<Long> factors, List<Integer> permutation, Shape tensorFlow) {
  /** Takes copies and checks that no element is lost. */
  public VariableLayout {
    factors = List.copyOf(factors);
    permutation = List.copyOf(permutation);
    long product = factors.stream().reduce(1L, Math::multiplyExact);
    List<Integer> sorted = permutation.stream().sorted().toList();
    boolean permutes = sorted.equals(IntStream.range(0, factors.size()).boxed().toList());
    if (!permutes || onnx.elements() != product || tensorFlow.elements() != product) {
      throw new IllegalArgumentException(
          "layout: "
              + onnx
              + " by "
              + factors
              + permutation
              + " to "
              + tensorFlow
              + " (expected: a bijection)");
    }
  }

  /** The same order in both: biases, normalizations, everything without a layout of its own. */
  public static VariableLayout asIs(Shape shape) {
    List<Integer> identity = IntStream.range(0, shape.rank()).boxed().toList();
    return new VariableLayout(shape, sizes(shape), identity, shape);
  }

  /**
   * Kernels of a Conv, grouped or not: {@code [O, I, H, W]} to {@code [H, W, I, O]}, {@code [O, I,
   * W]} to {@code [1, W, I, O]}.
   */
  public static VariableLayout conv(Shape onnx) {
    long[] k = planar(onnx);
    return new VariableLayout(
        onnx,
        List.of(k[0], k[1], k[2], k[3]),
        List.of(2, 3, 1, 0),
        Shape.of(k[2], k[3], k[1], k[0]));
  }

  /**
   * Kernels of a Conv with as many groups as channels: {@code [C M, 1, H, W]} to {@code [H, W, C,
   * M]}.
   *
   * @param channels C; ONNX's output channel is {@code c M + m}
   */
  public static VariableLayout depthwise(Shape onnx, long channels) {
    long[] k = planar(onnx);
    long m = k[0] / channels;
    return new VariableLayout(
        onnx,
        List.of(channels, m, k[2], k[3]),
        List.of(2, 3, 0, 1),
        Shape.of(k[2], k[3], channels, m));
  }

  /** A matrix {@code [N, K]} to {@code [K, N]}: the weights of a Gemm with transB. */
  public static VariableLayout transposed(Shape onnx) {
    return new VariableLayout(
        onnx, sizes(onnx), List.of(1, 0), Shape.of(onnx.size(1), onnx.size(0)));
  }

  /**
   * A matrix whose rows belong to a flattened {@code [C, H, W]}, to rows that belong to a flattened
   * {@code [H, W, C]}.
   *
   * @param transposed whether ONNX holds {@code [N, C H W]} rather than {@code [C H W, N]}; either
   *     becomes {@code [H W C, N]}
   * @param channels C
   */
  public static VariableLayout flattenedRows(Shape onnx, boolean transposed, long channels) {
    long rows = onnx.size(transposed ? 1 : 0);
    long columns = onnx.size(transposed ? 0 : 1);
    long positions = rows / channels;
    return new VariableLayout(
        onnx,
        transposed ? List.of(columns, channels, positions) : List.of(channels, positions, columns),
        transposed ? List.of(2, 1, 0) : List.of(1, 0, 2),
        Shape.of(rows, columns));
  }

  /** Whether the elements stand in the same order and shape in both. */
  public boolean isAsIs() {
    return equals(asIs(onnx));
  }

  /**
   * An ONNX tensor as TensorFlow holds it.
   *
   * @throws IllegalArgumentException if its shape is another
   */
  public HostTensor toTensorFlow(HostTensor tensor) {
    require(tensor.shape(), onnx);
    return permute(tensor, factors, permutation).reshape(tensorFlow);
  }

  /**
   * The inverse of {@link #toTensorFlow(HostTensor)}.
   *
   * @throws IllegalArgumentException if its shape is another
   */
  public HostTensor toOnnx(HostTensor tensor) {
    require(tensor.shape(), tensorFlow);
    return permute(tensor, permuted(), inverse()).reshape(onnx);
  }

  /** {@link #factors} in the order of {@link #permutation}. */
  public List<Long> permuted() {
    return permutation.stream().map(factors::get).toList();
  }

  /** The permutation that undoes {@link #permutation}. */
  public List<Integer> inverse() {
    List<Integer> inverse = new ArrayList<>();
    for (int axis = 0; axis < permutation.size(); axis++) {
      inverse.add(permutation.indexOf(axis));
    }
    return inverse;
  }

  /** Walks the result in its own order and picks each element from where it stood. */
  private static HostTensor permute(HostTensor tensor, List<Long> shape, List<Integer> order) {
    int rank = shape.size();
    int width = tensor.type().bytes();
    long[] strides = new long[rank];
    long elements = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      strides[axis] = elements;
      elements *= shape.get(axis);
    }
    ByteBuffer source = tensor.bytes();
    ByteBuffer target =
        ByteBuffer.allocate(Math.toIntExact(elements * width)).order(ByteOrder.LITTLE_ENDIAN);
    long[] index = new long[rank];
    long from = 0;
    for (long n = 0; n < elements; n++) {
      copy(source, Math.toIntExact(from * width), target, width);
      for (int axis = rank - 1; axis >= 0; axis--) {
        long stride = strides[order.get(axis)];
        from += stride;
        if (++index[axis] < shape.get(order.get(axis))) {
          break;
        }
        from -= stride * index[axis];
        index[axis] = 0;
      }
    }
    List<Dim> dims = order.stream().map(a -> Dim.of(shape.get(a))).toList();
    return HostTensor.of(tensor.type(), Shape.of(dims), target.flip());
  }

  private static void copy(ByteBuffer source, int from, ByteBuffer target, int width) {
    if (width == Float.BYTES) {
      target.putInt(source.getInt(from));
    } else {
      for (int b = 0; b < width; b++) {
        target.put(source.get(from + b));
      }
    }
  }

  /** Output channels, input channels, rows, columns; the kernel of a signal has one row. */
  private static long[] planar(Shape onnx) {
    long[] k = onnx.sizes();
    return k.length == 3 ? new long[] {k[0], k[1], 1, k[2]} : k;
  }

  private static List<Long> sizes(Shape shape) {
    return shape.dims().stream().map(Dim::size).toList();
  }

  private static void require(Shape found, Shape expected) {
    if (!found.equals(expected)) {
      throw new IllegalArgumentException(
          "tensor: " + found + " (expected: " + expected + ", the variable's shape)");
    }
  }
}
