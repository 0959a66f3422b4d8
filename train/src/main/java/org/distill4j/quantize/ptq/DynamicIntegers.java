package org.distill4j.quantize.ptq;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.data.Dataset;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.OnnxTypeCode;
import org.distill4j.passes.GraphEdit;
import org.distill4j.passes.LinearLayer;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.ActivationType;
import org.distill4j.quantize.observe.Grid;
import org.distill4j.quantize.prepare.PlainGemm;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Dynamic quantization: Gemm and MatMul multiply integers while everything between them stays
 * float, and the range of what they take is found at each run,
 *
 * <pre>{@code x_q, s_x, z_x = DynamicQuantizeLinear(x)
 * y = Cast(MatMulInteger(x_q, W_q, z_x)) s_x s_W + b}</pre>
 *
 * <p>No calibration is needed. The range is the whole batch's, so an example's answer depends a
 * little on what else is in its batch. Convolutions stay float; form static takes them.
 *
 * @param graph the model
 * @param floating the layers that stay float, each with its reason
 */
public record DynamicIntegers(Graph graph, Map<String, String> floating) {
  /**
   * Makes one.
   *
   * @param weightBits 7 or 8
   * @param keepFloat names of nodes that stay float
   * @throws InputFault if the model is quantized already, has no layer that can be, or there is no
   *     node of a name
   */
  public static DynamicIntegers of(Graph model, int weightBits, Set<String> keepFloat) {
    CalibratedModel.requireFloat(model);
    return written(new PlainGemm().apply(model).graph(), weightBits, keepFloat);
  }

  private static DynamicIntegers written(Graph plain, int weightBits, Set<String> keepFloat) {
    CalibratedModel.requireNodes(plain, keepFloat);
    return new Writer(
            plain, new QuantizationScheme(ActivationType.UINT8, weightBits, true), keepFloat)
        .write();
  }

  /**
   * Makes one of a model that is in single precision before, where that says the same of examples.
   *
   * @param data examples like those it will be asked about; their labels are not read
   * @param listener hears what was changed and which layers stay float
   */
  public static DynamicIntegers of(
      Graph model,
      Dataset data,
      int weightBits,
      Set<String> keepFloat,
      int threads,
      ProgressListener listener) {
    CalibratedModel.requireFloat(model);
    Graph single = CalibratedModel.single(model, data, threads, listener);
    DynamicIntegers made = written(single, weightBits, keepFloat);
    made.floating().forEach((layer, why) -> listener.note(layer + ": stays float, " + why));
    return made;
  }

  /** Whether a node can multiply integers whose ranges are found at each run. */
  static boolean canTake(Graph model, Node node, Set<String> keepFloat) {
    return !node.op().equals("Conv")
        && !keepFloat.contains(node.name())
        && LinearLayer.of(model, node).isPresent();
  }

  private static final class Writer {
    private final Graph model;
    private final QuantizationScheme form;
    private final Set<String> keepFloat;
    private final GraphEdit edit;
    private final Map<String, String> floating = new LinkedHashMap<>();
    private final Map<String, List<String>> quantized = new LinkedHashMap<>(); // by tensor

    Writer(Graph model, QuantizationScheme form, Set<String> keepFloat) {
      this.model = model;
      this.form = form;
      this.keepFloat = keepFloat;
      this.edit = new GraphEdit(model);
    }

    DynamicIntegers write() {
      int layers = 0;
      for (Node node : model.nodes()) {
        Optional<LinearLayer> layer = LinearLayer.of(model, node);
        String why = obstacle(node, layer);
        if (layer.isEmpty() || !why.isEmpty()) {
          if (!why.isEmpty()) {
            floating.put(node.toString(), why);
          }
        } else {
          multiply(layer.get());
          layers++;
        }
      }
      if (layers == 0) {
        throw new InputFault(
            "model '%s': no layer for form dynamic (expected: a Gemm or MatMul with constant weights); form static takes convolutions too"
                .formatted(model.name()));
      }
      return new DynamicIntegers(edit.graph(), floating);
    }

    private String obstacle(Node node, Optional<LinearLayer> layer) {
      if (keepFloat.contains(node.name())) {
        return "kept float as asked";
      }
      if (node.op().equals("Conv") && node.domain().isEmpty()) {
        return "a convolution, which form dynamic leaves float";
      }
      boolean isProduct = List.of("Gemm", "MatMul").contains(node.op());
      return isProduct && node.domain().isEmpty() && layer.isEmpty()
          ? QuantizationPlan.obstacle(model, node, true)
          : "";
    }

    private void multiply(LinearLayer layer) {
      Node node = layer.node();
      List<String> x = quantized.computeIfAbsent(node.input(0), tensor -> quantize(tensor, node));
      Grid[] grids = WeightGrids.of(layer, form);
      float[] scales = new float[grids.length];
      for (int c = 0; c < scales.length; c++) {
        scales[c] = grids[c].scale();
      }
      String weights = edit.constant(node.input(1) + ".integers", columns(layer, grids));
      String scale =
          edit.constant(
              node.input(1) + ".scales", HostTensor.ofFloats(Shape.of(scales.length), scales));
      String product = edit.fresh(node.name() + ".integers");
      edit.insertBefore(
          node,
          Node.of(
              "MatMulInteger", List.of(x.get(0), weights, x.get(2)), List.of(product), Map.of()));
      String cast = edit.fresh(node.name() + ".cast");
      edit.insertBefore(
          node,
          Node.of(
              "Cast",
              List.of(product),
              List.of(cast),
              Map.of("to", Attribute.of((long) OnnxTypeCode.of(DType.FLOAT32)))));
      String both = edit.fresh(node.name() + ".scale");
      edit.insertBefore(node, Node.of("Mul", List.of(x.get(1), scale), List.of(both), Map.of()));
      boolean hasBias = layer.bias().isPresent();
      String scaled = hasBias ? edit.fresh(node.name() + ".scaled") : node.output();
      edit.insertBefore(node, Node.of("Mul", List.of(cast, both), List.of(scaled), Map.of()));
      if (hasBias) {
        edit.insertBefore(
            node, Node.of("Add", List.of(scaled, node.input(2)), List.of(node.output()), Map.of()));
      }
      edit.remove(node);
    }

    private List<String> quantize(String tensor, Node layer) {
      List<String> outputs =
          List.of(
              edit.fresh(tensor + ".q"),
              edit.fresh(tensor + ".scale"),
              edit.fresh(tensor + ".zero"));
      edit.insertBefore(
          layer, Node.of("DynamicQuantizeLinear", List.of(tensor), outputs, Map.of()));
      return outputs;
    }

    /** The integers with inputs down and outputs across, as MatMulInteger takes them. */
    private static HostTensor columns(LinearLayer layer, Grid... grids) {
      int[] integers = WeightGrids.nearest(layer, grids);
      byte[] bytes = new byte[integers.length];
      for (int i = 0; i < integers.length; i++) {
        bytes[layer.inputOf(i) * layer.outputs() + layer.outputOf(i)] = (byte) integers[i];
      }
      return HostTensor.of(
          DType.INT8, Shape.of(layer.inputs(), layer.outputs()), ByteBuffer.wrap(bytes));
    }
  }
}
