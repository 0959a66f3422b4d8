package org.distill4j.engine.lowering;

import java.util.stream.Stream;
import org.distill4j.graph.Graph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PoolLoweringTest {
  private static final long[] TWO = {2, 2};
  private static final long[] THREE = {3, 3};

  static Stream<Graph> maxPools() {
    return Stream.of(
        pool("MaxPool", "halving", 6, 8, "kernel_shape", TWO, "strides", TWO),
        pool("MaxPool", "halving odd", 7, 5, "kernel_shape", TWO, "strides", TWO),
        pool("MaxPool", "overlapping", 6, 7, "kernel_shape", THREE, "strides", TWO),
        pool("MaxPool", "padded", 6, 7, "kernel_shape", THREE, "strides", TWO, "pads", pads(1)),
        pool("MaxPool", "same", 6, 7, "kernel_shape", THREE, "pads", pads(1)),
        pool("MaxPool", "SAME_UPPER", 7, 6, "kernel_shape", TWO, "auto_pad", "SAME_UPPER"),
        pool(
            "MaxPool",
            "SAME_LOWER",
            7,
            6,
            "kernel_shape",
            TWO,
            "strides",
            TWO,
            "auto_pad",
            "SAME_LOWER"),
        pool("MaxPool", "ceil", 7, 8, "kernel_shape", THREE, "strides", TWO, "ceil_mode", 1),
        pool("MaxPool", "halving ceil", 7, 6, "kernel_shape", TWO, "strides", TWO, "ceil_mode", 1),
        pool("MaxPool", "dilated", 8, 7, "kernel_shape", TWO, "dilations", new long[] {2, 3}),
        pool(
            "MaxPool",
            "dilated padded",
            8,
            7,
            "kernel_shape",
            THREE,
            "dilations",
            TWO,
            "strides",
            TWO,
            "pads",
            pads(2)),
        pool("MaxPool", "uneven", 8, 9, "kernel_shape", new long[] {1, 3}, "strides", TWO),
        OneNode.graph("MaxPool after Relu")
            .input("x", 3, 6, 8)
            .node("Relu", "x", "r")
            .node("MaxPool", "r", "y", "kernel_shape", TWO, "strides", TWO)
            .build(),
        OneNode.graph("MaxPool after Relu, padded")
            .input("x", 3, 6, 8)
            .node("Relu", "x", "r")
            .node("MaxPool", "r", "y", "kernel_shape", THREE, "strides", TWO, "pads", pads(1))
            .build(),
        signal("MaxPool", "signal", "kernel_shape", new long[] {2}, "strides", new long[] {2}),
        signal("MaxPool", "signal padded", "kernel_shape", new long[] {3}, "pads", TWO));
  }

  static Stream<Graph> averagePools() {
    return Stream.of(
        pool("AveragePool", "halving", 6, 8, "kernel_shape", TWO, "strides", TWO),
        pool("AveragePool", "overlapping", 6, 7, "kernel_shape", THREE, "strides", TWO),
        pool("AveragePool", "padded", 6, 7, "kernel_shape", THREE, "strides", TWO, "pads", pads(1)),
        pool(
            "AveragePool",
            "padded counted",
            6,
            7,
            "kernel_shape",
            THREE,
            "strides",
            TWO,
            "pads",
            pads(1),
            "count_include_pad",
            1),
        pool("AveragePool", "same", 6, 7, "kernel_shape", THREE, "pads", pads(1)),
        pool(
            "AveragePool",
            "same counted",
            6,
            7,
            "kernel_shape",
            THREE,
            "pads",
            pads(1),
            "count_include_pad",
            1),
        pool("AveragePool", "SAME_UPPER", 7, 6, "kernel_shape", TWO, "auto_pad", "SAME_UPPER"),
        pool("AveragePool", "SAME_LOWER", 7, 6, "kernel_shape", TWO, "auto_pad", "SAME_LOWER"),
        pool("AveragePool", "ceil", 7, 8, "kernel_shape", THREE, "strides", TWO, "ceil_mode", 1),
        pool(
            "AveragePool",
            "ceil counted",
            7,
            8,
            "kernel_shape",
            THREE,
            "strides",
            TWO,
            "pads",
            pads(1),
            "ceil_mode",
            1,
            "count_include_pad",
            1),
        pool("AveragePool", "dilated", 8, 7, "kernel_shape", TWO, "dilations", TWO),
        pool(
            "AveragePool",
            "dilated padded",
            8,
            7,
            "kernel_shape",
            TWO,
            "dilations",
            TWO,
            "pads",
            pads(1)),
        signal("AveragePool", "signal", "kernel_shape", new long[] {3}, "strides", new long[] {2}),
        OneNode.graph("global").input("x", 3, 4, 5).node("GlobalAveragePool", "x", "y").build(),
        OneNode.graph("global signal")
            .input("x", 3, 6)
            .node("GlobalAveragePool", "x", "y")
            .build());
  }

  private static long[] pads(long p) {
    return new long[] {p, p, p, p};
  }

  private static Graph pool(
      String op, String title, long height, long width, Object... attributes) {
    return OneNode.graph(op + " " + title)
        .input("x", 3, height, width)
        .node(op, "x", "y", attributes)
        .build();
  }

  private static Graph signal(String op, String title, Object... attributes) {
    return OneNode.graph(op + " " + title).input("x", 3, 9).node(op, "x", "y", attributes).build();
  }

  @ParameterizedTest
  @MethodSource({"maxPools", "averagePools"})
  void lower_pool_equalsOnnxRuntimeAndDifferences(Graph graph) {
    Proof.check(graph);
  }
}
