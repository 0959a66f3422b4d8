package org.distill4j.passes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.tensor.HostTensor;

/**
 * Batch-norm folding: a BatchNormalization goes into the Conv, Gemm or MatMul before it, {@code W'
 * = W gamma / sqrt(var + eps)}, {@code b' = (b - mean) gamma / sqrt(var + eps) + beta}, each for
 * its output channel.
 *
 * <p>Left alone: a normalization whose input has other users or is an output of the graph, one that
 * comes before the layer (padding would see another value than zero), one in training mode, and one
 * behind a MatMul, which has no bias to put the shift in.
 */
public final class FoldBatchNorm implements Pass {
  @Override
  public String name() {
    return "fold-batch-norm";
  }

  @Override
  public Outcome apply(Graph graph) {
    GraphEdit edit = new GraphEdit(graph);
    List<String> changes = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    Map<String, Node> producers = graph.producers();
    Map<String, List<Node>> consumers = graph.consumers();
    for (Node norm : graph.nodes()) {
      if (!norm.op().equals("BatchNormalization") || !norm.domain().isEmpty()) {
        continue;
      }
      Node maker = producers.get(norm.input(0));
      Optional<LinearLayer> layer =
          Optional.ofNullable(maker)
              .flatMap(n -> LinearLayer.of(graph, n))
              .filter(w -> !w.node().op().equals("MatMul"));
      boolean isOutput = graph.outputs().stream().anyMatch(v -> v.name().equals(norm.input(0)));
      if (layer.isEmpty()) {
        skipped.add(norm + ": stands behind no Conv or Gemm with constant weights");
      } else if (isOutput || consumers.get(norm.input(0)).size() > 1) {
        skipped.add(norm + ": what it normalizes is used elsewhere too");
      } else if (norm.intAttribute("training_mode", 0) != 0) {
        skipped.add(norm + ": normalizes each batch by itself");
      } else if (!hasConstants(graph, norm)) {
        skipped.add(norm + ": its statistics are computed");
      } else {
        fold(graph, edit, norm, layer.get());
        changes.add(norm + ": folded into " + maker);
      }
    }
    return new Outcome(changes.isEmpty() ? graph : edit.graph(), changes, skipped);
  }

  private static boolean hasConstants(Graph graph, Node norm) {
    for (int i = 1; i <= 4; i++) {
      if (!graph.initializers().containsKey(norm.input(i))) {
        return false;
      }
    }
    return true;
  }

  private static void fold(Graph graph, GraphEdit edit, Node norm, LinearLayer layer) {
    double[] gamma = values(graph, norm, 1);
    double[] beta = values(graph, norm, 2);
    double[] mean = values(graph, norm, 3);
    double[] variance = values(graph, norm, 4);
    double epsilon = norm.floatAttribute("epsilon", 1e-5f);
    float[] weights = layer.weights().toFloats();
    float[] biases = layer.biases();
    double[] factors = new double[biases.length];
    for (int c = 0; c < factors.length; c++) {
      factors[c] = gamma[c] / Math.sqrt(variance[c] + epsilon);
      biases[c] = (float) ((biases[c] - mean[c]) * factors[c] + beta[c]);
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (weights[i] * factors[layer.outputOf(i)]);
    }
    edit.reweigh(layer, weights, biases);
    edit.bypass(norm, layer.node().output());
  }

  private static double[] values(Graph graph, Node norm, int input) {
    HostTensor tensor = graph.initializers().get(norm.input(input));
    return tensor.toDoubles();
  }
}
