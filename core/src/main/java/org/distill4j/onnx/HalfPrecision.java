package org.distill4j.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Float16;
import org.distill4j.tensor.HostTensor;

/**
 * Half precision: a model that computes in float16 and still takes and gives float32, of half the
 * bytes, and faster where the processor has such units.
 */
public final class HalfPrecision {
  private static final long FLOAT = 1;
  private static final long FLOAT16 = 10;

  /** Attributes that name an element type, and the types of 16 bits. */
  private static final Set<String> TYPES = Set.of("to", "dtype", "output_dtype");

  private static final Set<Long> HALVES = Set.of(FLOAT16, 16L);

  private HalfPrecision() {}

  /**
   * The model in float16.
   *
   * @throws InputFault if a weight is too large for float16, or the model is already quantized
   */
  public static Graph apply(Graph graph) {
    for (Node node : graph.nodes()) {
      if (node.op().equals("DequantizeLinear") || node.op().equals("QuantizeLinear")) {
        throw new InputFault(
            node + ": is quantized (expected: a model in float32); leave out --float16");
      }
    }
    Set<String> kept = keptAsTheyAre(graph);
    Map<String, HostTensor> initializers = new LinkedHashMap<>();
    graph
        .initializers()
        .forEach(
            (name, tensor) ->
                initializers.put(name, kept.contains(name) ? tensor : half(name, tensor)));
    Map<String, String> renamed = new LinkedHashMap<>();
    List<Node> nodes = new ArrayList<>();
    for (Value input : graph.inputs()) {
      if (input.type() == DType.FLOAT32) {
        renamed.put(input.name(), input.name() + ".float16");
        nodes.add(cast(input.name(), input.name() + ".float16", FLOAT16));
      }
    }
    List<Node> ends = new ArrayList<>();
    for (Value output : graph.outputs()) {
      boolean made = graph.producers().containsKey(output.name());
      if (output.type() == DType.FLOAT32 && made) {
        renamed.put(output.name(), output.name() + ".float16");
        ends.add(cast(output.name() + ".float16", output.name(), FLOAT));
      }
    }
    graph.nodes().forEach(node -> nodes.add(renamed(node, renamed)));
    nodes.addAll(ends);
    return new Graph(
        graph.name(), graph.inputs(), graph.outputs(), nodes, initializers, graph.metadata());
  }

  /**
   * A model that takes or gives numbers of 16 bits, in float32 from end to end; the same if it is
   * none.
   */
  public static Graph widened(Graph graph) {
    boolean isHalf =
        Stream.concat(graph.inputs().stream(), graph.outputs().stream())
            .anyMatch(value -> isHalf(value.type()));
    if (!isHalf) {
      return graph;
    }
    Map<String, HostTensor> initializers = new LinkedHashMap<>();
    graph.initializers().forEach((name, tensor) -> initializers.put(name, widened(tensor)));
    return new Graph(
        graph.name(),
        graph.inputs().stream().map(HalfPrecision::widened).toList(),
        graph.outputs().stream().map(HalfPrecision::widened).toList(),
        graph.nodes().stream().map(HalfPrecision::widened).toList(),
        initializers,
        graph.metadata());
  }

  private static boolean isHalf(DType type) {
    return type == DType.FLOAT16 || type == DType.BFLOAT16;
  }

  private static Value widened(Value value) {
    return isHalf(value.type()) ? new Value(value.name(), DType.FLOAT32, value.shape()) : value;
  }

  private static HostTensor widened(HostTensor tensor) {
    return isHalf(tensor.type()) ? HostTensor.ofFloats(tensor.shape(), tensor.toFloats()) : tensor;
  }

  private static Node widened(Node node) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    node.attributes()
        .forEach(
            (key, value) ->
                attributes.put(key, node.domain().isEmpty() ? widened(key, value) : value));
    return node.withAttributes(attributes);
  }

  /** Constants, and what an operator is told to make. */
  private static Attribute widened(String key, Attribute value) {
    if (value instanceof Attribute.Array array) {
      return Attribute.of(widened(array.value()));
    }
    boolean isType = TYPES.contains(key) && value instanceof Attribute.Int;
    return isType && HALVES.contains(((Attribute.Int) value).value()) ? Attribute.of(FLOAT) : value;
  }

  private static Node cast(String from, String to, long type) {
    return new Node(
        to + ".cast", "", "Cast", List.of(from), List.of(to), Map.of("to", Attribute.of(type)));
  }

  private static Node renamed(Node node, Map<String, String> names) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    node.attributes()
        .forEach(
            (key, value) -> {
              if (value instanceof Attribute.Array array) {
                attributes.put(key, Attribute.of(half(node.name(), array.value())));
              } else if (node.op().equals("Cast")
                  && value instanceof Attribute.Int to
                  && to.value() == FLOAT) {
                attributes.put(key, Attribute.of(FLOAT16));
              } else {
                attributes.put(key, value);
              }
            });
    return new Node(
        node.name(),
        node.domain(),
        node.op(),
        node.inputs().stream().map(i -> names.getOrDefault(i, i)).toList(),
        node.outputs().stream().map(o -> names.getOrDefault(o, o)).toList(),
        attributes);
  }

  /** Scales of a Resize are float32 whatever is resized. */
  private static Set<String> keptAsTheyAre(Graph graph) {
    Set<String> kept = new HashSet<>();
    for (Node node : graph.nodes()) {
      if (node.op().equals("Resize")) {
        kept.add(node.input(2));
      }
    }
    return kept;
  }

  private static HostTensor half(String name, HostTensor tensor) {
    if (tensor.type() != DType.FLOAT32) {
      return tensor;
    }
    float[] values = tensor.toFloats();
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      short half = Float16.fromFloat(value);
      if (Float.isInfinite(Float16.toFloat(half)) && Math.abs(value) < Float.MAX_VALUE) {
        throw new InputFault(
            "'"
                + name
                + "': "
                + value
                + " (expected: at most 65504 in float16); export in float32");
      }
      bytes.putShort(half);
    }
    return HostTensor.of(DType.FLOAT16, tensor.shape(), bytes.flip());
  }
}
