package org.distill4j.passes;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.FreshNames;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.OnnxTypeCode;
import org.distill4j.graph.Value;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.shapes.Shapes;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Float16;
import org.distill4j.tensor.HostTensor;

/**
 * Half precision: a model that computes in float16 and still takes and gives float32, of half the
 * bytes, and faster where the processor has such units.
 *
 * <p>float16 has no number between 0 and 6e-8 and none above 65504. So weights other than 0 stay
 * other than 0, and bounds beyond its range become its last numbers; and nodes that add such a
 * number, multiply or divide by it (an epsilon, a mask) stay in float32 with what reads their
 * results, until the numbers are of usual size again.
 *
 * @param graph in float16
 * @param notes what stays float32 and why, a line for each constant
 */
public record HalfPrecision(Graph graph, List<String> notes) {
  private static final long FLOAT = 1;
  private static final long FLOAT16 = 10;
  private static final double MOST = 65504;

  /** Attributes that name an element type. */
  private static final Set<String> TYPES = Set.of("to", "dtype", "output_dtype", "output_datatype");

  /** Takes a copy. */
  public HalfPrecision {
    notes = List.copyOf(notes);
  }

  /**
   * The model in float16.
   *
   * @throws InputFault if a weight is too large for float16, or the model is already quantized
   */
  public static HalfPrecision of(Graph graph) {
    for (Node node : graph.nodes()) {
      if (node.op().equals("DequantizeLinear") || node.op().equals("QuantizeLinear")) {
        throw new InputFault(
            node + ": is quantized (expected: a model in float32); leave out --float16");
      }
    }
    SinglePrecisionNodes single = SinglePrecisionNodes.of(graph);
    return new HalfPrecision(new Rewrite(graph, single).run(), single.notes());
  }

  /** One model on its way to float16. */
  private static final class Rewrite {
    private final Graph graph;
    private final SinglePrecisionNodes single;
    private final Shapes shapes;
    private final FreshNames names;
    private final Map<String, HostTensor> initializers = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, String> halves = new LinkedHashMap<>();
    private final Map<String, String> singles = new LinkedHashMap<>();
    private final Set<String> ends = new LinkedHashSet<>();

    Rewrite(Graph graph, SinglePrecisionNodes single) {
      this.graph = graph;
      this.single = single;
      this.shapes = ShapeInference.infer(graph);
      this.names = FreshNames.of(graph);
      graph.outputs().forEach(output -> ends.add(output.name()));
    }

    Graph run() {
      for (Value input : graph.inputs()) {
        if (input.type() == DType.FLOAT32) {
          singles.put(input.name(), input.name());
        }
      }
      graph.nodes().forEach(this::add);
      for (Value output : graph.outputs()) {
        if (output.type() == DType.FLOAT32 && graph.producers().containsKey(output.name())) {
          end(output.name());
        } else if (graph.initializers().containsKey(output.name())) {
          initializers.put(output.name(), graph.initializers().get(output.name()));
        }
      }
      return new Graph(
          graph.name(), graph.inputs(), graph.outputs(), nodes, initializers, graph.metadata());
    }

    /** An output of the model is float32 under its own name. */
    private void end(String name) {
      if (!name.equals(singles.get(name))) {
        nodes.add(cast(halves.get(name), name, FLOAT));
      }
    }

    private void add(Node node) {
      boolean stays = single.holds(node);
      List<String> inputs = new ArrayList<>();
      for (int i = 0; i < node.inputs().size(); i++) {
        inputs.add(node.hasInput(i) ? read(node, i, stays) : "");
      }
      List<String> outputs = new ArrayList<>();
      for (String output : node.outputs()) {
        outputs.add(made(output, stays));
      }
      nodes.add(
          new Node(
              node.name(),
              node.domain(),
              node.op(),
              inputs,
              outputs,
              stays ? node.attributes() : attributes(node)));
    }

    private boolean isReal(String value) {
      return !value.isEmpty() && shapes.type(value) == DType.FLOAT32;
    }

    /** The name under which a node reads an input in its own numbers. */
    private String read(Node node, int input, boolean stays) {
      String value = node.input(input);
      HostTensor constant = graph.initializers().get(value);
      boolean keeps = stays || (node.op().equals("Resize") && input > 0);
      if (constant != null) {
        return constant(node, value, constant, keeps);
      }
      if (!isReal(value)) {
        return value;
      }
      Map<String, String> held = keeps ? singles : halves;
      String found = held.get(value);
      if (found == null) {
        Map<String, String> other = keeps ? halves : singles;
        found = names.name(value + (keeps ? ".float32" : ".float16"));
        nodes.add(cast(other.get(value), found, keeps ? FLOAT : FLOAT16));
        held.put(value, found);
      }
      return found;
    }

    /** A constant may be read in both numbers. */
    private String constant(Node node, String value, HostTensor tensor, boolean keeps) {
      boolean whole = tensor.type() != DType.FLOAT32;
      Map<String, String> held = keeps || whole ? singles : halves;
      String found = held.get(value);
      if (found == null) {
        boolean free = !initializers.containsKey(value) && !ends.contains(value);
        found = free ? value : names.name(value + (keeps ? ".float32" : ".float16"));
        initializers.put(found, keeps || whole ? tensor : half(node, value, tensor));
        held.put(value, found);
      }
      return found;
    }

    private String made(String output, boolean stays) {
      if (!isReal(output)) {
        return output;
      }
      String name = ends.contains(output) && !stays ? names.name(output + ".float16") : output;
      (stays ? singles : halves).put(output, name);
      return name;
    }
  }

  /** In float32 from end to end: {@link WideEnds}. */
  public static Graph widened(Graph graph) {
    return WideEnds.of(graph);
  }

  /**
   * A node whose constants are in float32, and that makes float32, where they were, or it did, of
   * other types.
   *
   * @param isOther the other types
   */
  public static Node single(Node node, Predicate<DType> isOther) {
    if (!node.domain().isEmpty()) {
      return node;
    }
    Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
    attributes.replaceAll((key, value) -> single(key, value, isOther));
    return node.withAttributes(attributes);
  }

  private static Attribute single(String key, Attribute value, Predicate<DType> isOther) {
    if (value instanceof Attribute.Array array) {
      return isOther.test(array.value().type()) ? Attribute.of(single(array.value())) : value;
    }
    boolean isType =
        TYPES.contains(key)
            && value instanceof Attribute.Int code
            && OnnxTypeCode.type(code.value()).filter(isOther).isPresent();
    return isType ? Attribute.of(FLOAT) : value;
  }

  /**
   * An array in float32. A number too large for it becomes the largest, one too small the smallest
   * that is not 0.
   */
  public static HostTensor single(HostTensor tensor) {
    double[] values = tensor.toDoubles();
    float[] singles = new float[values.length];
    for (int i = 0; i < singles.length; i++) {
      singles[i] = single(values[i]);
    }
    return HostTensor.ofFloats(tensor.shape(), singles);
  }

  private static float single(double value) {
    float nearest = (float) value;
    if (Float.isInfinite(nearest) && !Double.isInfinite(value)) {
      return Math.copySign(Float.MAX_VALUE, nearest);
    }
    return nearest == 0 && value != 0 ? Math.copySign(Float.MIN_VALUE, nearest) : nearest;
  }

  private static Node cast(String from, String to, long type) {
    return new Node(
        to + ".cast", "", "Cast", List.of(from), List.of(to), Map.of("to", Attribute.of(type)));
  }

  private static Map<String, Attribute> attributes(Node node) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    node.attributes()
        .forEach(
            (key, value) -> {
              boolean isType = TYPES.contains(key);
              if (value instanceof Attribute.Array array && array.value().type() == DType.FLOAT32) {
                attributes.put(key, Attribute.of(half(node, node.name(), array.value())));
              } else if (isType && value instanceof Attribute.Int to && to.value() == FLOAT) {
                attributes.put(key, Attribute.of(FLOAT16));
              } else {
                attributes.put(key, value);
              }
            });
    return attributes;
  }

  private static HostTensor half(Node node, String name, HostTensor tensor) {
    float[] values = tensor.toFloats();
    boolean bounds = SinglePrecisionNodes.compares(node);
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      short half = Float16.fromFloat(value);
      boolean tooLarge = Float.isInfinite(Float16.toFloat(half)) && !Float.isInfinite(value);
      if (tooLarge && !bounds) {
        throw new InputFault(
            "'"
                + name
                + "' of "
                + node
                + ": "
                + value
                + " (expected: at most 65504 in float16); export in float32");
      }
      if (tooLarge) {
        half = Float16.fromFloat((float) Math.copySign(MOST, value));
      } else if (value != 0 && Float16.toFloat(half) == 0) {
        half = (short) (value < 0 ? 0x8001 : 1); // the least number other than 0
      }
      bytes.putShort(half);
    }
    return HostTensor.of(DType.FLOAT16, tensor.shape(), bytes.flip());
  }
}
