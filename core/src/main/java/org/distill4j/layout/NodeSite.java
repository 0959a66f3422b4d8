package org.distill4j.layout;

import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Node;
import org.distill4j.tensor.Shape;

/**
 * A node in its graph, with what is known of the shapes and constants there.
 *
 * @param index its place among the graph's nodes
 */
public record NodeSite(GraphFacts facts, Node node, int index) {
  /** The shape of an input, which must be known to its rank. */
  public Shape shape(int input) {
    return ranked(node.input(input));
  }

  /** The shape of the first output, which must be known to its rank. */
  public Shape outShape() {
    return ranked(node.output());
  }

  private Shape ranked(String value) {
    Shape shape = facts.shape(value);
    if (!shape.isRanked()) {
      throw fault(
          "'" + value + "' has no known rank (expected: a ranked shape); declare it in the model");
    }
    return shape;
  }

  /** Extent {@code axis} of an input, or -1 if it is not a number. */
  public long size(int input, int axis) {
    return shape(input).dim(axis).size();
  }

  /** Whether an input is an initializer or made by a Constant node. */
  public boolean isConstant(int input) {
    return node.hasInput(input) && facts.constant(node.input(input)).isPresent();
  }

  /** The elements of an integer input; empty if it is omitted. */
  public Optional<long[]> integers(int input, String what) {
    if (!node.hasInput(input)) {
      return Optional.empty();
    }
    Optional<long[]> known = facts.integers(node.input(input));
    if (known.isEmpty()) {
      throw fault(
          what
              + ": '"
              + node.input(input)
              + "' is computed (expected: a constant); export the model with fixed shapes");
    }
    return known;
  }

  /** The only element of a constant input; empty if it is omitted. */
  public Optional<Double> number(int input, String what) {
    if (!node.hasInput(input)) {
      return Optional.empty();
    }
    double[] values =
        facts
            .constant(node.input(input))
            .orElseThrow(() -> fault(what + ": '" + node.input(input) + "' (expected: a constant)"))
            .toDoubles();
    if (values.length != 1) {
      throw fault(what + ": " + values.length + " elements (expected: one)");
    }
    return Optional.of(values[0]);
  }

  /** An axis of an input, counted from the end if negative, as a number from 0. */
  public int axis(int input, long axis) {
    int rank = shape(input).rank();
    if (axis < -rank || axis >= rank) {
      throw fault("axis: " + axis + " (expected: within rank " + rank + ")");
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** A fault of this node in one line. */
  public InputFault fault(String what) {
    return new InputFault(node + ": " + what);
  }
}
