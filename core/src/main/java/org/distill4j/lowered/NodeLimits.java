package org.distill4j.lowered;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Node;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.DType;

/**
 * What a node may ask for if it is to be lowered: settings that no rule reads must say what leaving
 * them out means, and numbers must be of a type that the operator is written for.
 */
final class NodeLimits {
  /** Settings that no rule reads, with the only value that the rules mean. */
  private static final Map<String, Map<String, Object>> UNREAD =
      Map.of(
          "ArgMax", Map.of("select_last_index", 0L),
          "BatchNormalization", Map.of("training_mode", 0L),
          "LayerNormalization", Map.of("stash_type", 1L),
          "Resize",
              Map.of(
                  "antialias", 0L, "exclude_outside", 0L, "keep_aspect_ratio_policy", "stretch"));

  /** What moves numbers of any type. */
  private static final Set<String> MOVES =
      Set.of(
          "Cast",
          "Concat",
          "Flatten",
          "Gather",
          "Identity",
          "Reshape",
          "Slice",
          "Split",
          "Squeeze",
          "Transpose",
          "Unsqueeze");

  /** What computes with whole numbers and doubles too. */
  private static final Set<String> COUNTS =
      Set.of(
          "Abs",
          "Add",
          "Clip",
          "Div",
          "Max",
          "Min",
          "Mul",
          "Neg",
          "ReduceMax",
          "ReduceMin",
          "ReduceSum",
          "Sub");

  private static final Set<DType> NUMBERS =
      Set.of(DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64);

  private NodeLimits() {}

  /**
   * Refuses a node that asks for something else.
   *
   * @throws InputFault with a line for each thing that it asks for
   */
  static void require(NodeSite site) {
    List<String> faults = new ArrayList<>();
    Node node = site.node();
    UNREAD
        .getOrDefault(node.op(), Map.of())
        .forEach(
            (key, usual) ->
                said(node, key)
                    .filter(value -> !value.equals(usual))
                    .ifPresent(
                        value ->
                            faults.add(
                                node
                                    + ": "
                                    + key
                                    + " = "
                                    + value
                                    + " (expected: "
                                    + usual
                                    + ")"
                                    + advice(key))));
    if (node.op().equals("Dropout") && site.has(2)) {
      boolean off =
          site.known().constant(node.input(2)).filter(t -> t.bytes().get(0) == 0).isPresent();
      if (!off) {
        faults.add(node + ": training_mode (expected: false); export the model for inference");
      }
    }
    type(site).ifPresent(faults::add);
    if (!faults.isEmpty()) {
      throw new InputFault(faults);
    }
  }

  private static String advice(String key) {
    return key.equals("training_mode")
        ? "; export the model for inference"
        : "; no form but onnx can say it";
  }

  private static Optional<Object> said(Node node, String key) {
    Attribute attribute = node.attributes().get(key);
    if (attribute instanceof Attribute.Int number) {
      return Optional.of(number.value());
    }
    return attribute instanceof Attribute.Text text ? Optional.of(text.value()) : Optional.empty();
  }

  private static Optional<String> type(NodeSite site) {
    Node node = site.node();
    DType made = site.outType();
    if (made == DType.FLOAT16 || made == DType.BFLOAT16) {
      return Optional.of(
          node + ": makes " + made + " (expected: FLOAT32); export the model in single precision");
    }
    DType taken = node.hasInput(0) ? site.known().type(node.input(0)) : made;
    if (MOVES.contains(node.op()) || taken == DType.FLOAT32) {
      return Optional.empty();
    }
    boolean suits = COUNTS.contains(node.op()) && NUMBERS.contains(taken);
    return suits
        ? Optional.empty()
        : Optional.of(node + ": takes " + taken + " (expected: FLOAT32); cast it in the model");
  }
}
