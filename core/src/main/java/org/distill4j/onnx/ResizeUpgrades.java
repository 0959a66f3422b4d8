package org.distill4j.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Node;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Upsample and Resize.
 *
 * <p>Until opset 10 a coordinate of the output was divided by the scale ("asymmetric"); the nearest
 * pixel was the one below where the image grows, and the one above where it shrinks.
 */
final class ResizeUpgrades {
  private static final String MODE = "coordinate_transformation_mode";

  private ResizeUpgrades() {}

  /** Upsample, whose scales were an attribute until 8, is a Resize that never shrinks. */
  static List<Node> upsample(Node node, UpgradeContext scope) {
    String scales = node.input(1);
    if (node.attributes().get("scales") instanceof Attribute.Reals reals) {
      float[] values = new float[reals.values().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = reals.values().get(i);
      }
      HostTensor tensor = HostTensor.ofFloats(Shape.of(values.length), values);
      scales = scope.constant(node, "scales", tensor);
    }
    Node resize = NodeChanges.as("Resize", NodeChanges.without(node, "scales"));
    return List.of(nearest(resize, scales, "floor"));
  }

  private static Node nearest(Node resize, String scales, String rounding) {
    Node asymmetric =
        NodeChanges.with(resize, MODE, Attribute.of("asymmetric"))
            .withInputs(List.of(resize.input(0), "", scales));
    return NodeChanges.with(asymmetric, "nearest_mode", Attribute.of(rounding));
  }

  /**
   * Resize as it was in 10. An image that grows along one axis and shrinks along another is resized
   * twice, which gives the same: each axis is on its own.
   */
  static List<Node> asymmetric(Node node, UpgradeContext scope) {
    String scales = node.input(1);
    boolean isNearest = node.textAttribute("mode", "nearest").equals("nearest");
    double[] values = scope.constant(scales).map(HostTensor::toDoubles).orElse(null);
    if (!isNearest || (values != null && DoubleStream.of(values).allMatch(s -> s >= 1))) {
      return List.of(nearest(node, scales, "floor"));
    }
    if (values != null && DoubleStream.of(values).allMatch(s -> s <= 1)) {
      return List.of(nearest(node, scales, "ceil"));
    }
    List<Node> nodes = new ArrayList<>();
    String one = scope.constant(node, "one", HostTensor.scalar(1));
    Node up = scope.node("Max", node, "up", List.of(scales, one), Map.of());
    Node down = scope.node("Min", node, "down", List.of(scales, one), Map.of());
    nodes.add(up);
    nodes.add(down);
    Node grown = scope.node("Resize", node, "grown", List.of(node.input(0)), node.attributes());
    nodes.add(nearest(grown, up.output(), "floor"));
    Node shrunk = node.withInputs(List.of(grown.output()));
    nodes.add(nearest(shrunk, down.output(), "ceil"));
    return nodes;
  }

  /**
   * Until 12 unused inputs were empty tensors; since 13 they are omitted. The mode {@code
   * tf_half_pixel_for_nn}, {@code (x + 0.5) / scale}, is gone: half a pixel further down with the
   * rounding half a pixel further up is the same.
   */
  static List<Node> withoutEmptyInputs(Node node, UpgradeContext scope) {
    List<String> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      boolean isEmpty =
          !inputs.isEmpty() && scope.constant(input).map(HostTensor::elements).orElse(1L) == 0;
      inputs.add(isEmpty ? "" : input);
    }
    Node bare = node.withInputs(inputs);
    if (!node.textAttribute(MODE, "half_pixel").equals("tf_half_pixel_for_nn")) {
      return List.of(bare);
    }
    String rounding =
        switch (node.textAttribute("nearest_mode", "round_prefer_floor")) {
          case "floor" -> "round_prefer_ceil"; // floor(t + 0.5)
          case "round_prefer_floor" -> "ceil"; // ceil(t + 0.5 - 0.5)
          default ->
              throw scope.fault(
                  node,
                  "tf_half_pixel_for_nn with another rounding (expected: floor or"
                      + " round_prefer_floor); export the model with opset 13");
        };
    return List.of(
        NodeChanges.with(
            NodeChanges.with(bare, MODE, Attribute.of("half_pixel")),
            "nearest_mode",
            Attribute.of(rounding)));
  }
}
