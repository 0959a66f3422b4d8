package org.distill4j.lowered;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.FreshNames;
import org.distill4j.lowered.LoweredOperator.Arithmetic;
import org.distill4j.lowered.LoweredOperator.Binary;
import org.distill4j.lowered.LoweredOperator.Elementwise;
import org.distill4j.lowered.LoweredOperator.Unary;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;

/**
 * What 8-bit numbers cut off, in forms that compute in real numbers: a value with a scaling is held
 * between the least and the largest number of it, unless it cannot lie beyond them.
 */
final class Clipping {
  /** How far a bound may be off for the rounding of floats. */
  private static final double SLACK = 1e-6;

  /** Between which numbers a value lies. */
  private record Interval(double low, double high) {
    static final Interval ALL = new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    Interval within(double least, double most) {
      return new Interval(
          Math.min(most, Math.max(low, least)), Math.max(least, Math.min(high, most)));
    }

    Interval with(Interval other) {
      return new Interval(Math.min(low, other.low), Math.max(high, other.high));
    }
  }

  private final LoweredGraph from;
  private final FreshNames names;
  private final Map<String, LoweredValue> wires;
  private final List<LoweredNode> parts = new ArrayList<>();
  private final Map<String, Interval> known = new HashMap<>();
  private final Map<String, String> renamed = new HashMap<>();

  private Clipping(LoweredGraph from) {
    this.from = from;
    this.wires = new LinkedHashMap<>(from.wires());
    this.names = new FreshNames(wires.keySet(), 2);
  }

  static LoweredGraph apply(LoweredGraph lowered) {
    return lowered.isQuantized() ? new Clipping(lowered).run() : lowered;
  }

  private LoweredGraph run() {
    for (LoweredPort port : from.inputs()) {
      LoweredValue fed = from.wire(port.wire());
      if (isClipped(fed)) {
        LoweredValue held = wire(fed.name() + "_held", fed);
        clip(fed.name(), held, fed.scaling().orElseThrow(), Interval.ALL, "");
        renamed.put(fed.name(), held.name());
      }
    }
    from.parts().forEach(this::add);
    List<LoweredPort> outputs =
        from.outputs().stream()
            .map(p -> new LoweredPort(p.value(), named(p.wire()), p.layout()))
            .toList();
    return new LoweredGraph(
        from.graph(), from.inputs(), outputs, wires, parts, from.features().map(this::named));
  }

  private String named(String wire) {
    return renamed.getOrDefault(wire, wire);
  }

  private static boolean isClipped(LoweredValue wire) {
    return wire.type() == DType.FLOAT32
        && !wire.isConstant()
        && wire.scaling().filter(AffineScaling::isPerTensor).isPresent();
  }

  private void add(LoweredNode part) {
    List<String> inputs = part.inputs().stream().map(this::named).toList();
    LoweredNode read = new LoweredNode(part.operation(), inputs, part.outputs(), part.origin());
    LoweredValue made = from.wire(part.output());
    Interval natural = interval(read);
    if (!isClipped(made)) {
      parts.add(read);
      known.put(made.name(), natural);
      return;
    }
    AffineScaling scaling = made.scaling().orElseThrow();
    boolean low = cutsLow(scaling, natural);
    boolean high = cutsHigh(scaling, natural);
    if (!low && !high) {
      parts.add(read);
    } else if (low && scaling.low() == 0 && LoweredOperator.canFuse(part.operation())) {
      LoweredOperator fused = LoweredOperator.fuse(part.operation(), Fused.RELU);
      LoweredValue before = high ? wire(made.name() + "_real", made) : made;
      parts.add(new LoweredNode(fused, inputs, List.of(before.name()), part.origin()));
      if (high) {
        Interval above = natural.within(0, Double.POSITIVE_INFINITY);
        clip(before.name(), made, scaling, above, part.origin());
      }
    } else {
      LoweredValue before = wire(made.name() + "_real", made);
      parts.add(new LoweredNode(part.operation(), inputs, List.of(before.name()), part.origin()));
      clip(before.name(), made, scaling, natural, part.origin());
    }
    known.put(made.name(), natural.within(scaling.low(), scaling.high()));
  }

  private static boolean cutsLow(AffineScaling scaling, Interval natural) {
    return natural.low() < scaling.low() - SLACK * (scaling.high() - scaling.low());
  }

  private static boolean cutsHigh(AffineScaling scaling, Interval natural) {
    return natural.high() > scaling.high() + SLACK * (scaling.high() - scaling.low());
  }

  /** Adds the parts that hold a value between its bounds. */
  private void clip(
      String real, LoweredValue held, AffineScaling scaling, Interval natural, String origin) {
    boolean high = cutsHigh(scaling, natural);
    String at = real;
    if (cutsLow(scaling, natural)) {
      String above = high ? wire(held.name() + "_above", held).name() : held.name();
      boolean relu = scaling.low() == 0;
      List<String> inputs = relu ? List.of(at) : List.of(at, number(scaling.low()));
      LoweredOperator operation =
          relu ? new Elementwise(Unary.RELU) : new Arithmetic(Binary.MAXIMUM, Fused.NONE);
      parts.add(new LoweredNode(operation, inputs, List.of(above), origin));
      at = above;
    }
    if (high) {
      parts.add(
          new LoweredNode(
              new Arithmetic(Binary.MINIMUM, Fused.NONE),
              List.of(at, number(scaling.high())),
              List.of(held.name()),
              origin));
    }
    known.put(held.name(), natural.within(scaling.low(), scaling.high()));
  }

  private LoweredValue wire(String stem, LoweredValue like) {
    LoweredValue wire =
        new LoweredValue(
            names.name(stem), like.type(), like.shape(), Optional.empty(), Optional.empty());
    wires.put(wire.name(), wire);
    return wire;
  }

  private String number(float value) {
    String name = names.name("number");
    HostTensor tensor = HostTensor.scalar(value);
    wires.put(
        name,
        new LoweredValue(
            name, tensor.type(), tensor.shape(), Optional.of(tensor), Optional.empty()));
    return name;
  }

  /** Between which numbers a part's result lies, as far as that is known of its inputs. */
  private Interval interval(LoweredNode part) {
    LoweredOperator operation = part.operation();
    Interval x =
        part.inputs().isEmpty()
            ? Interval.ALL
            : known.getOrDefault(part.inputs().get(0), Interval.ALL);
    if (operation instanceof Elementwise e) {
      return elementwise(e.kind(), x);
    } else if (operation instanceof LoweredOperator.Convolution c) {
      return fused(c.fused(), Interval.ALL);
    } else if (operation instanceof LoweredOperator.Dense d) {
      return fused(d.fused(), Interval.ALL);
    } else if (operation instanceof Arithmetic a) {
      return fused(a.fused(), arithmetic(part, a.kind()));
    } else if (operation instanceof LoweredOperator.Pool p) {
      return fused(p.fused(), x);
    } else if (operation instanceof LoweredOperator.Concat) {
      Interval all = x;
      for (String input : part.inputs()) {
        all = all.with(known.getOrDefault(input, Interval.ALL));
      }
      return all;
    } else if (operation instanceof LoweredOperator.Pad p) {
      return x.with(new Interval(p.value(), p.value()));
    } else if (operation instanceof LoweredOperator.Reduce r) {
      return r.kind() == LoweredOperator.Reduction.SUM ? Interval.ALL : x;
    }
    return moves(operation) ? x : Interval.ALL;
  }

  private Interval arithmetic(LoweredNode part, Binary kind) {
    Interval a = operand(part.inputs().get(0));
    Interval b = operand(part.inputs().get(1));
    return switch (kind) {
      case MAXIMUM -> new Interval(Math.max(a.low, b.low), Math.max(a.high, b.high));
      case MINIMUM -> new Interval(Math.min(a.low, b.low), Math.min(a.high, b.high));
      case ADD, DIV, MUL, POW, SUB -> Interval.ALL;
    };
  }

  private Interval operand(String name) {
    Optional<HostTensor> constant = wires.get(name).constant();
    if (constant.isEmpty() || constant.get().elements() != 1) {
      return known.getOrDefault(name, Interval.ALL);
    }
    double value = constant.get().toDoubles()[0];
    return new Interval(value, value);
  }

  private static boolean moves(LoweredOperator operation) {
    return operation instanceof LoweredOperator.Reshape
        || operation instanceof LoweredOperator.Transpose
        || operation instanceof LoweredOperator.StridedSlice
        || operation instanceof LoweredOperator.Mirror
        || operation instanceof LoweredOperator.Resize
        || operation instanceof LoweredOperator.Gather
        || operation instanceof LoweredOperator.Blocks;
  }

  private static Interval elementwise(Unary kind, Interval x) {
    return switch (kind) {
      case RELU -> fused(Fused.RELU, x);
      case RELU6 -> fused(Fused.RELU6, x);
      case SIGMOID, SOFTMAX -> new Interval(0, 1);
      case TANH, SIGN -> new Interval(-1, 1);
      case ABS, EXP, SQRT, SQUARE, RSQRT -> new Interval(0, Double.POSITIVE_INFINITY);
      case LOG_SOFTMAX -> new Interval(Double.NEGATIVE_INFINITY, 0);
      case CEIL, ELU, FLOOR, HARD_SWISH, LOG, NEG -> Interval.ALL;
    };
  }

  private static Interval fused(Fused fused, Interval x) {
    return switch (fused) {
      case NONE -> x;
      case RELU -> x.within(0, Double.POSITIVE_INFINITY);
      case RELU6 -> x.within(0, 6);
    };
  }
}
