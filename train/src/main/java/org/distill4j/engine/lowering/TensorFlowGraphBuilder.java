package org.distill4j.engine.lowering;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Graph;
import org.distill4j.lowered.GraphFacts;
import org.distill4j.lowered.Layout;
import org.distill4j.lowered.LayoutPlan;
import org.distill4j.lowered.VariableLayout;
import org.distill4j.lowered.WeightLayoutRules;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Constant;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** A graph while it is lowered: the values so far, each in the layouts it was asked for. */
final class TensorFlowGraphBuilder<T extends TFloating> {
  private final Ops root;
  private final GraphFacts facts;
  private final LayoutPlan plan;
  private final Variables<T> variables;
  private final LoweringMode mode;
  private final Map<String, Map<Layout, Operand<T>>> values = new HashMap<>();
  private final Map<String, StatisticUpdate<T>> updates = new LinkedHashMap<>();
  private final Map<String, List<Operand<T>>> extremes = new HashMap<>(); // least, most
  private Ops tf;

  TensorFlowGraphBuilder(
      Ops root, GraphFacts facts, LayoutPlan plan, Variables<T> variables, LoweringMode mode) {
    this.root = root;
    this.tf = root;
    this.facts = facts;
    this.plan = plan;
    this.variables = variables;
    this.mode = mode;
  }

  /** TensorFlow's operations under the name of the current node. */
  Ops tf() {
    return tf;
  }

  Graph graph() {
    return facts.graph();
  }

  LayoutPlan plan() {
    return plan;
  }

  LoweringMode mode() {
    return mode;
  }

  boolean training() {
    return mode instanceof LoweringMode.Training;
  }

  Class<T> type() {
    return variables.type();
  }

  void enter(NodeSite site) {
    tf = root.withSubScope(Names.scope(site.node().name()));
  }

  /** A value, held as the plan says. */
  void put(String name, Operand<T> operand) {
    Map<Layout, Operand<T>> held = new EnumMap<>(Layout.class);
    held.put(plan.of(name), operand);
    values.put(name, held);
  }

  /** An input of a node, held as asked. */
  Operand<T> in(NodeSite site, int input, Layout layout) {
    return value(site.node().input(input), layout);
  }

  /** An input of a node, held as the plan says. */
  Operand<T> in(NodeSite site, int input) {
    return in(site, input, plan.of(site, input));
  }

  /** Any value, held as asked. */
  Operand<T> value(String name, Layout layout) {
    Map<Layout, Operand<T>> held = values.computeIfAbsent(name, this::fromConstant);
    Operand<T> found = held.get(layout);
    if (found == null) {
      LayoutConversion conversion = new LayoutConversion(tf, facts.known().shape(name));
      Operand<T> onnx = held.get(Layout.ONNX);
      if (onnx == null) {
        Layout planned = plan.of(name);
        onnx =
            planned == Layout.CHANNELS_LAST
                ? conversion.channelsFirst(held.get(planned))
                : conversion.unflatten(held.get(planned), plan.channels(name));
        held.put(Layout.ONNX, onnx);
      }
      found = layout == Layout.ONNX ? onnx : conversion.channelsLast(onnx);
      held.put(layout, found);
    }
    return found;
  }

  private Map<Layout, Operand<T>> fromConstant(String name) {
    HostTensor constant =
        facts
            .known()
            .constant(name)
            .filter(t -> t.type().isFloating())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "value '" + name + "': is not a floating-point value of " + graph()));
    Map<Layout, Operand<T>> held = new EnumMap<>(Layout.class);
    Optional<Variable<T>> variable = variables.find(facts.origin(name));
    held.put(
        Layout.ONNX,
        variable.isPresent()
            ? VariableTransform.toOnnx(tf, variable.get().layout(), variable.get().value())
            : constant(constant));
    return held;
  }

  /**
   * An input of a node, ordered as asked: a variable, which usually is stored so, a constant, or
   * something computed.
   */
  Operand<T> stored(NodeSite site, int input, VariableLayout wanted) {
    String name = site.node().input(input);
    Optional<Variable<T>> variable = variable(site, input);
    if (variable.isPresent() && variable.get().layout().equals(wanted)) {
      return variable.get().value();
    }
    Optional<HostTensor> constant = facts.known().constant(name);
    if (variable.isEmpty() && constant.isPresent()) {
      return constant(wanted.toTensorFlow(constant.get()));
    }
    return VariableTransform.toTensorFlow(tf, wanted, value(name, Layout.ONNX));
  }

  /** {@link #stored(NodeSite, int, VariableLayout)} as its operator wants it. */
  Operand<T> stored(NodeSite site, int input) {
    return stored(site, input, WeightLayoutRules.stored(site, plan, input));
  }

  /** The variable at an input, if there is one. */
  Optional<Variable<T>> variable(NodeSite site, int input) {
    return variables.find(facts.origin(site.node().input(input)));
  }

  /** A constant array. */
  Operand<T> constant(HostTensor tensor) {
    try (T copy = ArrayCopy.toTensorFlow(tensor, type())) {
      return tf.constantOf(copy);
    }
  }

  /** A constant number. */
  Constant<T> number(double value) {
    return tf.constant(type(), value);
  }

  /** Integers for axes, sizes and shapes. */
  Constant<TInt32> ints(int... values) {
    return tf.constant(values);
  }

  /**
   * A value under another shape of which at most one extent is unknown.
   *
   * @param target as TensorFlow is to hold it
   */
  Operand<T> reshape(Operand<T> x, Shape target) {
    return LayoutConversion.reshape(tf, x, target.dims());
  }

  /** Notes what a running statistic becomes; a shared one is moved on by each use. */
  void update(Variable<T> variable, Operand<T> value) {
    updates.put(variable.name(), new StatisticUpdate<>(variable, value));
  }

  /** The grids that the graph rounds to. */
  LearnedGrids<T> grids() {
    return variables.grids();
  }

  /** Notes the extremes of a tensor that is rounded to a grid which others may share. */
  void see(LearnedGrids.Grid<T> grid, Operand<T> least, Operand<T> most) {
    List<Operand<T>> all =
        extremes.merge(
            grid.pair().scale(),
            List.of(least, most),
            (a, b) ->
                List.of(tf.math.minimum(a.get(0), b.get(0)), tf.math.maximum(a.get(1), b.get(1))));
    update(grid.low().orElseThrow(), grids().moved(grid.low().get(), all.get(0)));
    update(grid.high().orElseThrow(), grids().moved(grid.high().get(), all.get(1)));
  }

  /** What a running statistic is after the nodes so far. */
  Operand<T> current(Variable<T> variable) {
    StatisticUpdate<T> update = updates.get(variable.name());
    return update == null ? variable.value() : update.value();
  }

  List<StatisticUpdate<T>> updates() {
    return new ArrayList<>(updates.values());
  }
}
