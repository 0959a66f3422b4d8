package org.distill4j.zoo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * The output scaling of a regression net, whose outputs become numbers of any size.
 *
 * <pre>{@code y = z / (1 / deviation) - (-mean)}</pre>
 *
 * <p>z is what the net's last layer gives: it learns numbers of mean 0 and deviation 1. The two
 * constants are no weights, which is why they divide and are subtracted: what is multiplied or
 * added per channel counts as trainable.
 */
public final class Scaled {
  private Scaled() {}

  /**
   * The net with its outputs scaled.
   *
   * @param net one output [batch, numbers]
   * @param means one per number
   * @param deviations as many, each greater than 0
   */
  public static Graph of(Graph net, List<Double> means, List<Double> deviations) {
    Value z = net.onlyOutput();
    Map<String, HostTensor> constants = new LinkedHashMap<>(net.initializers());
    constants.put("scaled.inverse", constant(deviations, d -> 1 / d));
    constants.put("scaled.minus", constant(means, m -> -m));
    List<Node> nodes = new ArrayList<>(net.nodes());
    String sized = "scaled.sized";
    String output = "numbers";
    nodes.add(Node.of("Div", List.of(z.name(), "scaled.inverse"), List.of(sized), Map.of()));
    nodes.add(Node.of("Sub", List.of(sized, "scaled.minus"), List.of(output), Map.of()));
    return new Graph(
        net.name(),
        net.inputs(),
        List.of(new Value(output, z.type(), z.shape())),
        nodes,
        constants,
        net.metadata());
  }

  private static HostTensor constant(List<Double> numbers, DoubleUnaryOperator each) {
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) each.applyAsDouble(numbers.get(i));
    }
    return HostTensor.ofFloats(Shape.of(values.length), values);
  }
}
