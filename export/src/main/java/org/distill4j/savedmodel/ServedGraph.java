package org.distill4j.savedmodel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/**
 * What the nodes and functions of a SavedModel tell of one signature: which operator ends it, and
 * whether it keeps something for the next call.
 */
final class ServedGraph {
  /** What moves, casts or passes on what another operator gave. */
  private static final Set<String> PASSING =
      Set.of(
          "Cast",
          "EnsureShape",
          "ExpandDims",
          "Identity",
          "PreventGradient",
          "Reshape",
          "Snapshot",
          "Squeeze",
          "StopGradient",
          "Transpose");

  private static final Set<String> CALLS = Set.of("PartitionedCall", "StatefulPartitionedCall");

  /** How operators are called that write to something which outlives the call. */
  private static final List<String> WRITING =
      List.of(
          "Assign",
          "CountUpTo",
          "LookupTableInsert",
          "QueueEnqueue",
          "ResourceApply",
          "ResourceCountUpTo",
          "ResourceScatter",
          "ResourceStridedSliceAssign",
          "ScatterAdd",
          "ScatterDiv",
          "ScatterMax",
          "ScatterMin",
          "ScatterMul",
          "ScatterNdAdd",
          "ScatterNdSub",
          "ScatterNdUpdate",
          "ScatterSub",
          "ScatterUpdate",
          "StackPush");

  private static final int DEEPEST = 1000; // a damaged file may go round in a circle

  private final Map<String, FunctionDef> functions = new HashMap<>();
  private final Map<String, NodeDef> main;

  ServedGraph(MetaGraphDef meta) {
    meta.getGraphDef()
        .getLibrary()
        .getFunctionList()
        .forEach(f -> functions.put(f.getSignature().getName(), f));
    main = byName(meta.getGraphDef().getNodeList());
  }

  private static Map<String, NodeDef> byName(List<NodeDef> nodes) {
    Map<String, NodeDef> named = new HashMap<>();
    nodes.forEach(node -> named.put(node.getName(), node));
    return named;
  }

  /**
   * The operator that a value comes from, as ONNX calls it: {@code Softmax}, {@code LogSoftmax},
   * {@code Sigmoid} or {@code Gemm}; empty for any other.
   *
   * @param tensor such as {@code StatefulPartitionedCall:0}
   */
  Optional<String> end(String tensor) {
    Map<String, NodeDef> scope = main;
    String reference = tensor;
    for (int steps = 0; steps < DEEPEST; steps++) {
      NodeDef node = scope.get(name(reference));
      if (node == null) {
        return Optional.empty();
      }
      FunctionDef called = CALLS.contains(node.getOp()) ? called(node) : null;
      if (called != null) {
        reference = returned(called, index(reference));
        scope = byName(called.getNodeDefList());
      } else if (node.getOp().equals("IdentityN")) {
        reference = input(node, index(reference));
      } else if (PASSING.contains(node.getOp())) {
        reference = input(node, 0);
      } else {
        return named(node.getOp());
      }
    }
    return Optional.empty();
  }

  /** Nothing where a damaged node has not so many. */
  private static String input(NodeDef node, int index) {
    return index < node.getInputCount() ? node.getInput(index) : "";
  }

  private FunctionDef called(NodeDef call) {
    return functions.get(
        call.getAttrOrDefault("f", AttrValue.getDefaultInstance()).getFunc().getName());
  }

  private static String returned(FunctionDef function, int index) {
    List<OpDef.ArgDef> made = function.getSignature().getOutputArgList();
    return index < made.size() ? function.getRetOrDefault(made.get(index).getName(), "") : "";
  }

  /** Of {@code node}, {@code node:1} or, within a function, {@code node:output:1}. */
  private static String name(String reference) {
    return reference.split(":", 2)[0];
  }

  private static int index(String reference) {
    String last = reference.substring(reference.lastIndexOf(':') + 1);
    return last.matches("[0-9]{1,6}") ? Integer.parseInt(last) : 0;
  }

  private static Optional<String> named(String op) {
    return switch (op) {
      case "Softmax", "LogSoftmax", "Sigmoid" -> Optional.of(op);
      case "MatMul", "BiasAdd" -> Optional.of("Gemm");
      default -> Optional.empty();
    };
  }

  /** Whether anything that these values need writes to what outlives the call. */
  boolean remembers(List<String> tensors) {
    Deque<NodeDef> ahead = new ArrayDeque<>(needed(tensors));
    Set<String> entered = new HashSet<>();
    while (!ahead.isEmpty()) {
      NodeDef node = ahead.remove();
      if (WRITING.stream().anyMatch(node.getOp()::startsWith)) {
        return true;
      }
      for (AttrValue value : node.getAttrMap().values()) {
        enter(value.getFunc().getName(), entered, ahead);
        value.getList().getFuncList().forEach(f -> enter(f.getName(), entered, ahead));
      }
    }
    return false;
  }

  /** The nodes of the main graph that some values come from. */
  private List<NodeDef> needed(List<String> tensors) {
    Deque<String> ahead = new ArrayDeque<>(tensors);
    Map<String, NodeDef> seen = new LinkedHashMap<>();
    while (!ahead.isEmpty()) {
      String name = name(ahead.remove().replace("^", ""));
      NodeDef node = main.get(name);
      if (node != null && seen.putIfAbsent(name, node) == null) {
        ahead.addAll(node.getInputList());
      }
    }
    return List.copyOf(seen.values());
  }

  /** A function does all that stands in it, whatever it gives back. */
  private void enter(String name, Set<String> entered, Deque<NodeDef> ahead) {
    FunctionDef function = functions.get(name);
    if (function != null && entered.add(name)) {
      ahead.addAll(function.getNodeDefList());
    }
  }
}
