package org.distill4j.tflite;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distill4j.lowered.AffineScaling;
import org.distill4j.lowered.LoweredNode;
import org.distill4j.lowered.LoweredOperator;
import org.distill4j.lowered.LoweredValue;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.tensorflow.lite.schema.BuiltinOperator;

/** Parts that compute in 8 bits. */
final class Int8Computation {
  private final Translation into;

  Int8Computation(Translation into) {
    this.into = into;
  }

  /** Adds a part in 8 bits if that can be; tells whether it was. */
  boolean translate(LoweredNode part, Kernel kernel) {
    if (kernel.version8() == 0 || loweredType(part.output()) != DType.FLOAT32) {
      return false;
    }
    LoweredOperator operation = part.operation();
    int data = dataInputs(part);
    for (int i = 0; i < data; i++) {
      if (!hasScaling(part, i)) {
        return false;
      }
    }
    AffineScaling input = into.scaling(part.inputs().get(0)).orElseThrow();
    Optional<AffineScaling> wanted = into.scaling(part.output());
    if (wanted.isEmpty() && !keepsScale(operation)) {
      return false;
    }
    AffineScaling result = wanted.orElse(input);
    into.setScaling(part.output(), result);
    List<Integer> from = inputs(part, operation, data, input, result);
    from.addAll(into.settings(part));
    AffineScaling made =
        Translation.fixed(operation).orElse(keepsScale(operation) ? input : result);
    if (operation instanceof LoweredOperator.Concat) {
      made = result;
    }
    LoweredValue wire = into.lowered.wire(part.output());
    boolean same = made.equals(result);
    String name = wire.name() + (same ? "_int8" : "_own");
    int to = into.computed(wire, name, DType.INT8, Optional.of(made));
    into.add(into.instruction(kernel, kernel.version8(), from, to));
    if (!same) {
      int scaled = into.computed(wire, wire.name() + "_int8", DType.INT8, Optional.of(result));
      into.convert(BuiltinOperator.QUANTIZE, 2, to, scaled);
      to = scaled;
    }
    into.setSmall(part.output(), to);
    return true;
  }

  private List<Integer> inputs(
      LoweredNode part,
      LoweredOperator operation,
      int data,
      AffineScaling input,
      AffineScaling result) {
    List<Integer> from = new ArrayList<>();
    if (isWeighted(operation)) {
      from.add(into.smallIndex(part.inputs().get(0)));
      weigh(part, input, from);
    } else {
      for (int i = 0; i < data; i++) {
        boolean join = operation instanceof LoweredOperator.Concat;
        from.add(
            join ? rescaled(part.inputs().get(i), result) : into.smallIndex(part.inputs().get(i)));
      }
    }
    return from;
  }

  private void weigh(LoweredNode part, AffineScaling input, List<Integer> from) {
    LoweredOperator operation = part.operation();
    LoweredValue weights = into.lowered.wire(part.inputs().get(1));
    LoweredValue bias = into.lowered.wire(part.inputs().get(2));
    HostTensor stored = TfliteWeights.weights(operation, weights.constant().orElseThrow());
    int axis = TfliteWeights.channelAxis(operation);
    AffineScaling scaling = TfliteWeights.scaling(weights, stored, axis, true);
    from.add(
        into.tensors.constant(
            weights.name(), TfliteWeights.quantized(stored, scaling), Optional.of(scaling)));
    AffineScaling sums = TfliteWeights.biasScaling(input, scaling);
    HostTensor numbers = TfliteWeights.bias(bias.constant().orElseThrow(), sums);
    from.add(into.tensors.constant(bias.name(), numbers, Optional.of(sums)));
  }

  /** A value with the scaling of what it is joined to. */
  private int rescaled(String name, AffineScaling wanted) {
    if (into.scaling(name).orElseThrow().equals(wanted)) {
      return into.smallIndex(name);
    }
    LoweredValue wire = into.lowered.wire(name);
    int scaled = into.computed(wire, name + "_joined", DType.INT8, Optional.of(wanted));
    into.convert(BuiltinOperator.QUANTIZE, 2, into.smallIndex(name), scaled);
    return scaled;
  }

  /** Whether an input has a scaling; a constant operand of arithmetic gets one that fits it. */
  private boolean hasScaling(LoweredNode part, int input) {
    String name = part.inputs().get(input);
    LoweredValue wire = into.lowered.wire(name);
    if (wire.isConstant() && into.scaling(name).isEmpty() && wire.type() == DType.FLOAT32) {
      into.setScaling(
          name,
          wire.scaling()
              .filter(AffineScaling::isPerTensor)
              .orElseGet(() -> TfliteWeights.range(wire.constant().orElseThrow())));
    }
    return into.scaling(name).isPresent();
  }

  private DType loweredType(String wire) {
    return into.lowered.wire(wire).type();
  }

  private static boolean isWeighted(LoweredOperator operation) {
    return operation instanceof LoweredOperator.Convolution
        || operation instanceof LoweredOperator.Dense;
  }

  private static int dataInputs(LoweredNode part) {
    return isWeighted(part.operation()) ? 1 : part.inputs().size();
  }

  /** Whether an operator only moves or picks numbers, so that they keep their scale. */
  private static boolean keepsScale(LoweredOperator operation) {
    return operation instanceof LoweredOperator.Reshape
        || operation instanceof LoweredOperator.Transpose
        || operation instanceof LoweredOperator.StridedSlice
        || operation instanceof LoweredOperator.Pad
        || operation instanceof LoweredOperator.Mirror
        || operation instanceof LoweredOperator.Pool
        || operation instanceof LoweredOperator.Resize;
  }
}
