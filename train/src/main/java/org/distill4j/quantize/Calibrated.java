package org.distill4j.quantize;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.passes.EqualizeChannels;
import org.distill4j.passes.FoldBatchNorm;
import org.distill4j.passes.Pass;
import org.distill4j.passes.Weighted;
import org.distill4j.progress.ProgressListener;

/**
 * A float model that is ready to become integers, and what was seen of its activations: many
 * integer models can be made from it without running an example again.
 */
public final class Calibrated {
  private final Graph graph;
  private final Map<String, Observed> seen;

  private Calibrated(Graph graph, Map<String, Observed> seen) {
    this.graph = graph;
    this.seen = seen;
  }

  /**
   * Folds normalizations, balances weights if asked, and watches all activations once.
   *
   * @param model one input; takes what its metadata say, else what suits the data
   * @param data examples like those it will be asked about; their labels are not read
   * @param samples how many of them at most, at least 2
   * @param listener hears what was changed, what was left alone and why, and how far it is
   * @throws InputFault if the model is quantized already or has no layer that can be, or there are
   *     fewer than two examples
   * @throws org.distill4j.fault.RunFault if the model gives what is no finite number
   */
  public static Calibrated of(
      Graph model,
      Dataset data,
      boolean equalize,
      long samples,
      int threads,
      ProgressListener listener) {
    requireFloat(model);
    if (data.task() == TaskType.REGRESSION) {
      throw new InputFault(
          "data '%s': a regression (expected: classes, by which ranges are chosen)"
              .formatted(data.name()));
    }
    Preprocessing taken = Metadata.preprocessing(model).orElseGet(data::preprocessing);
    Graph graph = Metadata.withPreprocessing(model, taken);
    for (Pass pass : passes(equalize)) {
      Pass.Outcome outcome = pass.apply(graph);
      outcome.changes().forEach(line -> listener.note(pass.name() + ": " + line));
      outcome.skipped().forEach(line -> listener.note(pass.name() + ": left alone, " + line));
      graph = outcome.graph();
    }
    IntegerPlan plan = new IntegerPlan(graph, Set.of());
    if (plan.layers().isEmpty()) {
      throw new InputFault(
          "model '%s': no layer that can work on integers (expected: a Conv, Gemm or MatMul with constant weights)%s"
              .formatted(
                  model.name(), plan.floating().isEmpty() ? "" : "; left out: " + plan.floating()));
    }
    plan.floating().forEach((layer, why) -> listener.note(layer + ": stays float, " + why));
    Preprocessed examples = new Preprocessed(data, taken);
    return new Calibrated(
        graph, Calibration.run(plan, graph, examples, samples, threads, listener));
  }

  private static List<Pass> passes(boolean equalize) {
    return equalize
        ? List.of(new FoldBatchNorm(), new EqualizeChannels())
        : List.of(new FoldBatchNorm());
  }

  private static void requireFloat(Graph model) {
    for (Node node : model.nodes()) {
      if (node.op().contains("Quantize") || node.op().endsWith("Integer")) {
        throw new InputFault(
            "model '%s': is quantized already, %s (expected: a float model)"
                .formatted(model.name(), node));
      }
    }
  }

  /** The float model that integers are made from: it says what the given one says, to rounding. */
  public Graph graph() {
    return graph;
  }

  /** The names of the layers that can work on integers, in the graph's order. */
  public List<String> layers() {
    return new IntegerPlan(graph, Set.of())
        .layers().stream().map(Weighted::node).map(Node::name).toList();
  }

  /** Layers that cannot work on integers, with the reason. */
  public Map<String, String> floating() {
    return new IntegerPlan(graph, Set.of()).floating();
  }

  /**
   * Makes an integer model.
   *
   * @param observer chooses the ranges
   * @param activations what they are stored as
   * @param weightBits 7 or 8
   * @param keepFloat names of nodes that stay float
   * @throws InputFault if there is no node of a name
   */
  public Graph integers(
      Observer observer, ActivationType activations, int weightBits, Set<String> keepFloat) {
    Set<String> unknown = new HashSet<>(keepFloat);
    unknown.removeAll(graph.nodes().stream().map(Node::name).collect(Collectors.toSet()));
    if (!unknown.isEmpty()) {
      throw new InputFault(
          "keep-float: %s (expected: names of nodes of model '%s'; inspect lists them)"
              .formatted(unknown, graph.name()));
    }
    IntegerPlan plan = new IntegerPlan(graph, keepFloat);
    Map<String, Grid> grids = new LinkedHashMap<>();
    for (List<String> group : plan.groups().values()) {
      Grid grid = Grid.affine(range(group, observer), activations.type());
      group.forEach(tensor -> grids.put(tensor, grid));
    }
    return new QdqWriter(graph, plan, grids, activations.type(), weightBits).write();
  }

  /** The largest share of a tensor's numbers that an observer's range leaves out. */
  public double clipped(Observer observer) {
    double most = 0;
    for (List<String> group : new IntegerPlan(graph, Set.of()).groups().values()) {
      Range range = range(group, observer);
      for (String tensor : group) {
        most = Math.max(most, seen.get(tensor).histogram().clipped(range));
      }
    }
    return most;
  }

  private Range range(List<String> group, Observer observer) {
    return group.stream()
        .map(tensor -> observer.range(seen.get(tensor)))
        .reduce(Range::or)
        .orElseThrow();
  }
}
