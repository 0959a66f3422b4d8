package org.distill4j.quantize.ptq;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.passes.GraphEdit;
import org.distill4j.passes.LinearLayer;
import org.distill4j.quantize.observe.Grid;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Spells an integer model in ONNX: a QuantizeLinear and a DequantizeLinear behind every tensor that
 * is stored as integers, int8 weights and int32 biases behind a DequantizeLinear each. A runtime
 * joins a layer and the pairs around it to one integer kernel; one that does not computes the same
 * in float.
 *
 * <p>A bias has the scale {@code s_input s_weight} of its channel, exactly, so that it is added to
 * the sum of products as it is.
 */
final class QdqWriter {
  private static final HostTensor NO_ZEROS = null;

  private final Graph graph;
  private final QuantizationPlan plan;
  private final Map<String, Grid> grids; // by tensor
  private final DType activations;
  private final QuantizationScheme form;
  private final Map<String, int[]> rounded; // weights by layer
  private final GraphEdit edit;
  private final Map<String, String> stored = new HashMap<>(); // tensor to its dequantized form

  QdqWriter(IntegerDraft draft) {
    this.graph = draft.graph();
    this.plan = draft.plan();
    this.grids = draft.grids();
    this.form = draft.form();
    this.activations = form.activations().type();
    this.rounded = draft.rounded();
    this.edit = new GraphEdit(graph);
  }

  /** The model on integers. */
  Graph write() {
    for (Value input : graph.inputs()) {
      store(input.name(), edit::insertFirst);
    }
    for (Node node : graph.nodes()) {
      if (plan.isInteger(node)) {
        edit.replace(onIntegers(node));
      }
      node.outputs().forEach(output -> store(output, pair -> edit.insertAfter(node, pair)));
    }
    return edit.graph();
  }

  /** Puts a pair behind a tensor, if it is one that is stored as integers. */
  private void store(String tensor, Consumer<Node> insert) {
    Grid grid = grids.get(tensor);
    if (grid == null) {
      return;
    }
    String scale = edit.constant(tensor + ".scale", HostTensor.scalar(grid.scale()));
    String zero = edit.constant(tensor + ".zero", integers(activations, Shape.SCALAR, grid.zero()));
    String quantized = edit.fresh(tensor + ".q");
    String back = edit.fresh(tensor + ".dq");
    insert.accept(
        Node.of("QuantizeLinear", List.of(tensor, scale, zero), List.of(quantized), Map.of()));
    insert.accept(
        Node.of("DequantizeLinear", List.of(quantized, scale, zero), List.of(back), Map.of()));
    stored.put(tensor, back);
  }

  private Node onIntegers(Node node) {
    List<String> inputs = new ArrayList<>(node.inputs());
    inputs.replaceAll(i -> stored.getOrDefault(i, i));
    LinearLayer.of(graph, node).ifPresent(layer -> storeWeights(layer, inputs));
    return node.withInputs(inputs);
  }

  private void storeWeights(LinearLayer layer, List<String> inputs) {
    float inputScale = grids.get(layer.node().input(0)).scale();
    Grid[] channels = WeightGrids.of(layer, form, inputScale);
    int[] integers = rounded.get(layer.node().name());
    if (integers == null) {
      integers = WeightGrids.nearest(layer, channels);
    }
    float[] scales = new float[channels.length];
    for (int c = 0; c < scales.length; c++) {
      scales[c] = channels[c].scale();
    }
    Shape perChannel = Shape.of(scales.length);
    String name = layer.node().input(1);
    inputs.set(
        1,
        dequantized(
            layer.node(),
            name,
            integers(DType.INT8, layer.weights().shape(), integers),
            HostTensor.ofFloats(perChannel, scales),
            integers(DType.INT8, perChannel, new int[scales.length]),
            layer.outputAxis()));
    if (layer.bias().isPresent()) {
      inputs.set(2, storedBias(layer, inputScale, scales));
    }
  }

  private String storedBias(LinearLayer layer, float inputScale, float... weightScales) {
    float[] biases = layer.biases();
    int[] integers = new int[biases.length];
    float[] scales = new float[biases.length];
    for (int c = 0; c < biases.length; c++) {
      scales[c] = inputScale * weightScales[c];
      double q = Math.rint((double) biases[c] / scales[c]);
      integers[c] = (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, q));
    }
    Shape shape = layer.bias().orElseThrow().shape();
    return dequantized(
        layer.node(),
        layer.node().input(2),
        integers(DType.INT32, shape, integers),
        HostTensor.ofFloats(Shape.of(scales.length), scales),
        NO_ZEROS,
        Math.max(0, shape.rank() - 1));
  }

  private String dequantized(
      Node layer, String name, HostTensor integers, HostTensor scales, HostTensor zeros, int axis) {
    List<String> inputs = new ArrayList<>();
    inputs.add(edit.constant(name + ".q", integers));
    inputs.add(edit.constant(name + ".scales", scales));
    if (zeros != null) {
      inputs.add(edit.constant(name + ".zeros", zeros));
    }
    String output = edit.fresh(name + ".dq");
    edit.insertBefore(
        layer,
        Node.of(
            "DequantizeLinear",
            inputs,
            List.of(output),
            Map.of("axis", Attribute.of((long) axis))));
    return output;
  }

  private static HostTensor integers(DType type, Shape shape, int... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      if (type == DType.INT32) {
        bytes.putInt(value);
      } else {
        bytes.put((byte) value);
      }
    }
    return HostTensor.of(type, shape, bytes.flip());
  }
}
