package org.distill4j.engine.lowering;

import java.util.stream.Stream;
import org.distill4j.graph.Graph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MatrixLoweringTest {
  static Stream<Graph> gemms() {
    return Stream.of(
        gemm("plain", new long[] {4, 3}, new long[] {3}),
        gemm("transB", new long[] {3, 4}, new long[] {3}, "transB", 1),
        gemm("alpha and beta", new long[] {4, 3}, new long[] {3}, "alpha", 0.5f, "beta", 2f),
        gemm("row", new long[] {4, 3}, new long[] {1, 3}),
        gemm("scalar", new long[] {4, 3}, new long[] {1}),
        gemm("column", new long[] {4, 3}, new long[] {2, 1}),
        gemm("one output", new long[] {4, 1}, new long[] {1}),
        OneNode.graph("without C").input("x", 4).weight("w", 4, 3).node("Gemm", "x w", "y").build(),
        OneNode.graph("transA")
            .fixed("x", 4, 2)
            .weight("w", 4, 3)
            .node("Gemm", "x w", "y", "transA", 1)
            .build(),
        OneNode.graph("computed B")
            .fixed("x", 2, 4)
            .fixed("z", 3, 4)
            .node("Gemm", "x z", "y", "transB", 1)
            .build(),
        OneNode.graph("tied, once transposed")
            .input("x", 4)
            .weight("w", 4, 4)
            .node("Gemm", "x w", "h")
            .node("Gemm", "h w", "y", "transB", 1)
            .build(),
        flattened("flattened map", "Flatten", "map", "Gemm", 0),
        flattened("flattened map, transB", "Flatten", "map", "Gemm", 1),
        flattened("reshaped map", "Reshape", "map to", "Gemm", 0),
        flattened("flattened map into MatMul", "Flatten", "map", "MatMul", 0));
  }

  private static Graph gemm(String title, long[] w, long[] c, Object... attributes) {
    return OneNode.graph("Gemm " + title)
        .input("x", 4)
        .weight("w", w)
        .weight("c", c)
        .node("Gemm", "x w c", "y", attributes)
        .build();
  }

  /** A dense layer behind a map of 3 channels, 2 rows and 4 columns. */
  private static Graph flattened(
      String title, String flatten, String inputs, String dense, int transposed) {
    OneNode graph =
        OneNode.graph(title)
            .input("x", 2, 2, 4)
            .weight("k", 3, 2, 1, 1)
            .weight("w", transposed == 1 ? new long[] {5, 24} : new long[] {24, 5})
            .integers("to", 0, -1)
            .node("Conv", "x k", "conv")
            .node("Tanh", "conv", "map")
            .node(flatten, inputs, "flat")
            .node("Sigmoid", "flat", "rows");
    return dense.equals("Gemm")
        ? graph.node("Gemm", "rows w", "y", "transB", transposed).build()
        : graph.node("MatMul", "rows w", "y").build();
  }

  static Stream<Graph> matMuls() {
    return Stream.of(
        OneNode.graph("matrices")
            .input("x", 4)
            .weight("w", 4, 3)
            .node("MatMul", "x w", "y")
            .build(),
        OneNode.graph("stack by matrix")
            .input("x", 3, 4)
            .weight("w", 4, 5)
            .node("MatMul", "x w", "y")
            .build(),
        OneNode.graph("stack by stack")
            .input("x", 3, 4)
            .input("z", 4, 2)
            .node("MatMul", "x z", "y")
            .build(),
        OneNode.graph("broadcast stacks")
            .input("x", 1, 3, 4)
            .weight("w", 5, 4, 2)
            .node("MatMul", "x w", "y")
            .build(),
        OneNode.graph("by vector")
            .input("x", 3, 4)
            .weight("v", 4, 1)
            .integers("to", 4)
            .node("Reshape", "v to", "vector")
            .node("MatMul", "x vector", "y")
            .build(),
        OneNode.graph("vector by")
            .input("x", 4, 3)
            .weight("v", 4, 1)
            .integers("to", 4)
            .node("Reshape", "v to", "vector")
            .node("MatMul", "vector x", "y")
            .build());
  }

  @ParameterizedTest
  @MethodSource({"gemms", "matMuls"})
  void lower_product_equalsOnnxRuntimeAndDifferences(Graph graph) {
    Proof.check(graph);
  }
}
