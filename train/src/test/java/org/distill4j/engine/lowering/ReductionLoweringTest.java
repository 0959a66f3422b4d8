package org.distill4j.engine.lowering;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.distill4j.graph.Graph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Means and sums over every set of axes of a value, maps held channels last among them. */
class ReductionLoweringTest {
  static Stream<Graph> reductions() {
    SplittableRandom random = new SplittableRandom(Seeds.of(11));
    List<Graph> all = new ArrayList<>();
    for (int set = 0; set < 16; set++) {
      boolean isMean = random.nextInt(4) > 0;
      long[] axes = axes(set, random);
      for (int keep = 0; keep < 2; keep++) {
        all.add(behindConv(isMean ? "ReduceMean" : "ReduceSum", axes, keep));
      }
    }
    all.add(
        OneNode.graph("ReduceMean over columns of a signal")
            .input("x", 3, 5)
            .integers("axes", -1)
            .node("ReduceMean", "x axes", "y", "keepdims", 0)
            .build());
    all.add(
        OneNode.graph("ReduceMean of none")
            .input("x", 3, 4, 2)
            .node("ReduceMean", "x", "y", "noop_with_empty_axes", 1)
            .build());
    return all.stream();
  }

  /** The axes of a set, the last counted from the end where the draw says so. */
  private static long[] axes(int set, SplittableRandom random) {
    List<Long> axes = new ArrayList<>();
    for (int axis = 3; axis >= 0; axis--) {
      if ((set & 1 << axis) != 0) {
        axes.add((long) (random.nextBoolean() ? axis : axis - 4));
      }
    }
    return axes.stream().mapToLong(Long::longValue).toArray();
  }

  private static Graph behindConv(String op, long[] axes, int keep) {
    OneNode graph =
        OneNode.graph(op + " over " + java.util.Arrays.toString(axes) + ", keepdims " + keep)
            .input("x", 2, 3, 4)
            .weight("w", 3, 2, 1, 1)
            .node("Conv", "x w", "c");
    return axes.length == 0
        ? graph.node(op, "c", "y", "keepdims", keep).build()
        : graph.integers("axes", axes).node(op, "c axes", "y", "keepdims", keep).build();
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void lower_meansAndSumsOverAnyAxes_equalOnnxRuntimeAndDifferences(Graph graph) {
    Proof.check(graph);
  }
}
