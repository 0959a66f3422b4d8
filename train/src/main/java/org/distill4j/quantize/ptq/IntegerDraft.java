package org.distill4j.quantize.ptq;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.passes.LinearLayer;
import org.distill4j.quantize.observe.Grid;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.observe.Range;
import org.distill4j.quantize.observe.TensorStatistics;

/**
 * An integer model before it is spelled: the float graph, the grid of each tensor, and how weights
 * are rounded where that is not to the nearest.
 *
 * @param graph float; its biases may have been corrected
 * @param plan of a graph with the same nodes
 * @param grids of the tensors that are stored as integers
 * @param form which integers
 * @param rounded the integers of a layer's weights by its node's name; others go to the nearest
 */
record IntegerDraft(
    Graph graph,
    QuantizationPlan plan,
    Map<String, Grid> grids,
    QuantizationScheme form,
    Map<String, int[]> rounded) {
  /** Grids for all tensors of a plan. */
  static IntegerDraft of(
      Graph graph,
      QuantizationPlan plan,
      Map<String, TensorStatistics> seen,
      Observer observer,
      QuantizationScheme form) {
    Map<String, Grid> grids = new LinkedHashMap<>();
    for (List<String> group : plan.groups().values()) {
      Range range =
          group.stream().map(t -> observer.range(seen.get(t))).reduce(Range::or).orElseThrow();
      Grid grid = Grid.affine(range, form.activations().type());
      group.forEach(tensor -> grids.put(tensor, grid));
    }
    return new IntegerDraft(graph, plan, grids, form, Map.of());
  }

  IntegerDraft withGraph(Graph other) {
    return new IntegerDraft(other, plan, grids, form, rounded);
  }

  IntegerDraft withRounded(String layer, int[] integers) {
    Map<String, int[]> more = new LinkedHashMap<>(rounded);
    more.put(layer, integers);
    return new IntegerDraft(graph, plan, grids, form, more);
  }

  /** The layers that work on integers, as they are in the graph by now. */
  List<LinearLayer> layers() {
    return plan.layers().stream()
        .map(
            planned ->
                graph.nodes().stream()
                    .filter(n -> n.name().equals(planned.node().name()))
                    .findFirst()
                    .flatMap(n -> LinearLayer.of(graph, n))
                    .orElseThrow())
        .toList();
  }

  /** The model in ONNX. */
  Graph write() {
    return new QdqWriter(this).write();
  }
}
