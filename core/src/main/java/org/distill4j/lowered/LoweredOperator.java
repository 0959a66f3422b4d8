package org.distill4j.lowered;

import java.util.List;
import org.distill4j.tensor.DType;

/** An operator of a lowered graph, in terms that TensorFlow and TFLite share. */
public sealed interface LoweredOperator {
  /** Element by element. */
  enum Unary {
    ABS,
    CEIL,
    ELU,
    EXP,
    FLOOR,
    HARD_SWISH,
    LOG,
    LOG_SOFTMAX,
    NEG,
    RELU,
    RELU6,
    RSQRT,
    SIGMOID,
    SIGN,
    SOFTMAX,
    SQRT,
    SQUARE,
    TANH
  }

  /** Two values with broadcasting. */
  enum Binary {
    ADD,
    DIV,
    MAXIMUM,
    MINIMUM,
    MUL,
    POW,
    SUB
  }

  /** Over some axes. */
  enum Reduction {
    MAX,
    MEAN,
    MIN,
    SUM
  }

  /** How a kernel moves: rows first. */
  record Motion(
      int kernelRows,
      int kernelColumns,
      int down,
      int right,
      int dilationRows,
      int dilationColumns,
      boolean same) {}

  /**
   * Input {@code [N, H, W, I]}, kernel, bias {@code [O]}.
   *
   * @param multiplier how many outputs each channel has of its own if the convolution is depthwise;
   *     0 where each output sees all channels
   */
  record Convolution(Motion motion, int multiplier, Fused fused) implements LoweredOperator {
    /** Whether each output sees one channel. */
    public boolean depthwise() {
      return multiplier > 0;
    }
  }

  /** The largest or the mean of what the kernel sees; padding does not count. */
  record Pool(Motion motion, boolean max, Fused fused) implements LoweredOperator {}

  /** Input {@code [N, K]}, weights {@code [K, M]}, bias {@code [M]}. */
  record Dense(Fused fused) implements LoweredOperator {}

  /** Products of stacks of matrices. */
  record MatMul() implements LoweredOperator {}

  /** One value, element by element or over the last axis. */
  record Elementwise(Unary kind) implements LoweredOperator {}

  /** Two values. */
  record Arithmetic(Binary kind, Fused fused) implements LoweredOperator {}

  /** {@code x} above 0, {@code alpha x} below. */
  record LeakyRelu(float alpha) implements LoweredOperator {}

  /** {@code x} above 0, {@code slope x} below; the slope is a constant without the batch. */
  record PRelu() implements LoweredOperator {}

  /** Over axes as they are held. */
  record Reduce(Reduction kind, List<Integer> axes, boolean keep) implements LoweredOperator {}

  /** At most one extent is -1. */
  record Reshape(List<Long> target) implements LoweredOperator {}

  /** Output axis i is input axis {@code order[i]}. */
  record Transpose(List<Integer> order) implements LoweredOperator {}

  /** Along an axis as it is held. */
  record Concat(int axis) implements LoweredOperator {}

  /** Whole axes have their bit set. */
  record StridedSlice(List<Integer> begin, List<Integer> end, List<Integer> step, long whole)
      implements LoweredOperator {}

  /** Before and behind each axis. */
  record Pad(List<List<Integer>> pads, float value) implements LoweredOperator {}

  /** Before and behind each axis, by reflection without the border. */
  record Mirror(List<List<Integer>> pads) implements LoweredOperator {}

  /** Rows and columns of {@code [N, H, W, C]}. */
  record Resize(int rows, int columns, boolean bilinear, boolean alignCorners, boolean halfPixel)
      implements LoweredOperator {}

  /** Rows of a table by index along an axis. */
  record Gather(int axis) implements LoweredOperator {}

  /** Blocks of channels become rows and columns, or the other way. */
  record Blocks(int size, boolean toSpace) implements LoweredOperator {}

  /** To another type. */
  record Cast(DType to) implements LoweredOperator {}

  /** The index of the largest along an axis, int64. */
  record ArgMax(int axis) implements LoweredOperator {}

  /** The same with its result fused; only for those that can. */
  static LoweredOperator fuse(LoweredOperator operation, Fused fused) {
    if (operation instanceof Convolution c) {
      return new Convolution(c.motion(), c.multiplier(), fused);
    } else if (operation instanceof Pool p) {
      return new Pool(p.motion(), p.max(), fused);
    } else if (operation instanceof Dense) {
      return new Dense(fused);
    } else if (operation instanceof Arithmetic a) {
      return new Arithmetic(a.kind(), fused);
    }
    throw new IllegalArgumentException("operation: " + operation + " (expected: one that fuses)");
  }

  /** Whether an activation can be fused into it. */
  static boolean canFuse(LoweredOperator operation) {
    return (operation instanceof Convolution c && c.fused() == Fused.NONE)
        || (operation instanceof Pool p && p.fused() == Fused.NONE)
        || (operation instanceof Dense d && d.fused() == Fused.NONE)
        || (operation instanceof Arithmetic a && a.fused() == Fused.NONE && fuses(a.kind()));
  }

  private static boolean fuses(Binary kind) {
    return switch (kind) {
      case ADD, SUB, MUL, DIV -> true;
      default -> false;
    };
  }
}
