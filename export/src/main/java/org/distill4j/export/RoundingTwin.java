package org.distill4j.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.distill4j.format.Bits;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.FreshNames;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.shapes.Shapes;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * A model's twin, which differs from it in what it rounds: how far the answers of both are apart
 * says what rounding can bring. Made from the ONNX nodes themselves, beside the lowering that the
 * forms are written from.
 */
final class RoundingTwin {
  private static final double MOST = 127;
  private static final double LEAST_SCALE = 1e-30;
  private static final int STORED = 64; // smaller arrays stay whole in TF.js
  private static final Set<String> WEIGHTED = Set.of("Conv", "Gemm", "MatMul");

  /** What makes real numbers of real ones, so that all of them are rounded. */
  private static final Set<String> COMPUTING =
      Set.of(
          "Add",
          "BatchNormalization",
          "Conv",
          "ConvTranspose",
          "Div",
          "Einsum",
          "GRU",
          "Gather",
          "Gemm",
          "GroupNormalization",
          "InstanceNormalization",
          "LSTM",
          "LayerNormalization",
          "MatMul",
          "Mul",
          "PRelu",
          "RNN",
          "Sub");

  private final Graph model;
  private final FreshNames names;
  private final Map<String, HostTensor> initializers;
  private final List<Node> nodes = new ArrayList<>();

  private RoundingTwin(Graph model) {
    this.model = model;
    this.names = FreshNames.of(model);
    this.initializers = new LinkedHashMap<>(model.initializers());
  }

  static boolean isRounded(Graph model) {
    return model.nodes().stream().anyMatch(n -> n.op().equals("QuantizeLinear"));
  }

  private Graph graph() {
    return new Graph(
        model.name(), model.inputs(), model.outputs(), nodes, initializers, model.metadata());
  }

  /**
   * The model that cuts off where its QuantizeLinear nodes do, and does not round; pairs whose
   * numbers are computed stay.
   */
  static Graph unrounded(Graph model) {
    RoundingTwin twin = new RoundingTwin(model);
    Shapes shapes = ShapeInference.infer(model);
    Map<String, Node> cut = new HashMap<>();
    for (Node node : model.nodes()) {
      Optional<float[][]> bounds =
          node.op().equals("QuantizeLinear")
              ? twin.bounds(node, shapes.type(node.output()))
              : Optional.empty();
      Node before = node.op().equals("DequantizeLinear") ? cut.get(node.input(0)) : null;
      if (bounds.isPresent()) {
        Shape shape = twin.boundShape(node, shapes, bounds.get()[0].length);
        String low = twin.constant(node, "low", HostTensor.ofFloats(shape, bounds.get()[0]));
        String high = twin.constant(node, "high", HostTensor.ofFloats(shape, bounds.get()[1]));
        String above = twin.add("Max", Map.of(), node.input(0), low);
        cut.put(node.output(), Node.of("Min", List.of(above, high), List.of(""), Map.of()));
        twin.nodes.add(node);
      } else if (before != null) {
        twin.nodes.add(Node.of("Min", before.inputs(), node.outputs(), Map.of()));
      } else {
        twin.nodes.add(node);
      }
    }
    return twin.graph();
  }

  private Shape boundShape(Node quantize, Shapes shapes, int scales) {
    if (scales == 1) {
      return Shape.SCALAR;
    }
    int rank = shapes.shape(quantize.input(0)).rank();
    long[] sizes = new long[rank];
    Arrays.fill(sizes, 1);
    sizes[Math.floorMod((int) quantize.intAttribute("axis", 1), rank)] = scales;
    return Shape.of(sizes);
  }

  /** The least and the largest real number of each scale; empty if they are not known. */
  private Optional<float[][]> bounds(Node quantize, DType type) {
    Optional<HostTensor> scale = model.constant(quantize.input(1));
    Optional<HostTensor> zero =
        quantize.hasInput(2) ? model.constant(quantize.input(2)) : Optional.empty();
    boolean said =
        scale.isPresent()
            && zero.isPresent() == quantize.hasInput(2)
            && quantize.intAttribute("block_size", 0) == 0;
    if (!said) {
      return Optional.empty();
    }
    int span = type.bytes() == 1 ? 0xff : 0xffff;
    boolean signed = type == DType.INT8 || type == DType.INT16;
    int least = signed ? -(span + 1) / 2 : 0;
    float[] scales = scale.get().toFloats();
    long[] zeros = zero.map(HostTensor::toLongs).orElse(new long[scales.length]);
    float[][] bounds = new float[2][scales.length];
    for (int i = 0; i < scales.length; i++) {
      bounds[0][i] = (least - zeros[i]) * scales[i];
      bounds[1][i] = (least + span - zeros[i]) * scales[i];
    }
    return Optional.of(bounds);
  }

  /**
   * The model with the weights of its layers in 8 bits, and what each layer takes in as many, of
   * the range it has in that example.
   */
  static Graph dynamic(Graph model) {
    RoundingTwin twin = new RoundingTwin(model);
    for (Node node : model.nodes()) {
      if (!WEIGHTED.contains(node.op()) || !twin.isReal(node.input(1))) {
        twin.nodes.add(node);
        continue;
      }
      List<String> inputs = new ArrayList<>(node.inputs());
      inputs.set(0, twin.rounded(node.input(0)));
      HostTensor weights = model.initializers().get(node.input(1));
      if (weights != null) {
        boolean perChannel = node.op().equals("Conv");
        inputs.set(1, twin.constant(node, "weights", rounded(weights, perChannel)));
      }
      twin.nodes.add(node.withInputs(inputs));
    }
    return twin.graph();
  }

  /** Whether an array may be weights; those behind a DequantizeLinear are rounded already. */
  private boolean isReal(String value) {
    HostTensor constant = model.initializers().get(value);
    return constant == null
        ? model.producers().containsKey(value)
        : constant.type() == DType.FLOAT32;
  }

  /** {@code round(x / s) s} with {@code s = largest |x| / 127}. */
  private String rounded(String x) {
    String size = add("Abs", Map.of(), x);
    String most = add("ReduceMax", Map.of("keepdims", Attribute.of(0)), size);
    String share = add("Mul", Map.of(), most, number(1 / MOST));
    String scale = add("Max", Map.of(), share, number(LEAST_SCALE));
    String whole = add("Round", Map.of(), add("Div", Map.of(), x, scale));
    return add("Mul", Map.of(), whole, scale);
  }

  private static HostTensor rounded(HostTensor weights, boolean perChannel) {
    float[] values = weights.toFloats();
    int channels = perChannel ? (int) weights.shape().size(0) : 1;
    int each = values.length / channels;
    for (int c = 0; c < channels; c++) {
      double most = 0;
      for (int i = c * each; i < (c + 1) * each; i++) {
        most = Math.max(most, Math.abs(values[i]));
      }
      for (int i = c * each; i < (c + 1) * each && most > 0; i++) {
        values[i] = (float) (Math.rint(values[i] * MOST / most) * most / MOST);
      }
    }
    return HostTensor.ofFloats(weights.shape(), values);
  }

  /** The model with its weights as a form stores them in fewer bits. */
  static Graph stored(Graph model, Bits bits) {
    RoundingTwin twin = new RoundingTwin(model);
    double steps = Math.scalb(1.0, bits.count()) - 1;
    model
        .initializers()
        .forEach(
            (name, tensor) -> {
              if (tensor.type() == DType.FLOAT32 && tensor.elements() >= STORED) {
                twin.initializers.put(name, stored(tensor, steps));
              }
            });
    twin.nodes.addAll(model.nodes());
    return twin.graph();
  }

  private static HostTensor stored(HostTensor tensor, double steps) {
    float[] values = tensor.toFloats();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (float value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    double scale = (high - low) / steps;
    for (int i = 0; i < values.length && scale > 0; i++) {
      values[i] = (float) (low + Math.rint((values[i] - low) / scale) * scale);
    }
    return HostTensor.ofFloats(tensor.shape(), values);
  }

  /** The model with each weight off by a share of itself, up or down. */
  static Graph shaken(Graph model, double share) {
    RoundingTwin twin = new RoundingTwin(model);
    Map<String, List<Node>> readers = model.consumers();
    SplittableRandom random = new SplittableRandom(5);
    model
        .initializers()
        .forEach(
            (name, tensor) -> {
              boolean isWeight =
                  readers.getOrDefault(name, List.of()).stream()
                      .allMatch(reader -> COMPUTING.contains(reader.op()));
              if (tensor.type() == DType.FLOAT32 && isWeight) {
                twin.initializers.put(name, shaken(tensor, share, random));
              }
            });
    twin.nodes.addAll(model.nodes());
    return twin.graph();
  }

  private static HostTensor shaken(HostTensor tensor, double share, SplittableRandom random) {
    float[] values = tensor.toFloats();
    for (int i = 0; i < values.length; i++) {
      float moved = (float) (values[i] * (1 + (random.nextBoolean() ? share : -share)));
      values[i] = Float.isInfinite(moved) ? values[i] : moved;
    }
    return HostTensor.ofFloats(tensor.shape(), values);
  }

  private String add(String op, Map<String, Attribute> attributes, String... inputs) {
    String made = names.name("twin");
    nodes.add(Node.of(op, List.of(inputs), List.of(made), attributes));
    return made;
  }

  private String constant(Node node, String what, HostTensor value) {
    String name = names.name(node.output() + "." + what);
    initializers.put(name, value);
    return name;
  }

  private String number(double value) {
    String name = names.name("twin_number");
    initializers.put(name, HostTensor.scalar((float) value));
    return name;
  }
}
