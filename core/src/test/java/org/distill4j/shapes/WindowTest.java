package org.distill4j.shapes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Node;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowTest {
  private static final long[] INPUT = {1, 2, 9, 8};

  @ParameterizedTest
  @ValueSource(strings = {"MaxPool", "AveragePool", "LpPool", "Conv", "ConvTranspose"})
  void infer_gridOfWindows_isAsOnnxRuntimeMakesIt(String op) {
    GraphBuilder g = new GraphBuilder("grid");
    Shape shape = Shape.of(INPUT);
    String x = g.input("x", DType.FLOAT32, shape);
    int count = 0;
    for (long kernel = 1; kernel <= 3; kernel++) {
      String w = weights(g, kernel);
      for (long stride = 1; stride <= 3; stride++) {
        for (long dilation = 1; dilation <= 2; dilation++) {
          for (String mode :
              List.of("0", "1", "0 ceil", "1 ceil", "VALID", "SAME_UPPER", "SAME_LOWER")) {
            Map<String, Attribute> attributes = attributes(kernel, stride, dilation, mode);
            boolean pool = op.endsWith("Pool");
            boolean valid = allowed(op, kernel, dilation, mode);
            if (valid) {
              String[] inputs = pool ? new String[] {x} : new String[] {x, w};
              g.output(g.add(op, attributes, inputs), DType.FLOAT32, Shape.UNRANKED);
              count++;
            }
          }
        }
      }
    }
    assertThat(count).isGreaterThan(40);
    assertSameShapes(g.build(), shape);
  }

  private static String weights(GraphBuilder g, long kernel) {
    float[] values = new float[(int) (4 * kernel * kernel)];
    return g.initializer("w" + kernel, HostTensor.ofFloats(Shape.of(2, 2, kernel, kernel), values));
  }

  private static Map<String, Attribute> attributes(
      long kernel, long stride, long dilation, String mode) {
    Map<String, Attribute> attributes = new HashMap<>();
    attributes.put("kernel_shape", Attribute.ofInts(kernel, kernel));
    attributes.put("strides", Attribute.ofInts(stride, stride));
    attributes.put("dilations", Attribute.ofInts(dilation, dilation));
    if (Character.isDigit(mode.charAt(0))) {
      long pad = Long.parseLong(mode.substring(0, 1));
      attributes.put("pads", Attribute.ofInts(pad, 0, pad, pad)); // uneven columns
    } else {
      attributes.put("auto_pad", Attribute.of(mode));
    }
    if (mode.endsWith("ceil")) {
      attributes.put("ceil_mode", Attribute.of(1));
    }
    return attributes;
  }

  /**
   * What the operators define: pads smaller than the kernel, ceil_mode for pools only. Dilated
   * windows in a SAME mode are left out: ONNX Runtime refuses them for Conv and pads pools as if
   * they were not dilated.
   */
  private static boolean allowed(String op, long kernel, long dilation, String mode) {
    if (dilation > 1 && mode.startsWith("SAME")) {
      return false;
    }
    boolean pool = op.endsWith("Pool");
    return pool ? kernel > 1 || !mode.startsWith("1") : !mode.endsWith("ceil");
  }

  private static void assertSameShapes(Graph graph, Shape input) {
    Shapes inferred = ShapeInference.infer(graph);
    HostTensor zeros = HostTensor.ofFloats(input, new float[(int) input.elements()]);
    List<String> different = new ArrayList<>();
    try (Predictor predictor = new OnnxRuntime().open(graph, 1)) {
      Map<String, HostTensor> made = predictor.run(Map.of("x", zeros));
      for (Node node : graph.nodes()) {
        Shape found = inferred.shape(node.output());
        Shape expected = made.get(node.output()).shape();
        if (!found.equals(expected)) {
          different.add(found + " not " + expected + " for " + node.op() + node.attributes());
        }
      }
    }
    assertThat(different).isEmpty();
  }

  @Test
  void of_sameModes_putTheOddOneBehindOrInFront() {
    Map<String, Attribute> upper = Map.of("auto_pad", Attribute.of("SAME_UPPER"));
    Map<String, Attribute> lower = Map.of("auto_pad", Attribute.of("SAME_LOWER"));

    Window behind = Window.of(Node.of("Conv", List.of(), List.of("y"), upper), 2).get(0);
    Window front = Window.of(Node.of("Conv", List.of(), List.of("y"), lower), 2).get(0);

    assertThat(List.of(behind.padBegin(5), behind.padEnd(5))).containsExactly(0L, 1L);
    assertThat(List.of(front.padBegin(5), front.padEnd(5))).containsExactly(1L, 0L);
    assertThat(behind.output(5)).isEqualTo(5);
  }

  @Test
  void of_stridesOfAnotherCount_areRefused() {
    Map<String, Attribute> strides = Map.of("strides", Attribute.ofInts(2));
    Node node = Node.of("MaxPool", List.of(), List.of("p"), strides);
    assertThatThrownBy(() -> Window.of(node, 2, 2))
        .isInstanceOf(InputFault.class)
        .hasMessage("MaxPool 'p': strides: [2] (expected: 2 numbers >= 1)");
  }
}
