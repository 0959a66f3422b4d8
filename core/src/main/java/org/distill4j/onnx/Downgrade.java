package org.distill4j.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.shapes.Shapes;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Spells a graph in the words of an older opset: what became inputs goes back to attributes, and an
 * operator, an axis or a setting that the opset has not is named.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/docs/Changelog.md">ONNX's changelog</a>
 */
final class Downgrade {
  /** When Reshape got allowzero and BatchNormalization training_mode. */
  private static final int FLAGS = 14;

  private static final int AXES_AS_INPUT_OF_SOME = 13;
  private static final int AXES_AS_INPUT_OF_ALL = 18;
  private static final int SOFTMAX_OF_ONE_AXIS = 13;
  private static final int BOUNDS_AS_INPUT = 11;
  private static final int SLICE_AS_INPUT = 10;
  private static final int RATIO_AS_INPUT = 12;
  private static final int OPTIONAL_C = 11;

  /** When Max, Mean, Min and Sum began to broadcast. */
  private static final int BROADCAST = 8;

  private final Graph graph;
  private final int opset;
  private final Shapes shapes;
  private final Map<String, HostTensor> initializers;
  private final List<String> faults = new ArrayList<>();

  private Downgrade(Graph graph, int opset) {
    this.graph = graph;
    this.opset = opset;
    this.shapes = ShapeInference.infer(graph);
    this.initializers = new LinkedHashMap<>(graph.initializers());
  }

  /**
   * The graph with the nodes of an older opset; only for writing.
   *
   * @throws InputFault naming every node that the opset cannot say
   */
  static Graph apply(Graph graph, int opset) {
    return opset == Graph.OPSET ? graph : new Downgrade(graph, opset).run();
  }

  private Graph run() {
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      nodes.add(node.domain().isEmpty() ? spelled(node) : node);
    }
    if (!faults.isEmpty()) {
      throw new InputFault(faults);
    }
    return new Graph(
        graph.name(), graph.inputs(), graph.outputs(), nodes, initializers, graph.metadata());
  }

  private Node spelled(Node given) {
    int since = OperatorIntroductions.since(given);
    if (opset < since) {
      fault(given, "came with opset " + since);
      return given;
    }
    Node node = withoutLate(given);
    return switch (node.op()) {
      case "Squeeze", "Unsqueeze", "ReduceSum" ->
          opset < AXES_AS_INPUT_OF_SOME ? attribute(node, 1, "axes") : node;
      case "ReduceMean",
          "ReduceMax",
          "ReduceMin",
          "ReduceProd",
          "ReduceL1",
          "ReduceL2",
          "ReduceLogSum",
          "ReduceLogSumExp",
          "ReduceSumSquare" ->
          opset < AXES_AS_INPUT_OF_ALL ? attribute(node, 1, "axes") : node;
      case "Split" -> opset < AXES_AS_INPUT_OF_SOME ? split(node) : withoutCount(node);
      case "Softmax", "LogSoftmax" -> opset < SOFTMAX_OF_ONE_AXIS ? softmax(node) : node;
      case "Clip" -> opset < BOUNDS_AS_INPUT ? clip(node) : node;
      case "Pad" -> pad(node);
      case "TopK" -> opset < SLICE_AS_INPUT ? topK(node) : node;
      case "Max", "Mean", "Min", "Sum" -> opset < BROADCAST ? ofOneShape(node) : node;
      case "Slice" -> opset < SLICE_AS_INPUT ? slice(node) : node;
      case "Dropout" -> opset < RATIO_AS_INPUT ? dropout(node) : node;
      case "Gemm" -> opset < OPTIONAL_C ? gemm(node) : node;
      case "Reshape" -> opset < FLAGS ? reshape(node) : node;
      case "Concat", "Flatten", "Gather", "ArgMax" -> opset < OPTIONAL_C ? positive(node) : node;
      case "QuantizeLinear", "DequantizeLinear" -> quantize(node);
      case "BatchNormalization" -> opset < FLAGS ? without(node, "training_mode") : node;
      default -> node;
    };
  }

  /** Attributes that the opset has not go if they say what leaving them out means. */
  private Node withoutLate(Node node) {
    Map<String, Attribute> rest = new LinkedHashMap<>(node.attributes());
    for (OperatorIntroductions.Late late : OperatorIntroductions.of(node, opset)) {
      if (!OperatorIntroductions.isSpare(node, late)) {
        fault(node, "has " + late.key() + ", which came with opset " + late.since());
      }
      rest.remove(late.key());
    }
    return node.withAttributes(rest);
  }

  private Node topK(Node node) {
    Optional<long[]> k = integers(node, 1);
    if (k.isEmpty()) {
      fault(node, "computes its k");
      return node;
    }
    return with(node, "k", Attribute.of(k.get()[0])).withInputs(List.of(node.input(0)));
  }

  private Node ofOneShape(Node node) {
    if (node.inputs().stream().map(shapes::shape).distinct().count() > 1) {
      fault(node, "broadcasts");
    }
    return node;
  }

  private void fault(Node node, String what) {
    faults.add(node + ": " + what + " (expected: opset " + opset + "); give a newer --opset");
  }

  private Node without(Node node, String key) {
    if (node.intAttribute(key, 0) != 0) {
      fault(node, "has " + key);
    }
    Map<String, Attribute> rest = new LinkedHashMap<>(node.attributes());
    rest.remove(key);
    return node.withAttributes(rest);
  }

  /** Where no extent is asked to be 0, it does not matter what a 0 means. */
  private Node reshape(Node node) {
    boolean asksForNone =
        integers(node, 1).filter(t -> LongStream.of(t).noneMatch(n -> n == 0)).isPresent();
    Map<String, Attribute> rest = new LinkedHashMap<>(node.attributes());
    if (asksForNone) {
      rest.remove("allowzero");
    }
    return without(node.withAttributes(rest), "allowzero");
  }

  /** Moves a constant input of integers to an attribute; later inputs must be absent. */
  private Node attribute(Node node, int input, String key) {
    Optional<long[]> values = integers(node, input);
    if (node.hasInput(input) && values.isEmpty()) {
      fault(node, "computes its " + key);
    }
    Node cut = node.withInputs(node.inputs().subList(0, Math.min(input, node.inputs().size())));
    Node plain = without(cut, "noop_with_empty_axes");
    return values.map(v -> with(plain, key, Attribute.ofInts(axes(node, v)))).orElse(plain);
  }

  private long[] axes(Node node, long[] given) {
    int rank = shapes.shape(node.output()).rank();
    boolean made = node.op().equals("Unsqueeze");
    int of = made ? rank : shapes.shape(node.input(0)).rank();
    long[] axes = given.clone();
    for (int i = 0; i < axes.length; i++) {
      axes[i] = axes[i] < 0 ? axes[i] + of : axes[i];
    }
    return axes;
  }

  private Optional<long[]> integers(Node node, int input) {
    return node.hasInput(input) ? shapes.integers(node.input(input)) : Optional.empty();
  }

  private static Node with(Node node, String key, Attribute value) {
    Map<String, Attribute> all = new LinkedHashMap<>(node.attributes());
    all.put(key, value);
    return node.withAttributes(all);
  }

  /** Lengths as an attribute; where the node gives a number of outputs, equal lengths. */
  private Node split(Node node) {
    long axis = node.intAttribute("axis", 0);
    List<Long> lengths = new ArrayList<>();
    for (String output : node.outputs()) {
      Shape shape = shapes.shape(output);
      lengths.add(shape.size((int) (axis < 0 ? axis + shape.rank() : axis)));
    }
    Node cut = positive(withoutCount(node)).withInputs(List.of(node.input(0)));
    long[] all = lengths.stream().mapToLong(l -> l).toArray();
    return with(cut, "split", Attribute.ofInts(all));
  }

  private Node withoutCount(Node node) {
    Map<String, Attribute> rest = new LinkedHashMap<>(node.attributes());
    if (opset < AXES_AS_INPUT_OF_ALL) {
      rest.remove("num_outputs");
    }
    return node.withAttributes(rest);
  }

  /** Before opset 13 all axes from the given one on were one; the last axis means the same. */
  private Node softmax(Node node) {
    int rank = shapes.shape(node.input(0)).rank();
    long axis = node.intAttribute("axis", -1);
    long from0 = axis < 0 ? axis + rank : axis;
    if (from0 != rank - 1) {
      fault(node, "runs over axis " + axis + " of " + rank);
    }
    return with(node, "axis", Attribute.of(from0));
  }

  private Node positive(Node node) {
    long axis = node.intAttribute("axis", node.op().equals("Flatten") ? 1 : 0);
    int rank = shapes.shape(node.input(0)).rank();
    return with(node, "axis", Attribute.of(axis < 0 ? axis + rank : axis));
  }

  private Node clip(Node node) {
    Node bare = node.withInputs(List.of(node.input(0)));
    for (int i = 1; i < 3; i++) {
      if (node.hasInput(i)) {
        Optional<HostTensor> bound = graph.constant(node.input(i));
        if (bound.isEmpty()) {
          fault(node, "computes its bounds");
        } else {
          float value = bound.get().toFloats()[0];
          bare = with(bare, i == 1 ? "min" : "max", Attribute.of(value));
        }
      }
    }
    return bare;
  }

  private Node pad(Node node) {
    if (opset < AXES_AS_INPUT_OF_ALL && node.hasInput(3)) {
      fault(node, "has axes");
    }
    if (opset >= BOUNDS_AS_INPUT) {
      return node;
    }
    Node bare = attribute(node, 1, "pads");
    Optional<HostTensor> value =
        node.hasInput(2) ? graph.constant(node.input(2)) : Optional.empty();
    Optional<long[]> pads = integers(node, 1); // not axes: negative ones cut
    Node exact = pads.map(p -> with(bare, "pads", Attribute.ofInts(p))).orElse(bare);
    return value.map(v -> with(exact, "value", Attribute.of(v.toFloats()[0]))).orElse(exact);
  }

  private Node slice(Node node) {
    Optional<long[]> steps = integers(node, 4);
    if (steps.isPresent()) {
      for (long step : steps.get()) {
        if (step != 1) {
          fault(node, "has steps");
        }
      }
    }
    Node bare = node.withInputs(List.of(node.input(0)));
    String[] keys = {"", "starts", "ends", "axes"};
    for (int i = 1; i < keys.length; i++) {
      Optional<long[]> values = integers(node, i);
      if (node.hasInput(i) && values.isEmpty()) {
        fault(node, "computes its " + keys[i]);
      } else if (values.isPresent()) {
        long[] v = i == 3 ? axes(node, values.get()) : values.get();
        bare = with(bare, keys[i], Attribute.ofInts(v));
      }
    }
    return bare;
  }

  private Node dropout(Node node) {
    Optional<HostTensor> ratio =
        node.hasInput(1) ? graph.constant(node.input(1)) : Optional.empty();
    Map<String, Attribute> rest = new LinkedHashMap<>(node.attributes());
    rest.remove("seed");
    rest.put("ratio", Attribute.of(ratio.map(r -> r.toFloats()[0]).orElse(0.5f)));
    return node.withInputs(List.of(node.input(0))).withAttributes(rest);
  }

  private Node gemm(Node node) {
    if (node.hasInput(2)) {
      return node;
    }
    String zero = node.output() + ".zero";
    initializers.put(zero, HostTensor.ofFloats(Shape.of(1), 0));
    return node.withInputs(List.of(node.input(0), node.input(1), zero));
  }

  private Node quantize(Node node) {
    Shape scale = shapes.shape(node.input(1));
    boolean perChannel = scale.isRanked() && scale.rank() == 1 && scale.dim(0).size() > 1;
    if (perChannel && opset < AXES_AS_INPUT_OF_SOME) {
      fault(node, "has a scale per channel");
    }
    Map<String, Attribute> rest = new LinkedHashMap<>(node.attributes());
    if (opset < Graph.OPSET) {
      for (String key : List.of("block_size", "output_dtype")) {
        if (node.intAttribute(key, 0) != 0) {
          fault(node, "has " + key);
        }
        rest.remove(key);
      }
    }
    if (opset < AXES_AS_INPUT_OF_SOME) {
      rest.remove("axis");
    }
    return node.withAttributes(rest);
  }
}
