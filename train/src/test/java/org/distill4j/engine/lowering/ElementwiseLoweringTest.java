package org.distill4j.engine.lowering;

import java.util.stream.Stream;
import org.distill4j.graph.Graph;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ElementwiseLoweringTest {
  static Stream<Graph> activations() {
    return Stream.of(
        activation("Relu"),
        activation("LeakyRelu"),
        activation("LeakyRelu", "alpha", 0.3f),
        activation("Sigmoid"),
        activation("Tanh"),
        activation("HardSigmoid"),
        activation("HardSigmoid", "alpha", 0.4f, "beta", 0.3f),
        activation("HardSwish"),
        activation("Identity"),
        clip("x low high", 0.0, 6.0),
        clip("x low high", -1.01, 2.03),
        clip("x low", 0.0, 6.0),
        clip("x low", -1.01, 0),
        clip("x - high", 0, 2.03),
        clip("x", 0, 0));
  }

  /** Inputs reach -4 to 4, beyond all kinks, by way of a multiplication. */
  private static Graph activation(String op, Object... attributes) {
    return OneNode.graph(op)
        .input("x", 4, 5)
        .number("factor", 4.1)
        .node("Mul", "x factor", "far")
        .node(op, "far", "y", attributes)
        .build();
  }

  private static Graph clip(String inputs, double low, double high) {
    return OneNode.graph("Clip " + inputs)
        .input("x", 4, 5)
        .number("eight", 8)
        .number("low", low)
        .number("high", high)
        .node("Mul", "x eight", "wide")
        .node("Clip", inputs.replace("x", "wide"), "y")
        .build();
  }

  static Stream<Graph> arithmetic() {
    return Stream.of("Add", "Sub", "Mul", "Div")
        .flatMap(
            op ->
                Stream.of(
                    withWeight(op, 3, 4, 5),
                    withWeight(op, 1, 3, 1, 1),
                    withWeight(op, 3, 1, 1),
                    withWeight(op, 5),
                    withWeight(op, 4, 1),
                    withWeight(op, 1),
                    OneNode.graph(op + " of equals")
                        .input("x", 3, 4, 5)
                        .input("z", 3, 4, 5)
                        .number("three", 3)
                        .node("Add", "z three", "far")
                        .node(op, "x far", "y")
                        .build(),
                    OneNode.graph(op + " of a map and a constant in front")
                        .input("x", 2, 4, 5)
                        .weight("w", 3, 2, 1, 1)
                        .constant("c", HostTensor.ofFloats(Shape.of(3, 1, 1), 7, 8, 9))
                        .number("nine", 9)
                        .node("Conv", "x w", "map")
                        .node("Add", "map nine", "far")
                        .node(op, "c far", "y")
                        .build(),
                    OneNode.graph(op + " of a map and a vector that is computed")
                        .input("x", 2, 4, 5)
                        .input("z", 4, 5)
                        .weight("w", 3, 2, 1, 1)
                        .number("three", 3)
                        .node("Conv", "x w", "map")
                        .node("Add", "z three", "far")
                        .integers("to", 2, 1, 4, 5)
                        .node("Reshape", "far to", "wide")
                        .node(op, "map wide", "y")
                        .build(),
                    OneNode.graph(op + " of a matrix and a row")
                        .input("x", 4)
                        .constant("c", HostTensor.ofFloats(Shape.of(4), 2, -3, 4, 5))
                        .node(op, "x c", "y")
                        .build()));
  }

  /** A map with channels last and an operand broadcast to it. */
  private static Graph withWeight(String op, long... sizes) {
    return OneNode.graph(op + " with " + Shape.of(sizes))
        .input("x", 2, 4, 5)
        .weight("w", 3, 2, 1, 1)
        .weight("v", sizes)
        .number("three", 3)
        .node("Conv", "x w", "map")
        .node("Add", "v three", "far")
        .node(op, "map far", "y")
        .build();
  }

  @ParameterizedTest
  @MethodSource({"activations", "arithmetic"})
  void lower_elementwise_equalsOnnxRuntimeAndDifferences(Graph graph) {
    Proof.check(graph);
  }
}
