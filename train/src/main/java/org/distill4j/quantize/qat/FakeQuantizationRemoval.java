package org.distill4j.quantize.qat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.passes.GraphEdit;
import org.distill4j.passes.Pass;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * The conversion after quantization-aware training: a model that rounds its float weights on the
 * way becomes the form that ships, its weights the integers they were rounded to, its biases int32
 * at the exact scale of the products they are added to.
 *
 * <p>It changes no value where biases lie on that scale already, as {@link #settled} puts them: a
 * float bias has no place in a sum of integers, so it is moved by half a step of the sum at most,
 * once, before the model is judged.
 */
public final class FakeQuantizationRemoval implements Pass {
  private Graph graph;
  private Map<String, Node> producers;
  private GraphEdit edit;
  private final Map<String, String> integersOf = new HashMap<>(); // a quantized weight to integers
  private final List<String> changes = new ArrayList<>();

  @Override
  public String name() {
    return "commit";
  }

  /**
   * {@inheritDoc}
   *
   * @throws InputFault if no weight is rounded on the way: then there is nothing to ship
   */
  @Override
  public Outcome apply(Graph trained) {
    begin(trained);
    for (Node node : trained.nodes()) {
      if (node.op().equals("QuantizeLinear") && graph.constant(node.input(0)).isPresent()) {
        integersOf.put(node.output(), stored(node));
        edit.remove(node);
      } else if (node.op().equals("DequantizeLinear") && integersOf.containsKey(node.input(0))) {
        List<String> inputs = new ArrayList<>(node.inputs());
        inputs.set(0, integersOf.get(node.input(0)));
        edit.replace(node.withInputs(inputs));
      } else {
        storeBias(node);
      }
    }
    if (integersOf.isEmpty()) {
      throw new InputFault(
          "model '%s': rounds no weights on the way (expected: weights through QuantizeLinear, as quantization-aware training has them)"
              .formatted(trained.name()));
    }
    return new Outcome(edit.graph(), changes, List.of());
  }

  private void begin(Graph trained) {
    graph = trained;
    producers = trained.producers();
    edit = new GraphEdit(trained);
    integersOf.clear();
    changes.clear();
  }

  /** The integers that constant weights are rounded to. */
  private String stored(Node quantize) {
    HostTensor weights = graph.constant(quantize.input(0)).orElseThrow();
    float[] scales = graph.constant(quantize.input(1)).orElseThrow().toFloats();
    HostTensor zeros = graph.constant(quantize.input(2)).orElseThrow();
    double[] zero = zeros.toDoubles();
    int inner = scales.length == 1 ? 1 : within(weights.shape(), quantize);
    float[] values = weights.toFloats();
    ByteBuffer bytes = ByteBuffer.allocate(values.length);
    double low = zeros.type() == DType.UINT8 ? 0 : Byte.MIN_VALUE;
    for (int i = 0; i < values.length; i++) {
      int c = i / inner % scales.length;
      double q = Math.rint(values[i] / scales[c]) + zero[c];
      bytes.put((byte) (int) Math.max(low, Math.min(low + 255, q)));
    }
    changes.add("weights '%s' are integers".formatted(quantize.input(0)));
    return edit.constant(
        quantize.input(0) + ".q", HostTensor.of(zeros.type(), weights.shape(), bytes.flip()));
  }

  private static int within(Shape shape, Node quantize) {
    int axis = Math.toIntExact(quantize.intAttribute("axis", 1));
    int inner = 1;
    for (int a = (axis + shape.rank()) % shape.rank() + 1; a < shape.rank(); a++) {
      inner *= Math.toIntExact(shape.size(a));
    }
    return inner;
  }

  /** Gives a layer of integers a bias that is among them. */
  private void storeBias(Node node) {
    float[] scales = biasScales(graph, producers, node);
    if (scales.length == 0) {
      return;
    }
    HostTensor bias = graph.constant(node.input(2)).orElseThrow();
    float[] values = bias.toFloats();
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      bytes.putInt((int) integer(values[i], scales[i]));
    }
    String integers =
        edit.constant(node.input(2) + ".q", HostTensor.of(DType.INT32, bias.shape(), bytes.flip()));
    String steps =
        edit.constant(
            node.input(2) + ".scales", HostTensor.ofFloats(Shape.of(scales.length), scales));
    String back = edit.fresh(node.input(2) + ".dq");
    edit.insertBefore(
        node,
        Node.of(
            "DequantizeLinear",
            List.of(integers, steps),
            List.of(back),
            Map.of("axis", Attribute.of((long) Math.max(0, bias.shape().rank() - 1)))));
    changes.add("bias '%s' is int32 at the scale of its products".formatted(node.input(2)));
    List<String> inputs = new ArrayList<>(node.inputs());
    inputs.set(2, back);
    edit.replace(node.withInputs(inputs));
  }

  private static double integer(float bias, float scale) {
    double q = Math.rint((double) bias / scale);
    return Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, q));
  }

  /**
   * The model with every bias where its integer will be, and every weight within its range, so that
   * {@link FakeQuantizationRemoval} changes no value.
   *
   * @param weightBits how many integers a weight has: {@code -h..h}, {@code h = 2^(bits - 1) - 1}
   */
  static Graph settled(Graph trained, int weightBits) {
    Map<String, Node> producers = trained.producers();
    Map<String, HostTensor> moved = new HashMap<>();
    for (Node node : trained.nodes()) {
      float[] scales = biasScales(trained, producers, node);
      if (scales.length > 0) {
        HostTensor bias = trained.constant(node.input(2)).orElseThrow();
        float[] values = bias.toFloats();
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) integer(values[i], scales[i]) * scales[i] + 0f; // no negative zero
        }
        moved.put(node.input(2), HostTensor.ofFloats(bias.shape(), values));
      }
      if (node.op().equals("QuantizeLinear") && trained.constant(node.input(0)).isPresent()) {
        moved.put(node.input(0), within(trained, node, (1 << (weightBits - 1)) - 1));
      }
    }
    return trained.withInitializers(moved);
  }

  private static HostTensor within(Graph trained, Node quantize, int high) {
    HostTensor weights = trained.constant(quantize.input(0)).orElseThrow();
    float[] scales = trained.constant(quantize.input(1)).orElseThrow().toFloats();
    int inner = scales.length == 1 ? 1 : within(weights.shape(), quantize);
    float[] values = weights.toFloats();
    for (int i = 0; i < values.length; i++) {
      float limit = high * scales[i / inner % scales.length];
      values[i] = Math.max(-limit, Math.min(limit, values[i]));
    }
    return HostTensor.ofFloats(weights.shape(), values);
  }

  /**
   * The scales of a layer's products, one for each number of its float bias; none for what is no
   * layer of integers with such a bias.
   */
  private static float[] biasScales(Graph graph, Map<String, Node> producers, Node node) {
    Node x = producers.get(node.input(0));
    Node w = producers.get(node.input(1));
    HostTensor bias = graph.initializers().get(node.input(2));
    boolean isLayer =
        List.of("Conv", "Gemm").contains(node.op())
            && bias != null
            && x != null
            && w != null
            && x.op().equals("DequantizeLinear")
            && w.op().equals("DequantizeLinear");
    if (!isLayer) {
      return new float[0];
    }
    float input = graph.constant(x.input(1)).orElseThrow().toFloats()[0];
    float[] weights = graph.constant(w.input(1)).orElseThrow().toFloats();
    float[] scales = new float[Math.toIntExact(bias.elements())];
    for (int c = 0; c < scales.length; c++) {
      scales[c] = input * weights[weights.length == 1 ? 0 : c];
    }
    return scales;
  }
}
