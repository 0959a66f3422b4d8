package org.distill4j.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Node;
import org.distill4j.tensor.HostTensor;

/** Other settings that were attributes and became inputs, and defaults that changed. */
final class InputUpgrades {
  /** The defaults of Clip's bounds before 11; the default of an omitted input is the same. */
  private static final float NO_BOUND = Float.MAX_VALUE;

  private InputUpgrades() {}

  /** Starts, ends and axes become inputs. */
  static List<Node> sliceBounds(Node node, UpgradeContext scope) {
    List<String> inputs = new ArrayList<>(List.of(node.input(0)));
    for (String key : List.of("starts", "ends")) {
      long[] bounds =
          node.optionalInts(key)
              .orElseThrow(
                  () -> scope.fault(node, "attribute '" + key + "' is missing (expected: bounds)"));
      inputs.add(scope.longs(node, key, bounds));
    }
    node.optionalInts("axes").ifPresent(axes -> inputs.add(scope.longs(node, "axes", axes)));
    return List.of(NodeChanges.without(node, "starts", "ends", "axes").withInputs(inputs));
  }

  /** How many to keep becomes an input. */
  static List<Node> topCount(Node node, UpgradeContext scope) {
    long k =
        node.optionalInt("k")
            .orElseThrow(() -> scope.fault(node, "attribute 'k' is missing (expected: a count)"));
    return List.of(
        NodeChanges.withInput(NodeChanges.without(node, "k"), scope.longs(node, "k", k)));
  }

  /** The mask, of the data's type before 10 and a boolean since, is dropped if nobody uses it. */
  static List<Node> dropMask(Node node, UpgradeContext scope) {
    if (node.outputs().size() > 1 && scope.isUsed(node.outputs().get(1))) {
      throw scope.fault(
          node,
          "its mask '"
              + node.outputs().get(1)
              + "' is used (expected: only its first output); export the model with opset 10");
    }
    return List.of(NodeChanges.withOutputs(node, List.of(node.output())));
  }

  /** The ratio becomes an input; without the input for training the data passes, as before. */
  static List<Node> dropRatio(Node node, UpgradeContext scope) {
    HostTensor ratio = HostTensor.scalar(node.floatAttribute("ratio", .5f));
    return List.of(
        NodeChanges.withInput(
            NodeChanges.without(node, "ratio"), scope.constant(node, "ratio", ratio)));
  }

  /** The bounds become inputs of the data's type. */
  static List<Node> clipBounds(Node node, UpgradeContext scope) {
    List<Node> nodes = new ArrayList<>();
    float min = node.floatAttribute("min", -NO_BOUND);
    float max = node.floatAttribute("max", NO_BOUND);
    String x = node.input(0);
    String low = min == -NO_BOUND ? "" : scope.scalarLike(x, node, "min", min, nodes);
    String high = max == NO_BOUND ? "" : scope.scalarLike(x, node, "max", max, nodes);
    List<String> inputs =
        !high.isEmpty() ? List.of(x, low, high) : low.isEmpty() ? List.of(x) : List.of(x, low);
    nodes.add(NodeChanges.without(node, "min", "max").withInputs(inputs));
    return nodes;
  }

  /** How much and with what to pad become inputs. */
  static List<Node> pads(Node node, UpgradeContext scope) {
    long[] pads =
        node.optionalInts("pads")
            .orElseThrow(() -> scope.fault(node, "attribute 'pads' is missing (expected: pads)"));
    List<Node> nodes = new ArrayList<>();
    List<String> inputs = new ArrayList<>(List.of(node.input(0), scope.longs(node, "pads", pads)));
    float value = node.floatAttribute("value", 0);
    if (value != 0) {
      inputs.add(scope.scalarLike(node.input(0), node, "value", value, nodes));
    }
    nodes.add(NodeChanges.without(node, "pads", "value").withInputs(inputs));
    return nodes;
  }

  /** Before 16 there was no shift by half a pixel, which is then the default. */
  static List<Node> roiAlignment(Node node, UpgradeContext scope) {
    return List.of(
        NodeChanges.with(
            node, "coordinate_transformation_mode", Attribute.of("output_half_pixel")));
  }

  /** The modes lost their prefix when more than two spatial axes came. */
  static List<Node> gridMode(Node node, UpgradeContext scope) {
    Map<String, String> renamed = Map.of("bilinear", "linear", "bicubic", "cubic");
    String mode = node.textAttribute("mode", "bilinear");
    return List.of(NodeChanges.with(node, "mode", Attribute.of(renamed.getOrDefault(mode, mode))));
  }
}
