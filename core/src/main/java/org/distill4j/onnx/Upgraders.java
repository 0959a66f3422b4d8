package org.distill4j.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;

/**
 * Brings the nodes of a draft from the file's opset to {@link Graph#OPSET}, one version after the
 * other.
 *
 * <p>The table holds each operator and version whose nodes must be spelled differently from then
 * on. The other versions after 7 added element types, or attributes whose default is the old
 * meaning.
 *
 * <p>Intentional: ConvTranspose is not in the table, although opset 11 swapped the sides that get
 * the odd element of padding when {@code output_shape} is given. The runtimes never did; they place
 * it in all versions as version 1 says.
 */
final class Upgraders {
  private static final Map<Integer, Map<String, Upgrader>> TABLE = new HashMap<>();

  static {
    at(9, "BatchNormalization", NormUpgrades::spatialOnly);
    at(10, "Slice", InputUpgrades::sliceBounds);
    at(10, "TopK", InputUpgrades::topCount);
    at(10, "Dropout", InputUpgrades::dropMask);
    at(11, "Clip", InputUpgrades::clipBounds);
    at(11, "Pad", InputUpgrades::pads);
    at(11, "Upsample", ResizeUpgrades::upsample);
    at(11, "Resize", ResizeUpgrades::asymmetric);
    at(11, "Scatter", (node, scope) -> List.of(NodeChanges.as("ScatterElements", node)));
    at(12, "Dropout", InputUpgrades::dropRatio);
    at(13, "Resize", ResizeUpgrades::withoutEmptyInputs);
    for (String op : List.of("Softmax", "LogSoftmax", "Hardmax")) {
      at(13, op, SoftmaxUpgrades::alongOneAxis);
    }
    for (String op : List.of("Squeeze", "ReduceSum")) {
      at(13, op, AxesUpgrades::optionalAxes);
    }
    at(13, "Unsqueeze", AxesUpgrades::requiredAxes);
    at(13, "Split", AxesUpgrades::splitSizes);
    at(14, "BatchNormalization", NormUpgrades::trainingMode);
    at(16, "RoiAlign", InputUpgrades::roiAlignment);
    at(18, "Split", AxesUpgrades::splitCount);
    for (String kind : List.of("L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod")) {
      at(18, "Reduce" + kind, AxesUpgrades::optionalAxes);
    }
    at(18, "ReduceSumSquare", AxesUpgrades::optionalAxes);
    at(20, "DFT", AxesUpgrades::transformAxis);
    at(20, "GridSample", InputUpgrades::gridMode);
    at(21, "GroupNormalization", NormUpgrades::scalePerChannel);
  }

  /** The last of the element types of opset 21: integers of 4 bits. */
  private static final long NEWEST_TYPE = 22;

  /** An attribute that a later opset added, with the value that means what was before. */
  private record Later(int opset, String attribute, Attribute unchanged) {}

  /** {@code round_mode} concerns float8 alone. */
  private static final Map<String, Later> LATER =
      Map.of(
          "QuantizeLinear", new Later(23, "precision", Attribute.of(0)),
          "DequantizeLinear", new Later(23, "output_dtype", Attribute.of(0)),
          "Cast", new Later(24, "round_mode", Attribute.of("up")),
          "CastLike", new Later(24, "round_mode", Attribute.of("up")));

  private Upgraders() {}

  private static void at(int version, String op, Upgrader upgrader) {
    TABLE.computeIfAbsent(version, v -> new HashMap<>()).put(op, upgrader);
  }

  /** Changes the draft; checks its nodes before against their opset and after against 21. */
  static void upgrade(ModelDraft draft) {
    int opset = draft.opset();
    for (Node node : draft.nodes) {
      draft.source.require(
          draft.opsets.containsKey(node.domain()),
          node
              + ": the model imports no opset of domain '"
              + node.domain()
              + "' (expected: an opset import for each domain)");
      if (node.domain().isEmpty()) {
        OperatorVersions.checkBefore(node, opset, draft.source);
      }
    }
    draft.nodes = draft.nodes.stream().map(node -> asBefore(node, opset)).toList();
    Set<String> usedBefore = draft.used();
    for (int version = opset + 1; version <= Graph.OPSET; version++) {
      Map<String, Upgrader> steps = TABLE.getOrDefault(version, Map.of());
      if (draft.nodes.stream().anyMatch(node -> steps.containsKey(node.op()))) {
        step(draft, steps);
      }
    }
    usedBefore.removeAll(draft.used());
    draft.initializers.keySet().removeAll(usedBefore); // such as the empty scales of a Resize
    for (Node node : draft.nodes) {
      if (node.domain().isEmpty()) {
        OperatorVersions.checkAfter(node, draft.source);
        requireKnownType(node, draft.source);
      }
    }
  }

  /** Refuses to make numbers of a type that opset 21 has not. */
  private static void requireKnownType(Node node, ModelSource source) {
    for (String attribute : List.of("to", "dtype", "output_datatype")) {
      long code = node.intAttribute(attribute, NEWEST_TYPE);
      source.require(
          code <= NEWEST_TYPE,
          node + " attribute '" + attribute + "': " + ElementType.unsupported(code));
    }
  }

  /**
   * A node without an attribute that opset 21 has not and that says what was so before; other
   * values are refused as unknown.
   */
  private static Node asBefore(Node node, int opset) {
    Later later = node.domain().isEmpty() ? LATER.get(node.op()) : null;
    return later != null
            && opset >= later.opset
            && later.unchanged.equals(node.attributes().get(later.attribute))
        ? NodeChanges.without(node, later.attribute)
        : node;
  }

  private static void step(ModelDraft draft, Map<String, Upgrader> steps) {
    UpgradeContext scope = new UpgradeContext(draft);
    List<Node> upgraded = new ArrayList<>(draft.nodes.size());
    for (Node node : draft.nodes) {
      Upgrader upgrader = node.domain().isEmpty() ? steps.get(node.op()) : null;
      if (upgrader == null) {
        upgraded.add(node);
      } else {
        upgraded.addAll(upgrader.upgrade(node, scope));
      }
    }
    draft.nodes = upgraded;
  }
}
