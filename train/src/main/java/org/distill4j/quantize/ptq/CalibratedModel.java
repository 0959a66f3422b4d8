package org.distill4j.quantize.ptq;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.distill4j.passes.LinearLayer;
import org.distill4j.passes.Pass;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.ActivationType;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.observe.Range;
import org.distill4j.quantize.observe.TensorStatistics;
import org.distill4j.quantize.prepare.AbsorbBiases;
import org.distill4j.quantize.prepare.ActivationPass;
import org.distill4j.quantize.prepare.PlainGemm;
import org.distill4j.quantize.prepare.RewriteCheck;
import org.distill4j.quantize.prepare.SinglePrecision;
import org.distill4j.quantize.prepare.SmoothActivations;
import org.distill4j.quantize.prepare.SplitOutliers;

/**
 * A calibrated float model: it is ready to become integers, and what was seen of its activations is
 * kept, so that many integer models can be made from it without running an example again.
 */
public final class CalibratedModel {
  private static final List<Pass> NONE = List.of();
  private static final double ALPHA = .5; // the paper's choice for most models

  private final Graph graph;
  private final Map<String, TensorStatistics> seen;
  private final Set<Repair> changed;
  private final ActivationPass examples;

  private CalibratedModel(
      Graph graph,
      Map<String, TensorStatistics> seen,
      Set<Repair> changed,
      ActivationPass examples) {
    this.graph = graph;
    this.seen = seen;
    this.changed = changed;
    this.examples = examples;
  }

  /** {@link #of(Graph, Dataset, Set, int, long, int, ProgressListener)} with weights balanced. */
  public static CalibratedModel of(
      Graph model,
      Dataset data,
      boolean equalize,
      long samples,
      int threads,
      ProgressListener listener) {
    Set<Repair> repairs = equalize ? Set.of(Repair.EQUALIZE) : Set.of();
    return of(model, data, repairs, TargetMachine.HERE.weightBits(), samples, threads, listener);
  }

  /**
   * Folds factors and normalizations, repairs the float model as asked, and watches all activations
   * once. Each of these must leave what the model says of examples as it was, or it is left out and
   * said.
   *
   * @param model one input; takes what its metadata say, else what suits the data
   * @param data examples like those it will be asked about; their labels are not read
   * @param repairs of which those that change the float model are done, in their order
   * @param weightBits for which channels are split: 7 or 8
   * @param samples how many examples at most, at least 2
   * @param listener hears what was changed, what was left alone and why, and how far it is
   * @throws InputFault if the model is quantized already or has no layer that can be, or there are
   *     fewer than two examples
   * @throws org.distill4j.fault.RunFault if the model gives what is no finite number
   */
  public static CalibratedModel of(
      Graph model,
      Dataset data,
      Set<Repair> repairs,
      int weightBits,
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
    ActivationPass examples = new ActivationPass(new Preprocessed(data, taken), samples, threads);
    Graph graph = Metadata.withPreprocessing(model, taken);
    RewriteCheck check = new RewriteCheck(examples);
    graph = applied(new SinglePrecision(), graph, check, listener).graph();
    graph = applied(new PlainGemm(), graph, check, listener).graph();
    graph = applied(new FoldBatchNorm(), graph, check, listener).graph();
    QuantizationPlan whole = new QuantizationPlan(graph, Set.of());
    if (whole.layers().isEmpty()) {
      throw new InputFault(
          "model '%s': no layer that can work on integers (expected: a Conv, Gemm or MatMul with constant weights)%s"
              .formatted(
                  model.name(),
                  whole.floating().isEmpty() ? "" : "; left out: " + whole.floating()));
    }
    Set<Repair> changed = EnumSet.noneOf(Repair.class);
    for (Repair repair : Repair.values()) {
      for (Pass pass : repairs.contains(repair) ? passes(repair, weightBits, examples) : NONE) {
        Pass.Outcome outcome = applied(pass, graph, check, listener);
        graph = outcome.graph();
        if (!outcome.changes().isEmpty()) {
          changed.add(repair);
        }
      }
    }
    QuantizationPlan plan = new QuantizationPlan(graph, Set.of());
    plan.floating().forEach((layer, why) -> listener.note(layer + ": stays float, " + why));
    return new CalibratedModel(
        graph, RangeCalibration.run(graph, plan.tensors(), examples, listener), changed, examples);
  }

  /**
   * A model in single precision and its Gemms plain, each if it says the same of examples so; else
   * it stays as it is.
   */
  static Graph single(Graph model, Dataset data, int threads, ProgressListener listener) {
    if (data.size() < 2) {
      return new PlainGemm().apply(model).graph();
    }
    Preprocessing taken = Metadata.preprocessing(model).orElseGet(data::preprocessing);
    ActivationPass examples =
        new ActivationPass(new Preprocessed(data, taken), data.size(), threads);
    RewriteCheck check = new RewriteCheck(examples);
    Graph single = applied(new SinglePrecision(), model, check, listener).graph();
    return applied(new PlainGemm(), single, check, listener).graph();
  }

  private static Pass.Outcome applied(
      Pass pass, Graph graph, RewriteCheck check, ProgressListener listener) {
    Pass.Outcome outcome = check.apply(pass, graph);
    outcome.changes().forEach(line -> listener.note(pass.name() + ": " + line));
    outcome.skipped().forEach(line -> listener.note(pass.name() + ": left alone, " + line));
    return outcome;
  }

  private static List<Pass> passes(Repair repair, int weightBits, ActivationPass examples) {
    return switch (repair) {
      case EQUALIZE -> List.of(new EqualizeChannels(), new AbsorbBiases(examples));
      case SPLIT -> List.of(new SplitOutliers(weightBits, examples));
      case SMOOTH -> List.of(new SmoothActivations(ALPHA, examples));
      case CORRECT_BIAS, ROUND -> NONE;
    };
  }

  /**
   * Refuses a model that cannot be quantized, as far as its graph tells.
   *
   * @param keepFloat names of nodes that stay float
   * @throws InputFault if it is quantized already, weights are not finite, a node to keep float is
   *     not there, or no layer is left that can work on integers
   */
  public static void require(Graph model, RangeMode form, Set<String> keepFloat) {
    requireFloat(model);
    Graph single = new PlainGemm().apply(new SinglePrecision().apply(model).graph()).graph();
    requireFinite(single);
    Graph folded = new FoldBatchNorm().apply(single).graph();
    requireNodes(folded, keepFloat);
    boolean isDynamic = form == RangeMode.DYNAMIC;
    boolean any =
        isDynamic
            ? single.nodes().stream().anyMatch(n -> DynamicIntegers.canTake(single, n, keepFloat))
            : !new QuantizationPlan(folded, keepFloat).layers().isEmpty();
    if (!any) {
      throw new InputFault(
          "model '%s', form %s, keep-float %s: no layer is left for integers (expected: %s with constant weights)"
              .formatted(
                  model.name(),
                  isDynamic ? "dynamic" : "static",
                  keepFloat.stream().sorted().toList(),
                  isDynamic ? "a Gemm or MatMul" : "a Conv, Gemm or MatMul"));
    }
  }

  private static void requireFinite(Graph model) {
    for (Node node : model.nodes()) {
      Optional<LinearLayer> layer = LinearLayer.of(model, node);
      if (layer.isPresent()) {
        requireFinite(model, node, node.input(1), layer.get().weights().toFloats());
        requireFinite(model, node, node.input(2), layer.get().biases());
      }
    }
  }

  private static void requireFinite(Graph model, Node node, String name, float... numbers) {
    for (float number : numbers) {
      if (!Float.isFinite(number)) {
        throw new InputFault(
            "model '%s', %s, '%s': %s among its numbers (expected: finite ones); train or export it again"
                .formatted(model.name(), node, name, number));
      }
    }
  }

  /** Refuses a model that works on integers already. */
  static void requireFloat(Graph model) {
    for (Node node : model.nodes()) {
      if (node.op().contains("Quantize") || node.op().endsWith("Integer")) {
        throw new InputFault(
            "model '%s': is quantized already, %s (expected: a float model)"
                .formatted(model.name(), node));
      }
    }
  }

  /** Refuses names that no node has. */
  static void requireNodes(Graph model, Set<String> keepFloat) {
    Set<String> unknown = new HashSet<>(keepFloat);
    unknown.removeAll(model.nodes().stream().map(Node::name).collect(Collectors.toSet()));
    if (!unknown.isEmpty()) {
      throw new InputFault(
          "keep-float: %s (expected: names of nodes of model '%s'; inspect lists them)"
              .formatted(unknown, model.name()));
    }
  }

  /** The float model that integers are made from: it says what the given one says, to rounding. */
  public Graph graph() {
    return graph;
  }

  /** The names of the layers that can work on integers, in the graph's order. */
  public List<String> layers() {
    return new QuantizationPlan(graph, Set.of())
        .layers().stream().map(LinearLayer::node).map(Node::name).toList();
  }

  /** Layers that cannot work on integers, with the reason. */
  public Map<String, String> floating() {
    return new QuantizationPlan(graph, Set.of()).floating();
  }

  /** The repairs that changed the float model: others found nothing to do. */
  public Set<Repair> changed() {
    return Set.copyOf(changed);
  }

  /**
   * Makes an integer model, a Gemm or MatMul having a scale for each output.
   *
   * @param observer chooses the ranges
   * @param activations what they are stored as
   * @param weightBits 7 or 8
   * @param keepFloat names of nodes that stay float
   * @throws InputFault if there is no node of a name
   */
  public Graph integers(
      Observer observer, ActivationType activations, int weightBits, Set<String> keepFloat) {
    return integers(observer, new QuantizationScheme(activations, weightBits, true), keepFloat);
  }

  /**
   * Makes an integer model.
   *
   * @param observer chooses the ranges
   * @param form which integers
   * @param keepFloat names of nodes that stay float
   * @throws InputFault if there is no node of a name
   */
  public Graph integers(Observer observer, QuantizationScheme form, Set<String> keepFloat) {
    return draft(observer, form, keepFloat).write();
  }

  /**
   * Makes an integer model whose biases, or rounding, or both, are fitted to what the float model
   * gives on the examples.
   *
   * @param repairs of which those of integers are done
   */
  public Graph repaired(
      Observer observer,
      QuantizationScheme form,
      Set<String> keepFloat,
      Set<Repair> repairs,
      ProgressListener listener) {
    IntegerDraft draft = draft(observer, form, keepFloat);
    if (repairs.contains(Repair.ROUND)) {
      draft = AdaptiveRounding.of(draft, graph, examples, listener);
    }
    if (repairs.contains(Repair.CORRECT_BIAS)) {
      draft = BiasCorrection.of(draft, graph, examples, listener);
    }
    return draft.write();
  }

  private IntegerDraft draft(Observer observer, QuantizationScheme form, Set<String> keepFloat) {
    requireNodes(graph, keepFloat);
    return IntegerDraft.of(graph, new QuantizationPlan(graph, keepFloat), seen, observer, form);
  }

  /** The largest share of a tensor's numbers that an observer's range leaves out. */
  public double clipped(Observer observer) {
    double most = 0;
    for (List<String> group : new QuantizationPlan(graph, Set.of()).groups().values()) {
      Range range =
          group.stream().map(t -> observer.range(seen.get(t))).reduce(Range::or).orElseThrow();
      for (String tensor : group) {
        most = Math.max(most, seen.get(tensor).histogram().clipped(range));
      }
    }
    return most;
  }
}
