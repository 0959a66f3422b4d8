package org.distill4j.engine.lowering;

import java.util.ArrayList;
import java.util.List;
import org.distill4j.lowered.Layout;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Add, Sub, Mul and Div with NumPy's broadcasting. If either operand has its channels last, the
 * other follows: {@code [C, 1, 1]} becomes {@code [C]}.
 */
enum Arithmetic implements OpLowering {
  /** {@code a + b}. */
  ADD {
    @Override
    <T extends TFloating> Operand<T> apply(Ops tf, Operand<T> a, Operand<T> b) {
      if (isRow(b, a)) {
        return tf.nn.biasAdd(a, b);
      }
      return isRow(a, b) ? tf.nn.biasAdd(b, a) : tf.math.add(a, b);
    }
  },
  /** {@code a - b}. */
  SUB {
    @Override
    <T extends TFloating> Operand<T> apply(Ops tf, Operand<T> a, Operand<T> b) {
      return tf.math.sub(a, b);
    }
  },
  /** {@code a * b}. */
  MUL {
    @Override
    <T extends TFloating> Operand<T> apply(Ops tf, Operand<T> a, Operand<T> b) {
      return tf.math.mul(a, b);
    }
  },
  /** {@code a / b}. */
  DIV {
    @Override
    <T extends TFloating> Operand<T> apply(Ops tf, Operand<T> a, Operand<T> b) {
      return tf.math.div(a, b);
    }
  };

  @Override
  public void check(NodeSite site) {
    for (int input = 0; input < 2; input++) {
      Shape shape = site.shape(input);
      if (shape.rank() < site.outShape().rank() && MatMulLowering.unknowns(shape) > 1) {
        throw site.fault(
            "input " + shape + " (expected: at most one unknown extent where it is broadcast)");
      }
    }
  }

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly) {
    Layout layout = assembly.plan().of(site.node().output());
    return apply(
        assembly.tf(), operand(site, assembly, 0, layout), operand(site, assembly, 1, layout));
  }

  /** An operand ready to be broadcast by TensorFlow. */
  private static <T extends TFloating> Operand<T> operand(
      NodeSite site, TensorFlowGraphBuilder<T> assembly, int input, Layout layout) {
    Shape shape = site.shape(input);
    int rank = site.outShape().rank();
    if (layout == Layout.ONNX) {
      return assembly.in(site, input, Layout.ONNX);
    }
    List<Dim> aligned = new ArrayList<>(shape.dims());
    while (aligned.size() < rank) {
      aligned.add(0, Dim.of(1));
    }
    boolean onlyChannels = true;
    for (int axis = 0; axis < rank; axis++) {
      onlyChannels &= axis == 1 || aligned.get(axis).size() == 1;
    }
    if (onlyChannels && aligned.get(1).isKnown()) {
      return assembly.reshape(assembly.in(site, input), Shape.of(aligned.get(1).size()));
    }
    if (shape.rank() == rank) {
      return assembly.in(site, input, layout);
    }
    Operand<T> full = assembly.reshape(assembly.in(site, input, Layout.ONNX), Shape.of(aligned));
    return new LayoutConversion(assembly.tf(), Shape.of(aligned)).channelsLast(full);
  }

  /**
   * Whether an operand is one row as long as those of another, as TensorFlow's BiasAdd wants it.
   */
  private static boolean isRow(Operand<?> x, Operand<?> other) {
    int rank = other.shape().numDimensions();
    return x.shape().numDimensions() == 1
        && rank > 1
        && x.shape().get(0) > 1
        && other.shape().get(rank - 1) == x.shape().get(0);
  }

  abstract <T extends TFloating> Operand<T> apply(Ops tf, Operand<T> a, Operand<T> b);
}
