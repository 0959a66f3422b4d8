package org.distill4j.passes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Node;
import org.distill4j.graph.OnnxTypeCode;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;

/**
 * Models that take or give numbers of another type than float32, in float32: those that compute in
 * 16 or 64 bits from end to end, and those that take whole numbers of 8 or 16 bits, such as pixels,
 * and make real ones of them first.
 */
final class WideEnds {
  private static final Set<DType> WHOLE =
      Set.of(DType.UINT8, DType.INT8, DType.UINT16, DType.INT16);

  /** What gives the numbers of its first input as they are, of whatever type. */
  private static final Set<String> MOVES =
      Set.of("Flatten", "Identity", "Reshape", "Slice", "Squeeze", "Transpose", "Unsqueeze");

  private WideEnds() {}

  /** The model with ends of float32; the same where they are, or where it needs the others. */
  static Graph of(Graph graph) {
    return realThroughout(takingReal(graph));
  }

  /** With inputs of float32 for those of whole numbers that are made real before they are used. */
  private static Graph takingReal(Graph graph) {
    Map<String, List<Node>> readers = graph.consumers();
    UnaryOperator<Value> real =
        value ->
            WHOLE.contains(value.type()) && isMadeReal(graph, value.name(), readers)
                ? new Value(value.name(), DType.FLOAT32, value.shape())
                : value;
    List<Value> inputs = graph.inputs().stream().map(real).toList();
    if (inputs.equals(graph.inputs())) {
      return graph;
    }
    Graph taking =
        new Graph(
            graph.name(),
            inputs,
            graph.outputs(),
            graph.nodes(),
            graph.initializers(),
            graph.metadata());
    // Whole numbers are those of the files, before anything is done to them.
    return Metadata.preprocessing(taking).isPresent()
        ? taking
        : Metadata.withPreprocessing(taking, Preprocessing.NONE);
  }

  private static boolean isMadeReal(Graph graph, String value, Map<String, List<Node>> readers) {
    boolean isOutput = graph.outputs().stream().anyMatch(o -> o.name().equals(value));
    List<Node> all = readers.getOrDefault(value, List.of());
    return !isOutput
        && !all.isEmpty()
        && all.stream().allMatch(n -> suits(graph, n, value, readers));
  }

  private static boolean suits(
      Graph graph, Node node, String value, Map<String, List<Node>> readers) {
    boolean isOnlyFirst =
        node.domain().isEmpty()
            && node.inputs().lastIndexOf(value) == 0
            && node.outputs().size() == 1;
    boolean toReal =
        node.op().equals("Cast")
            && OnnxTypeCode.type(node.intAttribute("to", 0)).filter(DType::isFloating).isPresent();
    return isOnlyFirst
        && (toReal || (MOVES.contains(node.op()) && isMadeReal(graph, node.output(), readers)));
  }

  private static Graph realThroughout(Graph graph) {
    boolean isOther =
        Stream.concat(graph.inputs().stream(), graph.outputs().stream())
            .anyMatch(value -> isOther(value.type()));
    if (!isOther) {
      return graph;
    }
    Map<String, HostTensor> initializers = new LinkedHashMap<>();
    graph
        .initializers()
        .forEach(
            (name, tensor) ->
                initializers.put(
                    name, isOther(tensor.type()) ? HalfPrecision.single(tensor) : tensor));
    return new Graph(
        graph.name(),
        graph.inputs().stream().map(WideEnds::real).toList(),
        graph.outputs().stream().map(WideEnds::real).toList(),
        graph.nodes().stream().map(n -> HalfPrecision.single(n, WideEnds::isOther)).toList(),
        initializers,
        graph.metadata());
  }

  private static boolean isOther(DType type) {
    return type.isFloating() && type != DType.FLOAT32;
  }

  private static Value real(Value value) {
    return isOther(value.type()) ? new Value(value.name(), DType.FLOAT32, value.shape()) : value;
  }
}
