package org.distill4j.passes;

import java.util.Optional;
import java.util.Set;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;

/**
 * A linear layer: a Conv, Gemm or MatMul with constant weights, seen as a matrix of output channels
 * by what feeds them.
 *
 * @param node the node
 * @param weights its constant weights
 * @param bias its constant bias, one number for each output channel, where it has one
 * @param outputAxis the axis of the weights that counts output channels
 * @param inputAxis the axis that counts input channels (of one group, for a Conv)
 * @param groups how many groups of channels a Conv keeps apart, else 1
 */
public record LinearLayer(
    Node node,
    HostTensor weights,
    Optional<HostTensor> bias,
    int outputAxis,
    int inputAxis,
    int groups) {
  private static final Set<String> OPS = Set.of("Conv", "Gemm", "MatMul");

  /**
   * A node as such; empty if it is of another kind, its weights or bias are computed or not of
   * float32, what it takes is constant, its bias is not one number a channel, or it scales or
   * transposes what others do not.
   */
  public static Optional<LinearLayer> of(Graph graph, Node node) {
    if (!node.domain().isEmpty() || !OPS.contains(node.op())) {
      return Optional.empty();
    }
    HostTensor weights = graph.initializers().get(node.input(1));
    boolean isSuited =
        weights != null && weights.type() == DType.FLOAT32 && weights.shape().rank() >= 2;
    if (!isSuited || graph.constant(node.input(0)).isPresent()) {
      return Optional.empty();
    }
    HostTensor bias = graph.initializers().get(node.input(2));
    if (node.hasInput(2) && bias == null) {
      return Optional.empty();
    }
    return switch (node.op()) {
      case "Conv" ->
          checked(node, weights, bias, 0, 1, Math.toIntExact(node.intAttribute("group", 1)));
      case "Gemm" -> gemm(node, weights, bias);
      default ->
          weights.shape().rank() == 2
              ? checked(node, weights, bias, 1, 0, 1)
              : Optional.empty(); // a stack of matrices
    };
  }

  private static Optional<LinearLayer> gemm(Node node, HostTensor weights, HostTensor bias) {
    boolean plain =
        node.floatAttribute("alpha", 1) == 1
            && node.floatAttribute("beta", 1) == 1
            && node.intAttribute("transA", 0) == 0;
    boolean transposed = node.intAttribute("transB", 0) != 0;
    return plain
        ? checked(node, weights, bias, transposed ? 0 : 1, transposed ? 1 : 0, 1)
        : Optional.empty();
  }

  private static Optional<LinearLayer> checked(
      Node node, HostTensor weights, HostTensor bias, int outputAxis, int inputAxis, int groups) {
    if (bias != null && !isRow(bias, weights.shape().size(outputAxis))) {
      return Optional.empty();
    }
    return Optional.of(
        new LinearLayer(node, weights, Optional.ofNullable(bias), outputAxis, inputAxis, groups));
  }

  private static boolean isRow(HostTensor bias, long outputs) {
    int rank = bias.shape().rank();
    return bias.elements() == outputs && (rank == 0 || bias.shape().size(rank - 1) == outputs);
  }

  /** How many output channels there are. */
  public int outputs() {
    return Math.toIntExact(weights.shape().size(outputAxis));
  }

  /** How many input channels there are, of all groups. */
  public int inputs() {
    return Math.toIntExact(weights.shape().size(inputAxis)) * groups;
  }

  /** The output channel that a weight belongs to, by its position in row-major order. */
  public int outputOf(int position) {
    return index(position, outputAxis);
  }

  /** The input channel that a weight is multiplied with, counted over all groups. */
  public int inputOf(int position) {
    int within = index(position, inputAxis);
    if (groups == 1) {
      return within;
    }
    int group = outputOf(position) / (outputs() / groups);
    return group * Math.toIntExact(weights.shape().size(inputAxis)) + within;
  }

  private int index(int position, int axis) {
    long inner = 1;
    for (int d = axis + 1; d < weights.shape().rank(); d++) {
      inner *= weights.shape().size(d);
    }
    return (int) (position / inner % weights.shape().size(axis));
  }

  /** The bias of each output channel; zeros where there is none. */
  public float[] biases() {
    return bias.map(HostTensor::toFloats).orElseGet(() -> new float[outputs()]);
  }
}
