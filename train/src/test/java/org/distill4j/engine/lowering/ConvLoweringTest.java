package org.distill4j.engine.lowering;

import java.util.stream.Stream;
import org.distill4j.graph.Graph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConvLoweringTest {
  static Stream<Graph> convs() {
    return Stream.of(
        conv("plain", 3, 4, 3, 1),
        conv("padded", 3, 4, 3, 1, "pads", new long[] {1, 1, 1, 1}),
        conv("one sided", 2, 3, 3, 1, "pads", new long[] {2, 0, 0, 1}),
        conv("strided", 2, 3, 3, 1, "strides", new long[] {2, 2}),
        conv("same size strided", 2, 3, 3, 1, "pads", pads(1), "strides", new long[] {2, 2}),
        conv("uneven strides", 2, 3, 3, 1, "pads", pads(1), "strides", new long[] {2, 1}),
        conv("SAME_UPPER", 2, 3, 4, 1, "auto_pad", "SAME_UPPER", "strides", new long[] {2, 3}),
        conv("SAME_LOWER", 2, 3, 4, 1, "auto_pad", "SAME_LOWER", "strides", new long[] {2, 3}),
        conv("VALID", 2, 3, 3, 1, "auto_pad", "VALID"),
        conv("dilated", 2, 3, 3, 1, "dilations", new long[] {2, 2}, "pads", pads(2)),
        conv("dilated unevenly", 2, 3, 2, 1, "dilations", new long[] {3, 2}),
        conv("dilated strided", 2, 3, 2, 1, "dilations", new long[] {2, 3}, "strides", pairs(2)),
        conv("dilated groups", 4, 6, 2, 2, "dilations", pairs(2), "pads", pads(1)),
        conv("one by one", 3, 4, 1, 1),
        conv("one by one strided", 2, 4, 1, 1, "strides", pairs(2)),
        conv("one by one strided and padded", 3, 4, 1, 1, "strides", pairs(2), "pads", pads(1)),
        conv("one by one strided groups", 4, 4, 1, 2, "strides", new long[] {2, 3}),
        conv("one by one strided depthwise", 3, 3, 1, 3, "strides", pairs(2)),
        conv("one channel", 1, 4, 3, 1, "pads", pads(1)),
        conv("two groups", 4, 6, 3, 2, "pads", pads(1)),
        conv("depthwise", 4, 4, 3, 4, "pads", pads(1)),
        conv("depthwise twofold", 3, 6, 3, 3, "pads", pads(1)),
        conv("depthwise strided", 4, 4, 3, 4, "pads", pads(1), "strides", new long[] {2, 2}),
        conv("depthwise uneven", 4, 4, 3, 4, "pads", pads(1), "strides", new long[] {2, 1}),
        conv("depthwise dilated", 4, 4, 3, 4, "pads", pads(2), "dilations", new long[] {2, 2}),
        conv("depthwise SAME_LOWER", 4, 4, 2, 4, "auto_pad", "SAME_LOWER"),
        // sizes at which oneDNN's gradient of a strided pointwise convolution is wrong
        OneNode.graph("one by one strided, 8 by 8")
            .input("x", 2, 8, 8)
            .weight("w", 4, 2, 1, 1)
            .node("Conv", "x w", "y", "strides", pairs(2))
            .build(),
        OneNode.graph("without bias")
            .input("x", 2, 5, 5)
            .weight("w", 3, 2, 3, 3)
            .node("Conv", "x w", "y")
            .build());
  }

  static Stream<Graph> signals() {
    return Stream.of(
        signal("signal", 3, 4, 3, 1),
        signal("signal strided", 3, 4, 3, 1, "strides", new long[] {2}, "pads", new long[] {1, 1}),
        signal("signal dilated", 3, 4, 3, 1, "dilations", new long[] {2}),
        signal("signal depthwise dilated", 4, 4, 3, 4, "dilations", new long[] {3}),
        signal("signal depthwise", 4, 4, 3, 4, "strides", new long[] {2}),
        signal("signal groups", 4, 4, 3, 2, "auto_pad", "SAME_UPPER"));
  }

  private static long[] pairs(long n) {
    return new long[] {n, n};
  }

  private static long[] pads(long p) {
    return new long[] {p, p, p, p};
  }

  private static Graph conv(
      String title, int in, int out, int kernel, int group, Object... attributes) {
    return OneNode.graph(title)
        .input("x", in, 7, 8)
        .weight("w", out, in / group, kernel, kernel)
        .weight("b", out)
        .node("Conv", "x w b", "y", with(group, attributes))
        .build();
  }

  private static Graph signal(
      String title, int in, int out, int kernel, int group, Object... attributes) {
    return OneNode.graph(title)
        .input("x", in, 9)
        .weight("w", out, in / group, kernel)
        .weight("b", out)
        .node("Conv", "x w b", "y", with(group, attributes))
        .build();
  }

  private static Object[] with(int group, Object... attributes) {
    return Stream.concat(Stream.of("group", group), Stream.of(attributes)).toArray();
  }

  @ParameterizedTest
  @MethodSource({"convs", "signals"})
  void lower_conv_equalsOnnxRuntimeAndDifferences(Graph graph) {
    Proof.check(graph);
  }
}
