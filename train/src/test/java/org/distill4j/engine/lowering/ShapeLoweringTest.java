package org.distill4j.engine.lowering;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.distill4j.graph.Graph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each operator that moves elements, on a value in ONNX order and on a map with channels last. */
class ShapeLoweringTest {
  private static final long MAX = Long.MAX_VALUE;
  private static final long MIN = Long.MIN_VALUE;

  static Stream<Graph> reshapes() {
    return Stream.of(
            both("Flatten", g -> g.node("Flatten", "m", "y")),
            both("Flatten at 2", g -> g.node("Flatten", "m", "y", "axis", 2)),
            both("Flatten at -1", g -> g.node("Flatten", "m", "y", "axis", -1)),
            both("Reshape", g -> g.integers("to", 0, 4, -1).node("Reshape", "m to", "y")),
            both("to rows", g -> g.integers("to", -1, 15).node("Reshape", "m to", "y")),
            both("Unsqueeze", g -> g.integers("at", 1, -1).node("Unsqueeze", "m at", "y")),
            both(
                "Squeeze",
                g ->
                    g.node("GlobalAveragePool", "m", "p")
                        .integers("at", 2, 3)
                        .node("Squeeze", "p at", "y")),
            both("Transpose", g -> g.node("Transpose", "m", "y")),
            both("to NHWC", g -> g.node("Transpose", "m", "y", "perm", ints(0, 2, 3, 1))),
            both("oddly", g -> g.node("Transpose", "m", "y", "perm", ints(3, 0, 2, 1))),
            both(
                "to NHWC and back",
                g ->
                    g.node("Transpose", "m", "h", "perm", ints(0, 2, 3, 1))
                        .node("Sigmoid", "h", "s")
                        .node("Transpose", "s", "n", "perm", ints(0, 3, 1, 2))
                        .node("Tanh", "n", "y")))
        .flatMap(s -> s);
  }

  static Stream<Graph> slices() {
    return Stream.of(
            both("Slice", g -> slice(g, ints(1, 0), ints(3, 2), ints(1, 2), ints(1, 1))),
            both("every other", g -> slice(g, ints(0, 0), ints(MAX, MAX), ints(2, 3), ints(2, 2))),
            both("to the size", g -> slice(g, ints(0, 0), ints(5, 4), ints(3, 2), ints(3, 2))),
            both("negative", g -> slice(g, ints(-2, -3), ints(-1, MAX), ints(-1, 1), ints(1, 1))),
            both("backwards", g -> slice(g, ints(-1, 2), ints(MIN, 0), ints(3, 1), ints(-1, -1))),
            both(
                "without axes",
                g -> g.integers("s", 0, 1).integers("e", 2, 3).node("Slice", "m s e", "y")))
        .flatMap(s -> s);
  }

  static Stream<Graph> pads() {
    return Stream.of(
            both("constant", g -> pad(g, "constant", 0, 1, 2, 0, 0, 2, 0, 1)),
            both("reflect", g -> pad(g, "reflect", 0, 1, 1, 2, 0, 1, 0, 1)),
            both("edge", g -> pad(g, "edge", 0, 1, 2, 0, 0, 2, 0, 1)),
            both("cuts", g -> pad(g, "constant", 0, -1, 1, 0, 0, 0, -1, -2)),
            both(
                "with a value",
                g ->
                    g.integers("p", 0, 1, 0, 1, 0, 0, 2, 0)
                        .number("value", 0.75)
                        .node("Pad", "m p value", "y")),
            both(
                "some axes",
                g -> g.integers("p", 1, 2).integers("a", -3).node("Pad", "m p - a", "y")))
        .flatMap(s -> s);
  }

  static Stream<Graph> others() {
    return Stream.of(
            both(
                "channels", g -> g.node("Sigmoid", "m", "s").node("Concat", "m s", "y", "axis", 1)),
            both("rows", g -> g.node("Sigmoid", "m", "s").node("Concat", "s m", "y", "axis", -2)),
            both(
                "with a weight",
                g -> g.weight("k", 2, 3, 4, 1).node("Concat", "m k", "y", "axis", 3)),
            both("Softmax", g -> g.node("Softmax", "m", "y")),
            both("Softmax of channels", g -> g.node("Softmax", "m", "y", "axis", 1)),
            both("LogSoftmax of rows", g -> g.node("LogSoftmax", "m", "y", "axis", 2)),
            both("LogSoftmax of channels", g -> g.node("LogSoftmax", "m", "y", "axis", 1)),
            both("Dropout", g -> g.number("ratio", 0.4).node("Dropout", "m ratio", "y")))
        .flatMap(s -> s);
  }

  static Stream<Graph> rows() {
    return Stream.of(
        OneNode.graph("LogSoftmax").input("x", 5).node("LogSoftmax", "x", "y").build(),
        OneNode.graph("Softmax").input("x", 5).node("Softmax", "x", "y").build(),
        OneNode.graph("Softmax of a stack").input("x", 3, 4).node("Softmax", "x", "y").build());
  }

  /** From {@code m} to {@code y}: once after an input, once after a Conv. */
  private static Stream<Graph> both(String title, UnaryOperator<OneNode> ending) {
    OneNode plain = OneNode.graph(title).input("x", 3, 4, 5).node("Tanh", "x", "m");
    OneNode last =
        OneNode.graph(title + ", channels last")
            .input("x", 2, 4, 5)
            .weight("w", 3, 2, 1, 1)
            .node("Conv", "x w", "m");
    return Stream.of(ending.apply(plain).build(), ending.apply(last).build());
  }

  private static long[] ints(long... values) {
    return values;
  }

  private static OneNode slice(
      OneNode graph, long[] starts, long[] ends, long[] axes, long[] steps) {
    return graph
        .integers("s", starts)
        .integers("e", ends)
        .integers("a", axes)
        .integers("t", steps)
        .node("Slice", "m s e a t", "y");
  }

  private static OneNode pad(OneNode graph, String mode, long... pads) {
    return graph.integers("p", pads).node("Pad", "m p", "y", "mode", mode);
  }

  @ParameterizedTest
  @MethodSource({"reshapes", "slices", "pads", "others", "rows"})
  void lower_mover_equalsOnnxRuntimeAndDifferences(Graph graph) {
    Proof.check(graph);
  }
}
