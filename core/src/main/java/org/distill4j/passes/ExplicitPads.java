package org.distill4j.passes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.shapes.Shapes;
import org.distill4j.shapes.Window;
import org.distill4j.tensor.Shape;

/**
 * Windows with gaps whose padding is left to the runtime ({@code auto_pad} SAME with dilations):
 * ONNX says what that padding is, and ONNX Runtime has no kernel for it, so it is written out.
 */
public final class ExplicitPads {
  private static final int ANY = 1 << 20; // with a stride of 1 all sizes are padded alike

  private ExplicitPads() {}

  /** The graph with such padding as pads, where the extents that it follows from are known. */
  public static Graph apply(Graph graph, Shapes shapes) {
    List<Node> nodes = new ArrayList<>();
    boolean changed = false;
    for (Node node : graph.nodes()) {
      Optional<Node> padded = isMeant(node) ? padded(node, shapes) : Optional.empty();
      nodes.add(padded.orElse(node));
      changed |= padded.isPresent();
    }
    return changed
        ? new Graph(
            graph.name(),
            graph.inputs(),
            graph.outputs(),
            nodes,
            graph.initializers(),
            graph.metadata())
        : graph;
  }

  private static boolean isMeant(Node node) {
    boolean slides =
        switch (node.op()) {
          case "AveragePool", "Conv", "ConvInteger", "LpPool", "MaxPool", "QLinearConv" -> true;
          default -> false;
        };
    return slides
        && node.domain().isEmpty()
        && node.textAttribute("auto_pad", "NOTSET").startsWith("SAME_")
        && Arrays.stream(node.intsAttribute("dilations", 1)).anyMatch(d -> d > 1);
  }

  /** The node with its padding; empty where that depends on an extent that is open. */
  private static Optional<Node> padded(Node node, Shapes shapes) {
    Shape input = shapes.shape(node.input(0));
    long[] kernel = kernel(node, shapes);
    if (kernel.length == 0 || !input.isRanked() || input.rank() != kernel.length + 2) {
      return Optional.empty();
    }
    List<Window> windows = Window.of(node, kernel);
    long[] pads = new long[2 * kernel.length];
    for (int i = 0; i < kernel.length; i++) {
      Window window = windows.get(i);
      boolean known = input.dim(i + 2).isKnown();
      if (!known && window.stride() > 1) {
        return Optional.empty();
      }
      long size = known ? input.size(i + 2) : ANY;
      pads[i] = window.padBegin(size);
      pads[i + kernel.length] = window.padEnd(size);
    }
    Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
    attributes.remove("auto_pad");
    attributes.put("pads", Attribute.ofInts(pads));
    return Optional.of(node.withAttributes(attributes));
  }

  private static long[] kernel(Node node, Shapes shapes) {
    Optional<long[]> said = node.optionalInts("kernel_shape");
    if (said.isPresent()) {
      return said.get();
    }
    int at = node.op().equals("QLinearConv") ? 3 : 1;
    Shape weights = node.hasInput(at) ? shapes.shape(node.input(at)) : Shape.UNRANKED;
    boolean known = weights.isRanked() && weights.isStatic() && weights.rank() > 2;
    return known ? Arrays.copyOfRange(weights.sizes(), 2, weights.rank()) : new long[0];
  }
}
