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
import org.distill4j.graph.Value;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** A circuit while it is drawn: the wires so far, each value in the layouts it was asked for. */
final class Draft {
  private final GraphFacts facts;
  private final LayoutPlan plan;
  private final Map<String, Scaling> scalings;
  private final Map<String, Wire> wires = new LinkedHashMap<>();
  private final FreshNames names = new FreshNames();
  private final Map<String, Port> inputs = new HashMap<>();
  private final List<Part> parts = new ArrayList<>();
  private final Map<String, Map<Layout, String>> held = new HashMap<>();
  private String origin = "";

  /**
   * An empty draft.
   *
   * @param scalings of the model's values by name
   */
  Draft(GraphFacts facts, Map<String, Scaling> scalings) {
    this.facts = facts;
    this.plan = LayoutPlan.of(facts);
    this.scalings = scalings;
  }

  LayoutPlan plan() {
    return plan;
  }

  Map<String, Wire> wires() {
    return wires;
  }

  List<Part> parts() {
    return parts;
  }

  Port input(Value value) {
    any(value.name());
    return inputs.get(value.name());
  }

  /** Begins with a node; faults and parts are named after it. */
  void enter(NodeSite site) {
    origin = site.node().toString();
  }

  /** Where an output of the model is read: a map stays as it is held. */
  Port output(Value value) {
    Layout kept = any(value.name()).shape().rank() == 4 ? layout(value.name()) : Layout.ONNX;
    return new Port(value, value(value.name(), kept).name(), kept);
  }

  private Layout layout(String value) {
    return inputs.containsKey(value) ? inputs.get(value).layout() : plan.of(value);
  }

  /** How the output of a node is to be held. */
  Layout out(NodeSite site) {
    return plan.of(site.node().output());
  }

  /** An input of a node, held as the plan says. */
  Wire in(NodeSite site, int input) {
    return value(site.node().input(input), plan.of(site, input));
  }

  /** An input of a node, held as asked. */
  Wire in(NodeSite site, int input, Layout layout) {
    return value(site.node().input(input), layout);
  }

  private Wire any(String name) {
    Map<Layout, String> layouts = held.get(name);
    return layouts == null
        ? value(name, plan.of(name))
        : wires.get(layouts.values().iterator().next());
  }

  /** Any value, held as asked. */
  Wire value(String name, Layout layout) {
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
    Wire onnx = inOnnxOrder(name, layouts);
    if (layout == Layout.ONNX) {
      return onnx;
    }
    if (layout == Layout.FLAT_CHANNELS_LAST) {
      throw new IllegalArgumentException("value '" + name + "': is not flat");
    }
    Wire last = move(onnx, Axes.toLast(onnx.shape().rank()), ".last");
    layouts.put(layout, last.name());
    return last;
  }

  private Wire inOnnxOrder(String name, Map<Layout, String> layouts) {
    String onnx = layouts.get(Layout.ONNX);
    if (onnx != null) {
      return wires.get(onnx);
    }
    Wire made;
    if (layouts.containsKey(Layout.CHANNELS_LAST)) {
      Wire last = wires.get(layouts.get(Layout.CHANNELS_LAST));
      made = move(last, Axes.toFirst(last.shape().rank()), ".first");
    } else {
      Wire flat = wires.get(layouts.get(Layout.FLAT_CHANNELS_LAST));
      long channels = plan.channels(name);
      Shape parts =
          Shape.of(
              List.of(
                  flat.shape().dim(0), Dim.of(flat.shape().size(1) / channels), Dim.of(channels)));
      Wire split = reshape(flat, parts, flat.name() + ".split");
      Wire first = move(split, new int[] {0, 2, 1}, ".first");
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
    Wire wire = wire(name, input.type(), heldShape(input.shape(), fed), Optional.empty());
    layouts.put(fed, scaled(name, wire).name());
    inputs.put(name, new Port(input, wire.name(), fed));
  }

  private Wire scaled(String value, Wire wire) {
    Scaling scaling = scalings.get(value);
    Wire with = scaling == null ? wire : wire.with(scaling);
    wires.put(with.name(), with);
    return with;
  }

  private Wire move(Wire x, int[] order, String suffix) {
    List<Dim> dims = Arrays.stream(order).mapToObj(x.shape()::dim).toList();
    Shape moved = Shape.of(dims);
    boolean free = isFree(x.shape(), order);
    Wire y =
        free
            ? reshape(x, moved, x.name() + suffix)
            : emit(
                new Operation.Transpose(Arrays.stream(order).boxed().toList()),
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
  Wire inherit(Wire from, Wire to) {
    if (from.scaling().isEmpty() || to.scaling().isPresent()) {
      return to;
    }
    Wire with = to.with(from.scaling().get());
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
  private Wire wire(String stem, DType type, Shape shape, Optional<HostTensor> constant) {
    String safe = stem.replaceAll("[^A-Za-z0-9_.]", "_");
    safe = safe.isEmpty() || !safe.matches("[A-Za-z0-9.].*") ? "n" + safe : safe;
    Wire wire = new Wire(names.name(safe), type, shape, constant, Optional.empty());
    wires.put(wire.name(), wire);
    return wire;
  }

  /** A constant. */
  Wire constant(String stem, HostTensor tensor) {
    return wire(stem, tensor.type(), tensor.shape(), Optional.of(tensor));
  }

  /** A constant number. */
  Wire number(double value) {
    return constant("number", HostTensor.scalar((float) value));
  }

  /** Weights, biases and the like, ordered as their operator wants them. */
  Wire weights(NodeSite site, int input) {
    VariableLayout layout = WeightRules.stored(site, plan, input);
    String name = site.node().input(input);
    HostTensor onnx =
        facts
            .known()
            .constant(name)
            .orElseThrow(() -> site.fault("'" + name + "' is computed (expected: a constant)"));
    String stem = facts.origin(name);
    Wire wire = constant(stem, layout.toTensorFlow(onnx));
    Scaling scaling = scalings.getOrDefault(name, scalings.get(stem));
    if (scaling == null) {
      return wire;
    }
    Wire with = wire.with(scaling);
    wires.put(with.name(), with);
    return with;
  }

  /** Adds a part that fills a new wire. */
  Wire emit(Operation operation, String stem, Shape shape, DType type, Wire... from) {
    Wire wire = wire(stem, type, shape, Optional.empty());
    List<String> names = Arrays.stream(from).map(Wire::name).toList();
    parts.add(new Part(operation, names, List.of(wire.name()), origin));
    return wire;
  }

  /** Adds a part whose result has the type of its first input. */
  Wire emit(Operation operation, Shape shape, Wire... from) {
    return emit(operation, "step", shape, from[0].type(), from);
  }

  /** A value under another shape of which only the outermost extent may be open. */
  Wire reshape(Wire x, Shape shape) {
    return reshape(x, shape, "reshape");
  }

  private Wire reshape(Wire x, Shape shape, String stem) {
    if (x.shape().equals(shape)) {
      return x;
    }
    List<Long> target = shape.dims().stream().map(Dim::size).toList();
    if (shape.dims().stream().filter(d -> !d.isKnown()).count() > 1) {
      throw new InputFault(
          origin + ": output " + shape + " (expected: at most one open extent); fix the batch");
    }
    return inherit(x, emit(new Operation.Reshape(target), stem, shape, x.type(), x));
  }

  /** Declares what a node makes, held as the plan says. */
  void put(NodeSite site, Wire wire) {
    put(site.node().output(), wire);
  }

  /** Declares a value, held as the plan says; a part of its own fills the wire of its name. */
  void put(String value, Wire wire) {
    Map<Layout, String> layouts = new EnumMap<>(Layout.class);
    layouts.put(plan.of(value), rename(value, wire).name());
    held.put(value, layouts);
  }

  /** Gives what the last part made the name and scaling of the model's value. */
  private Wire rename(String value, Wire wire) {
    boolean fresh =
        !parts.isEmpty()
            && parts.get(parts.size() - 1).outputs().contains(wire.name())
            && wire.name().matches("(step|reshape)(_\\d+)?");
    if (!fresh) {
      return scalings.containsKey(value) && !wire.isConstant() && wire.scaling().isEmpty()
          ? scaled(value, wire)
          : wire;
    }
    wires.remove(wire.name());
    names.free(wire.name());
    Part last = parts.remove(parts.size() - 1);
    Wire named = wire(value, wire.type(), wire.shape(), wire.constant());
    List<String> outputs =
        last.outputs().stream().map(o -> o.equals(wire.name()) ? named.name() : o).toList();
    parts.add(new Part(last.operation(), last.inputs(), outputs, last.origin()));
    wire.scaling().ifPresent(s -> wires.put(named.name(), named.with(s)));
    return scaled(value, wires.get(named.name()));
  }
}
