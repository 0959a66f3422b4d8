package org.distill4j.lowered;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.FreshNames;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * A lowered graph while it is made: the values so far, each value in the layouts it was asked for.
 */
final class LoweredGraphDraft {
  private final GraphFacts facts;
  private final LayoutPlan plan;
  private final Map<String, AffineScaling> scalings;
  private final Map<String, LoweredValue> wires = new LinkedHashMap<>();
  private final FreshNames names = new FreshNames();
  private final Map<String, LoweredPort> inputs = new HashMap<>();
  private final List<LoweredNode> parts = new ArrayList<>();
  private final Map<String, Map<Layout, String>> held = new HashMap<>();
  private String origin = "";

  /**
   * An empty draft.
   *
   * @param scalings of the model's values by name
   */
  LoweredGraphDraft(GraphFacts facts, Map<String, AffineScaling> scalings) {
    this.facts = facts;
    this.plan = LayoutPlan.fedLast(facts);
    this.scalings = scalings;
  }

  LayoutPlan plan() {
    return plan;
  }

  Map<String, LoweredValue> wires() {
    return wires;
  }

  List<LoweredNode> parts() {
    return parts;
  }

  LoweredPort input(Value value) {
    any(value.name());
    return inputs.get(value.name());
  }

  /** Begins with a node; faults and parts are named after it. */
  void enter(NodeSite site) {
    origin = site.node().toString();
  }

  /** Where an output of the model is read: a map stays as it is held. */
  LoweredPort output(Value value) {
    Layout kept = any(value.name()).shape().rank() == 4 ? layout(value.name()) : Layout.ONNX;
    return new LoweredPort(value, value(value.name(), kept).name(), kept);
  }

  private Layout layout(String value) {
    return inputs.containsKey(value) ? inputs.get(value).layout() : plan.of(value);
  }

  /** How the output of a node is to be held. */
  Layout out(NodeSite site) {
    return plan.of(site.node().output());
  }

  /** An input of a node, held as the plan says. */
  LoweredValue in(NodeSite site, int input) {
    return value(site.node().input(input), plan.of(site, input));
  }

  /** An input of a node, held as asked. */
  LoweredValue in(NodeSite site, int input, Layout layout) {
    return value(site.node().input(input), layout);
  }

  private LoweredValue any(String name) {
    Map<Layout, String> layouts = held.get(name);
    return layouts == null
        ? value(name, plan.of(name))
        : wires.get(layouts.values().iterator().next());
  }

  /** Any value, held as asked. */
  LoweredValue value(String name, Layout layout) {
    Map<Layout, String> layouts = held.get(name);
    if (layouts == null) {
      layouts = new EnumMap<>(Layout.class);
      held.put(name, layouts);
      begin(name, layout, layouts);
    }
    String found = layouts.get(layout);
    if (found != null) {
      return wires.get(found);
    }
    LoweredValue onnx = inOnnxOrder(name, layouts);
    if (layout == Layout.ONNX) {
      return onnx;
    }
    if (layout == Layout.FLAT_CHANNELS_LAST) {
      throw new IllegalArgumentException("value '" + name + "': is not flat");
    }
    LoweredValue last = move(onnx, Axes.toLast(onnx.shape().rank()), ".last");
    layouts.put(layout, last.name());
    return last;
  }

  private LoweredValue inOnnxOrder(String name, Map<Layout, String> layouts) {
    String onnx = layouts.get(Layout.ONNX);
    if (onnx != null) {
      return wires.get(onnx);
    }
    LoweredValue made;
    if (layouts.containsKey(Layout.CHANNELS_LAST)) {
      LoweredValue last = wires.get(layouts.get(Layout.CHANNELS_LAST));
      made = move(last, Axes.toFirst(last.shape().rank()), ".first");
    } else {
      LoweredValue flat = wires.get(layouts.get(Layout.FLAT_CHANNELS_LAST));
      long channels = plan.channels(name);
      Shape parts =
          Shape.of(
              List.of(
                  flat.shape().dim(0), Dim.of(flat.shape().size(1) / channels), Dim.of(channels)));
      LoweredValue split = reshape(flat, parts, flat.name() + ".split");
      LoweredValue first = move(split, new int[] {0, 2, 1}, ".first");
      made = reshape(first, flat.shape(), flat.name() + ".first");
    }
    layouts.put(Layout.ONNX, made.name());
    return made;
  }

  /** The first use of an input or a constant; an input that is a map is fed as it is first used. */
  private void begin(String name, Layout layout, Map<Layout, String> layouts) {
    Optional<HostTensor> constant = facts.known().constant(name);
    if (constant.isPresent()) {
      layouts.put(Layout.ONNX, constant(name, constant.get()).name());
      return;
    }
    Optional<long[]> integers = facts.known().integers(name);
    if (integers.isPresent()) {
      HostTensor known = HostTensor.ofLongs(facts.known().shape(name), integers.get());
      layouts.put(Layout.ONNX, constant(name, known).name());
      return;
    }
    Value input =
        facts.graph().inputs().stream()
            .filter(i -> i.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("value '" + name + "': is not made"));
    boolean map = input.shape().isRanked() && input.shape().rank() == 4;
    Layout fed = map && layout == Layout.CHANNELS_LAST ? layout : Layout.ONNX;
    LoweredValue wire = wire(name, input.type(), heldShape(input.shape(), fed), Optional.empty());
    layouts.put(fed, scaled(name, wire).name());
    inputs.put(name, new LoweredPort(input, wire.name(), fed));
  }

  private LoweredValue scaled(String value, LoweredValue wire) {
    AffineScaling scaling = scalings.get(value);
    LoweredValue with = scaling == null ? wire : wire.with(scaling);
    wires.put(with.name(), with);
    return with;
  }

  private LoweredValue move(LoweredValue x, int[] order, String suffix) {
    List<Dim> dims = Arrays.stream(order).mapToObj(x.shape()::dim).toList();
    Shape moved = Shape.of(dims);
    boolean free = isFree(x.shape(), order);
    LoweredValue y =
        free
            ? reshape(x, moved, x.name() + suffix)
            : emit(
                new LoweredOperator.Transpose(Arrays.stream(order).boxed().toList()),
                x.name() + suffix,
                moved,
                x.type(),
                x);
    return x.scaling().isPresent() ? inherit(x, y) : y;
  }

  /** Whether only axes of one element change places. */
  private static boolean isFree(Shape shape, int[] order) {
    int last = -1;
    for (int axis : order) {
      if (shape.dim(axis).size() != 1) {
        if (axis < last) {
          return false;
        }
        last = axis;
      }
    }
    return shape.dims().stream().filter(d -> !d.isKnown()).count() <= 1;
  }

  /** The second wire with the scaling of the first, whose numbers it only moves. */
  LoweredValue inherit(LoweredValue from, LoweredValue to) {
    if (from.scaling().isEmpty() || to.scaling().isPresent()) {
      return to;
    }
    LoweredValue with = to.with(from.scaling().get());
    wires.put(with.name(), with);
    return with;
  }

  /** An ONNX shape as a layout holds it; only the outermost extent may be open. */
  Shape heldShape(Shape onnx, Layout layout) {
    if (!onnx.isRanked()) {
      throw new InputFault(
          origin
              + ": a value has no known rank (expected: a ranked shape); declare it in the model");
    }
    Shape shape = onnx;
    if (layout == Layout.CHANNELS_LAST) {
      int[] order = Axes.toLast(onnx.rank());
      shape = Shape.of(Arrays.stream(order).mapToObj(onnx::dim).toList());
    }
    for (int axis = 1; axis < shape.rank(); axis++) {
      if (!shape.dim(axis).isKnown()) {
        throw new InputFault(
            (origin.isEmpty() ? "input" : origin)
                + ": "
                + onnx
                + " (expected: numbers behind the batch); fix the shape, as with --shape"
                + " NAME=1,3,240,320");
      }
    }
    return shape;
  }

  /** A new wire; its name is the stem or the stem with a number. */
  private LoweredValue wire(String stem, DType type, Shape shape, Optional<HostTensor> constant) {
    LoweredValue wire =
        new LoweredValue(names.name(safe(stem)), type, shape, constant, Optional.empty());
    wires.put(wire.name(), wire);
    return wire;
  }

  private static String safe(String stem) {
    String safe = stem.replaceAll("[^A-Za-z0-9_.]", "_");
    return safe.isEmpty() || !safe.matches("[A-Za-z0-9.].*") ? "n" + safe : safe;
  }

  /** A constant. */
  LoweredValue constant(String stem, HostTensor tensor) {
    return wire(stem, tensor.type(), tensor.shape(), Optional.of(tensor));
  }

  /** A constant number. */
  LoweredValue number(double value) {
    return constant("number", HostTensor.scalar((float) value));
  }

  /** Weights, biases and the like, ordered as their operator wants them. */
  LoweredValue weights(NodeSite site, int input) {
    VariableLayout layout = WeightLayoutRules.stored(site, plan, input);
    String name = site.node().input(input);
    HostTensor onnx =
        facts
            .known()
            .constant(name)
            .orElseThrow(() -> site.fault("'" + name + "' is computed (expected: a constant)"));
    String stem = facts.origin(name);
    LoweredValue wire = constant(stem, layout.toTensorFlow(onnx));
    AffineScaling scaling = scalings.getOrDefault(name, scalings.get(stem));
    if (scaling == null) {
      return wire;
    }
    LoweredValue with = wire.with(scaling);
    wires.put(with.name(), with);
    return with;
  }

  /** Adds a part that fills a new wire. */
  LoweredValue emit(
      LoweredOperator operation, String stem, Shape shape, DType type, LoweredValue... from) {
    LoweredValue wire = wire(stem, type, shape, Optional.empty());
    List<String> names = Arrays.stream(from).map(LoweredValue::name).toList();
    parts.add(new LoweredNode(operation, names, List.of(wire.name()), origin));
    return wire;
  }

  /** Adds a part whose result has the type of its first input. */
  LoweredValue emit(LoweredOperator operation, Shape shape, LoweredValue... from) {
    return emit(operation, "step", shape, from[0].type(), from);
  }

  /** A value under another shape of which only the outermost extent may be open. */
  LoweredValue reshape(LoweredValue x, Shape shape) {
    return reshape(x, shape, "reshape");
  }

  private LoweredValue reshape(LoweredValue x, Shape shape, String stem) {
    if (x.shape().equals(shape)) {
      return x;
    }
    List<Long> target = shape.dims().stream().map(Dim::size).toList();
    if (shape.dims().stream().filter(d -> !d.isKnown()).count() > 1) {
      throw new InputFault(
          origin + ": output " + shape + " (expected: at most one open extent); fix the batch");
    }
    return inherit(x, emit(new LoweredOperator.Reshape(target), stem, shape, x.type(), x));
  }

  /** Declares what a node makes, held as the plan says. */
  void put(NodeSite site, LoweredValue wire) {
    put(site.node().output(), wire);
  }

  /** Declares a value, held as the plan says; a part of its own fills the wire of its name. */
  void put(String value, LoweredValue wire) {
    Map<Layout, String> layouts = new EnumMap<>(Layout.class);
    layouts.put(plan.of(value), rename(value, wire).name());
    held.put(value, layouts);
  }

  /**
   * A value that is another handed on. If it is rounded otherwise than that, or that is read by
   * others too, it is held apart: the part for it takes no number away that the rounding leaves.
   */
  private LoweredValue handedOn(String value, LoweredValue wire) {
    AffineScaling scaling = scalings.get(value);
    if (scaling == null
        || wire.isConstant()
        || wire.scaling().filter(scaling::equals).isPresent()) {
      return wire;
    }
    if (wire.scaling().isEmpty() && isReadAlone(value, wire)) {
      return scaled(value, wire);
    }
    LoweredOperator least =
        new LoweredOperator.Arithmetic(LoweredOperator.Binary.MAXIMUM, Fused.NONE);
    LoweredValue low = number(scaling.low());
    return scaled(value, emit(least, value, wire.shape(), wire.type(), wire, low));
  }

  /** Whether the value that is handed on is read by the node that does so and no other. */
  private boolean isReadAlone(String value, LoweredValue wire) {
    Node by = facts.graph().producers().get(value);
    if (by == null) {
      return false;
    }
    String from = by.input(0);
    boolean isOutput = facts.graph().outputs().stream().anyMatch(o -> o.name().equals(from));
    return !isOutput
        && facts.graph().consumers().get(from).size() == 1
        && wire.name().equals(safe(from));
  }

  /** Gives what the last part made the name and scaling of the model's value. */
  private LoweredValue rename(String value, LoweredValue wire) {
    boolean fresh =
        !parts.isEmpty()
            && parts.get(parts.size() - 1).outputs().contains(wire.name())
            && wire.name().matches("(step|reshape)(_\\d+)?");
    if (!fresh) {
      return handedOn(value, wire);
    }
    wires.remove(wire.name());
    names.free(wire.name());
    LoweredNode last = parts.remove(parts.size() - 1);
    LoweredValue named = wire(value, wire.type(), wire.shape(), wire.constant());
    List<String> outputs =
        last.outputs().stream().map(o -> o.equals(wire.name()) ? named.name() : o).toList();
    parts.add(new LoweredNode(last.operation(), last.inputs(), outputs, last.origin()));
    wire.scaling().ifPresent(s -> wires.put(named.name(), named.with(s)));
    return scaled(value, wires.get(named.name()));
  }
}
