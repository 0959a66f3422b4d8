package org.distill4j.shapes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Node;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * One node in its graph, as an operator's rule reads it: the node with what is known of its inputs
 * and outputs.
 *
 * @param known what is known of the graph's values; while shapes are inferred, of those before it
 */
public record NodeSite(Node node, KnownValues known) {
  /** Its place among the graph's nodes, from 0. */
  public int index() {
    return known.graph().nodes().indexOf(node);
  }

  /** Whether an input is given; there is none at -1. */
  public boolean has(int input) {
    return input >= 0 && node.hasInput(input);
  }

  /** The node that makes an input; empty for an input or initializer of the graph. */
  public Optional<NodeSite> maker(int input) {
    String value = node.input(input);
    return known.graph().nodes().stream()
        .filter(n -> n.outputs().contains(value))
        .findFirst()
        .map(n -> new NodeSite(n, known));
  }

  /** The shape of an input, which must be known to its rank. */
  public Shape shape(int input) {
    return ranked(node.input(input));
  }

  /** The shape of the first output, which must be known to its rank. */
  public Shape outShape() {
    return ranked(node.output());
  }

  /** What one element of the first output is. */
  public DType outType() {
    return known.type(node.output());
  }

  private Shape ranked(String value) {
    Shape shape = known.shape(value);
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
    return has(input) && known.constant(node.input(input)).isPresent();
  }

  /** The elements of an integer input; empty if it is omitted. */
  public Optional<long[]> integers(int input, String what) {
    if (!has(input)) {
      return Optional.empty();
    }
    Optional<long[]> elements = known.integers(node.input(input));
    if (elements.isEmpty()) {
      throw fault(
          what
              + ": '"
              + node.input(input)
              + "' is computed (expected: a constant); export the model with fixed shapes");
    }
    return elements;
  }

  /** The only element of a constant input; empty if it is omitted. */
  public Optional<Double> number(int input, String what) {
    if (!has(input)) {
      return Optional.empty();
    }
    double[] values =
        known
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
    return axisWithin(axis, shape(input).rank());
  }

  /** An axis, counted from the end if negative, as a number from 0. */
  public int axisWithin(long axis, int rank) {
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

  /** A fault of this node in one line. */
  public InputFault fault(String what) {
    return new InputFault(node + ": " + what);
  }

  /** What is known of a required input. */
  ValueFact in(int input) {
    if (!has(input)) {
      throw fault("input " + input + " is missing (expected: at least " + (input + 1) + " inputs)");
    }
    return known.fact(node.input(input));
  }

  /** What is known of each input; null for an omitted one. */
  List<ValueFact> inputs() {
    List<ValueFact> inputs = new ArrayList<>();
    node.inputs().forEach(name -> inputs.add(name.isEmpty() ? null : known.fact(name)));
    return inputs;
  }

  DType type(int input) {
    return in(input).type();
  }

  /** The elements of an integer input if all are numbers; empty if it is omitted or unknown. */
  Optional<long[]> numbers(int input) {
    return has(input) ? Optional.ofNullable(in(input).numbers()) : Optional.empty();
  }

  /** The elements of an input that is a constant. */
  Optional<double[]> constant(int input) {
    return has(input)
        ? known.constant(node.input(input)).map(HostTensor::toDoubles)
        : Optional.empty();
  }

  /** The attribute {@code axis} of an input. */
  int axis(long otherwise, ValueFact of) {
    return axisWithin(node.intAttribute("axis", otherwise), of.rank());
  }

  /** Refuses a rank other than the one that the operator takes. */
  void requireRank(int input, int rank) {
    ValueFact fact = in(input);
    if (fact.ranked() && fact.rank() != rank) {
      throw fault("input " + input + " " + fact.shape() + " (expected: rank " + rank + ")");
    }
  }

  /** Refuses a rank below the least that the operator takes. */
  void requireRankAtLeast(int input, int rank) {
    ValueFact fact = in(input);
    if (fact.ranked() && fact.rank() < rank) {
      throw fault(
          "input " + input + " " + fact.shape() + " (expected: rank at least " + rank + ")");
    }
  }

  /** Refuses a vector whose length is known to be another; an omitted one passes. */
  void requireVector(int input, Dim length, String what) {
    if (!has(input) || !in(input).ranked()) {
      return;
    }
    Shape shape = in(input).shape();
    if (shape.rank() != 1 || ValueFact.differ(shape.dim(0), length)) {
      throw fault(what + " " + shape + " (expected: [" + length + "])");
    }
  }

  /** Refuses inputs of two types. */
  void requireOneType(int from) {
    ValueFact first = in(from);
    for (int i = from + 1; i < node.inputs().size(); i++) {
      if (has(i) && type(i) != null && first.type() != null && type(i) != first.type()) {
        throw fault(first + " and " + in(i) + " (expected: the same type)");
      }
    }
  }
}
