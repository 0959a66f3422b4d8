package org.distill4j.shapes;

import java.util.OptionalLong;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Node;
import org.distill4j.tensor.Shape;

/**
 * The arithmetic of one node's {@link NodeCost}.
 *
 * @param node which one
 * @param shapes of its graph
 */
record OperationCount(Node node, Shapes shapes) {
  NodeCost cost(long trained) {
    try {
      return new NodeCost(node, macs(), trained, bytes());
    } catch (ArithmeticException e) {
      throw new InputFault(node + ": costs more than can be counted (expected: < 2^63)", e);
    }
  }

  private OptionalLong bytes() {
    long bytes = 0;
    for (String output : node.outputs()) {
      if (output.isEmpty()) {
        continue;
      }
      if (!shapes.shape(output).isStatic()) {
        return OptionalLong.empty();
      }
      long size = shapes.type(output).bytes();
      bytes = Math.addExact(bytes, Math.multiplyExact(size, shapes.shape(output).elements()));
    }
    return OptionalLong.of(bytes);
  }

  private OptionalLong macs() {
    if (!node.domain().isEmpty()) {
      return OptionalLong.empty();
    }
    return switch (node.op()) {
      case "Conv", "ConvInteger" -> product(out(), kernel(1));
      case "QLinearConv" -> product(out(), kernel(3));
      case "ConvTranspose" -> product(in(0), kernel(1));
      case "Gemm" -> product(out(), row(0, node.intAttribute("transA", 0) != 0));
      case "MatMul", "MatMulInteger", "QLinearMatMul" -> product(out(), row(0, false));
      case "RNN", "GRU", "LSTM" -> recurrent();
      case "Einsum", "DeformConv" -> OptionalLong.empty();
      default -> OptionalLong.of(0);
    };
  }

  private static OptionalLong product(OptionalLong a, OptionalLong b) {
    return a.isPresent() && b.isPresent()
        ? OptionalLong.of(Math.multiplyExact(a.getAsLong(), b.getAsLong()))
        : OptionalLong.empty();
  }

  private OptionalLong out() {
    return elements(shapes.shape(node.output()));
  }

  private OptionalLong in(int i) {
    return elements(shapes.shape(node.input(i)));
  }

  private static OptionalLong elements(Shape shape) {
    return shape.isStatic() ? OptionalLong.of(shape.elements()) : OptionalLong.empty();
  }

  /** Products per output element (per input element, transposed): all weights of one filter. */
  private OptionalLong kernel(int weights) {
    Shape shape = shapes.shape(node.input(weights));
    return shape.isRanked() ? elements(shape.dropFirst()) : OptionalLong.empty();
  }

  /** How long the rows of a matrix are. */
  private OptionalLong row(int matrix, boolean transposed) {
    Shape shape = shapes.shape(node.input(matrix));
    if (!shape.isRanked()) {
      return OptionalLong.empty();
    }
    int axis = transposed ? 0 : shape.rank() - 1;
    return shape.dim(axis).isKnown() ? OptionalLong.of(shape.size(axis)) : OptionalLong.empty();
  }

  /** Every time step multiplies with W and R once. */
  private OptionalLong recurrent() {
    Shape input = shapes.shape(node.input(0));
    OptionalLong w = in(1);
    OptionalLong r = in(2);
    if (!input.isStatic() || w.isEmpty() || r.isEmpty()) {
      return OptionalLong.empty();
    }
    long steps = Math.multiplyExact(input.size(0), input.size(1));
    return OptionalLong.of(Math.multiplyExact(steps, Math.addExact(w.getAsLong(), r.getAsLong())));
  }
}
