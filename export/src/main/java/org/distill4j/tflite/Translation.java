package org.distill4j.tflite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.format.InputOutputType;
import org.distill4j.format.Precision;
import org.distill4j.lowered.AffineScaling;
import org.distill4j.lowered.LoweredGraph;
import org.distill4j.lowered.LoweredNode;
import org.distill4j.lowered.LoweredOperator;
import org.distill4j.lowered.LoweredPort;
import org.distill4j.lowered.LoweredValue;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;

/**
 * A lowered graph as TFLite tensors and operators. In 8 bits a part is computed so if its operator
 * can and if all it reads and makes has a scaling; between such parts and others the numbers are
 * converted. In real numbers a value with a scaling goes through 8-bit numbers all the same, for
 * these round it and cut it off as the model does.
 */
final class Translation {
  /** Fewer weights than this gain nothing from 8 bits. */
  private static final int WORTHWHILE = 1024;

  private static final Map<LoweredOperator.Unary, AffineScaling> FIXED =
      Map.of(
          LoweredOperator.Unary.SOFTMAX, AffineScaling.of(1 / 256f, -128),
          LoweredOperator.Unary.SIGMOID, AffineScaling.of(1 / 256f, -128),
          LoweredOperator.Unary.TANH, AffineScaling.of(1 / 128f, 0));

  final LoweredGraph lowered;
  final Precision precision;
  final Tensors tensors = new Tensors();
  final List<Instruction> instructions = new ArrayList<>();
  final Map<String, Integer> inputs = new java.util.LinkedHashMap<>();
  final Map<String, Integer> outputs = new java.util.LinkedHashMap<>();
  private final Map<String, Integer> real = new HashMap<>();
  private final Map<String, Integer> small = new HashMap<>();
  private final Map<String, Integer> unrounded = new HashMap<>();
  private final Map<String, AffineScaling> scalings = new HashMap<>();
  private String origin = "";

  Translation(LoweredGraph lowered, Precision precision, InputOutputType ends) {
    this.lowered = lowered;
    this.precision = precision;
    boolean eight = precision == Precision.INT8;
    lowered
        .wires()
        .forEach(
            (name, wire) -> {
              if (!wire.isConstant() && wire.type() == DType.FLOAT32) {
                wire.scaling()
                    .filter(AffineScaling::isPerTensor)
                    .ifPresent(s -> scalings.put(name, s));
              }
            });
    lowered.inputs().forEach(port -> inputs.put(port.value().name(), input(port, ends)));
    for (LoweredNode part : lowered.parts()) {
      origin = part.origin();
      Kernel kernel = Kernel.of(part.operation());
      if (!(eight && new Int8Computation(this).translate(part, kernel))) {
        translate(part, kernel);
      }
    }
    lowered.outputs().forEach(port -> outputs.put(port.value().name(), output(port, ends)));
  }

  private int input(LoweredPort port, InputOutputType ends) {
    LoweredValue wire = lowered.wire(port.wire());
    Optional<AffineScaling> scaling = scaling(port.wire());
    if (scaling.isEmpty() || hasRealEnds(ends)) {
      int index = computed(wire, wire.name(), wire.type(), Optional.empty());
      putReal(wire.name(), index);
      return index;
    }
    int inside = computed(wire, wire.name() + "_int8", DType.INT8, scaling);
    small.put(wire.name(), inside);
    if (ends == InputOutputType.INT8) {
      return inside;
    }
    int outside = computed(wire, wire.name(), DType.UINT8, Optional.of(unsigned(scaling.get())));
    convert(BuiltinOperator.QUANTIZE, 2, outside, inside);
    return outside;
  }

  private boolean hasRealEnds(InputOutputType ends) {
    return ends == InputOutputType.FLOAT || precision != Precision.INT8;
  }

  private int output(LoweredPort port, InputOutputType ends) {
    LoweredValue wire = lowered.wire(port.wire());
    boolean isRounded = small.containsKey(port.wire()) || unrounded.containsKey(port.wire());
    Integer inside = isRounded ? (Integer) smallIndex(port.wire()) : null;
    if (inside == null || hasRealEnds(ends)) {
      return realIndex(port.wire());
    }
    if (ends == InputOutputType.INT8) {
      return inside;
    }
    AffineScaling scaling = scaling(port.wire()).orElseThrow();
    int outside =
        computed(wire, wire.name() + "_uint8", DType.UINT8, Optional.of(unsigned(scaling)));
    convert(BuiltinOperator.QUANTIZE, 2, inside, outside);
    return outside;
  }

  private static AffineScaling unsigned(AffineScaling scaling) {
    return AffineScaling.of(scaling.scales().get(0), scaling.zeroPoints().get(0) + 128);
  }

  /** The scaling of a wire's 8-bit form. */
  Optional<AffineScaling> scaling(String wire) {
    return Optional.ofNullable(scalings.get(wire));
  }

  void setScaling(String wire, AffineScaling scaling) {
    scalings.put(wire, scaling);
  }

  int computed(LoweredValue wire, String name, DType type, Optional<AffineScaling> scaling) {
    return tensors.computed(name, type, wire.ofOne(), wire.shape(), scaling);
  }

  /** The scaling that an operator's result must have whatever the model says. */
  static Optional<AffineScaling> fixed(LoweredOperator operation) {
    return operation instanceof LoweredOperator.Elementwise e
        ? Optional.ofNullable(FIXED.get(e.kind()))
        : Optional.empty();
  }

  /** A wire in real numbers. */
  int realIndex(String name) {
    Integer known = real.get(name);
    if (known != null) {
      return known;
    }
    LoweredValue wire = lowered.wire(name);
    int index;
    if (wire.isConstant()) {
      index = tensors.constant(name, wire.constant().orElseThrow(), Optional.empty());
    } else {
      String free = unrounded.containsKey(name) ? name + "_rounded" : name;
      index = computed(wire, free, wire.type(), Optional.empty());
      convert(BuiltinOperator.DEQUANTIZE, 2, smallIndex(name), index);
    }
    real.put(name, index);
    return index;
  }

  /** Notes where a wire is held in real numbers; one with a scaling is rounded for its readers. */
  private void putReal(String name, int index) {
    (scaling(name).isPresent() ? unrounded : real).put(name, index);
  }

  /** A wire in 8-bit numbers; it must have a scaling. */
  int smallIndex(String name) {
    Integer known = small.get(name);
    if (known != null) {
      return known;
    }
    LoweredValue wire = lowered.wire(name);
    AffineScaling scaling = scaling(name).orElseThrow();
    int index;
    if (wire.isConstant()) {
      HostTensor numbers = TfliteWeights.quantized(wire.constant().orElseThrow(), scaling);
      index = tensors.constant(name, numbers, Optional.of(scaling));
    } else {
      index = computed(wire, name + "_int8", DType.INT8, Optional.of(scaling));
      Integer given = unrounded.get(name);
      convert(BuiltinOperator.QUANTIZE, 1, given == null ? realIndex(name) : given, index);
    }
    small.put(name, index);
    return index;
  }

  void setSmall(String name, int index) {
    small.put(name, index);
  }

  void convert(int code, int version, int from, int to) {
    add(
        new Instruction(
            code, version, BuiltinOptions.NONE, null, List.of(from), List.of(to), origin));
  }

  void add(Instruction instruction) {
    instructions.add(instruction);
  }

  /** Adds a part in real numbers. */
  private void translate(LoweredNode part, Kernel kernel) {
    int version = kernel.version();
    List<Integer> from = new ArrayList<>();
    LoweredOperator operation = part.operation();
    boolean weighted =
        operation instanceof LoweredOperator.Convolution
            || operation instanceof LoweredOperator.Dense;
    if (weighted) {
      from.add(realIndex(part.inputs().get(0)));
      LoweredValue weights = lowered.wire(part.inputs().get(1));
      boolean eight = precision == Precision.DYNAMIC && elements(weights) >= WORTHWHILE;
      boolean rounds = lowered.isQuantized(); // its numbers are rounded once, not twice
      int held = eight ? dynamic(operation, weights) : stored(operation, weights);
      from.add(eight && rounds ? widened(operation, weights, held) : held);
      from.add(realIndex(part.inputs().get(2)));
      version = eight && !rounds ? dynamicVersion(operation) : version;
    } else {
      part.inputs().forEach(i -> from.add(realIndex(i)));
    }
    from.addAll(settings(part));
    LoweredValue wire = lowered.wire(part.output());
    int to = computed(wire, wire.name(), wire.type(), Optional.empty());
    putReal(wire.name(), to);
    add(instruction(kernel, version, from, to));
  }

  Instruction instruction(Kernel kernel, int version, List<Integer> from, int to) {
    return new Instruction(
        kernel.code(), version, kernel.optionsType(), kernel.options(), from, List.of(to), origin);
  }

  private static long elements(LoweredValue weights) {
    return weights.shape().elements();
  }

  private int stored(LoweredOperator operation, LoweredValue weights) {
    HostTensor stored = TfliteWeights.weights(operation, weights.constant().orElseThrow());
    return tensors.constant(weights.name(), stored, Optional.empty());
  }

  private int dynamic(LoweredOperator operation, LoweredValue weights) {
    HostTensor stored = TfliteWeights.weights(operation, weights.constant().orElseThrow());
    boolean perChannel = operation instanceof LoweredOperator.Convolution || lowered.isQuantized();
    int axis = TfliteWeights.channelAxis(operation);
    AffineScaling scaling = TfliteWeights.scaling(weights, stored, axis, perChannel);
    return tensors.constant(
        weights.name(), TfliteWeights.quantized(stored, scaling), Optional.of(scaling));
  }

  /** Weights that lie in 8 bits, in real numbers. */
  private int widened(LoweredOperator operation, LoweredValue weights, int small) {
    HostTensor stored = TfliteWeights.weights(operation, weights.constant().orElseThrow());
    int index =
        tensors.computed(
            weights.name() + "_real",
            DType.FLOAT32,
            stored.shape(),
            stored.shape(),
            Optional.empty());
    convert(BuiltinOperator.DEQUANTIZE, 5, small, index);
    return index;
  }

  private static int dynamicVersion(LoweredOperator operation) {
    if (operation instanceof LoweredOperator.Convolution c) {
      return c.depthwise() ? 6 : 5;
    }
    return 3;
  }

  /** What an operator reads its axes and the like from: further inputs. */
  List<Integer> settings(LoweredNode part) {
    String name = part.output() + ".settings";
    LoweredOperator operation = part.operation();
    if (operation instanceof LoweredOperator.Reshape r) {
      return List.of(vector(name, r.target().stream().mapToInt(Long::intValue).toArray()));
    } else if (operation instanceof LoweredOperator.Transpose t) {
      return List.of(vector(name, ints(t.order())));
    } else if (operation instanceof LoweredOperator.Reduce r) {
      return List.of(vector(name, ints(r.axes())));
    } else if (operation instanceof LoweredOperator.Resize r) {
      return List.of(vector(name, r.rows(), r.columns()));
    } else if (operation instanceof LoweredOperator.ArgMax a) {
      return List.of(tensors.integers(name, Shape.SCALAR, a.axis()));
    }
    return severalSettings(part);
  }

  private List<Integer> severalSettings(LoweredNode part) {
    String name = part.output() + ".settings";
    if (part.operation() instanceof LoweredOperator.StridedSlice s) {
      return List.of(
          vector(name + ".begin", ints(s.begin())),
          vector(name + ".end", ints(s.end())),
          vector(name + ".step", ints(s.step())));
    } else if (part.operation() instanceof LoweredOperator.Pad p) {
      int pads = pads(name, p.pads());
      return p.value() == 0
          ? List.of(pads)
          : List.of(
              pads,
              tensors.constant(
                  name + ".value", HostTensor.ofFloats(Shape.of(1), p.value()), Optional.empty()));
    } else if (part.operation() instanceof LoweredOperator.Mirror m) {
      return List.of(pads(name, m.pads()));
    }
    return List.of();
  }

  private int pads(String name, List<List<Integer>> pads) {
    int[] flat = pads.stream().flatMap(List::stream).mapToInt(i -> i).toArray();
    return tensors.integers(name, Shape.of(pads.size(), 2), flat);
  }

  private int vector(String name, int... values) {
    return tensors.integers(name, Shape.of(values.length), values);
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(i -> i).toArray();
  }
}
