package org.distill4j.shapes;

import java.util.List;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Node;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * One node with what is known of its inputs.
 *
 * @param node whose outputs are asked for
 * @param inputs one fact per input; null for an omitted one
 * @param constants the values of inputs that are constants, by position; null for others
 */
record Call(Node node, List<Fact> inputs, List<HostTensor> constants) {
  /** A required input. */
  Fact in(int i) {
    if (!has(i)) {
      throw fault("input " + i + " is missing (expected: at least " + (i + 1) + " inputs)");
    }
    return inputs.get(i);
  }

  /** Whether an input is given; there is none at -1. */
  boolean has(int i) {
    return i >= 0 && i < inputs.size() && inputs.get(i) != null;
  }

  Shape shape(int i) {
    return in(i).shape();
  }

  DType type(int i) {
    return in(i).type();
  }

  /** The elements of an integer input if all are numbers; empty if it is omitted or unknown. */
  Optional<long[]> numbers(int i) {
    return has(i) ? Optional.ofNullable(inputs.get(i).numbers()) : Optional.empty();
  }

  /** The elements of an input that is a constant. */
  Optional<double[]> constant(int i) {
    return has(i) && constants.get(i) != null
        ? Optional.of(constants.get(i).toDoubles())
        : Optional.empty();
  }

  /** An axis, counted from the end if negative, as a number from 0. */
  int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw fault(
          "axis: "
              + axis
              + " (expected: "
              + -rank
              + " to "
              + (rank - 1)
              + " for rank "
              + rank
              + ")");
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** The attribute {@code axis} of an input. */
  int axis(long otherwise, Fact of) {
    return axis(node.intAttribute("axis", otherwise), of.rank());
  }

  /** Refuses a rank other than the one that the operator takes. */
  void requireRank(int i, int rank) {
    Fact fact = in(i);
    if (fact.ranked() && fact.rank() != rank) {
      throw fault("input " + i + " " + fact.shape() + " (expected: rank " + rank + ")");
    }
  }

  /** Refuses a rank below the least that the operator takes. */
  void requireRankAtLeast(int i, int rank) {
    Fact fact = in(i);
    if (fact.ranked() && fact.rank() < rank) {
      throw fault("input " + i + " " + fact.shape() + " (expected: rank at least " + rank + ")");
    }
  }

  /** Refuses a vector whose length is known to be another; an omitted one passes. */
  void requireVector(int i, Dim length, String what) {
    if (!has(i) || !in(i).ranked()) {
      return;
    }
    Shape shape = shape(i);
    if (shape.rank() != 1 || differ(shape.dim(0), length)) {
      throw fault(what + " " + shape + " (expected: [" + length + "])");
    }
  }

  /** Refuses inputs of two types. */
  void requireOneType(int from) {
    Fact first = in(from);
    for (int i = from + 1; i < inputs.size(); i++) {
      if (has(i) && type(i) != null && first.type() != null && type(i) != first.type()) {
        throw fault(first + " and " + in(i) + " (expected: the same type)");
      }
    }
  }

  /** Whether two extents cannot be the same number. */
  static boolean differ(Dim a, Dim b) {
    return a.isKnown() && b.isKnown() && a.size() != b.size();
  }

  /** What is known of an extent that is described twice. */
  static Dim merge(Dim a, Dim b) {
    if (a.isKnown() || (a.isSymbol() && !b.isKnown())) {
      return a;
    }
    return b;
  }

  /** A fault of this node in one line. */
  InputFault fault(String what) {
    return new InputFault(node + ": " + what);
  }
}
