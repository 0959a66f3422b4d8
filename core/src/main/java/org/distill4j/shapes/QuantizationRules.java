package org.distill4j.shapes;

import java.util.List;
import java.util.Map;
import org.distill4j.graph.TypeCode;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/** Operators between floats and integers with a scale. */
final class QuantizationRules {
  private QuantizationRules() {}

  static void add(Map<String, Rule> rules) {
    rules.put("QuantizeLinear", Rule.one(QuantizationRules::quantize));
    rules.put("DequantizeLinear", Rule.one(QuantizationRules::dequantize));
    rules.put("DynamicQuantizeLinear", QuantizationRules::dynamic);
  }

  private static Fact quantize(Call call) {
    requireScale(call);
    long code = call.node().intAttribute("output_dtype", 0);
    DType type = code == 0 ? DType.UINT8 : TypeCode.type(code).orElse(null);
    if (call.has(2)) {
      if (code != 0 && type != null && call.type(2) != null && call.type(2) != type) {
        throw call.fault("zero point " + call.in(2) + " (expected: output_dtype " + type + ")");
      }
      type = call.type(2);
    }
    return Fact.of(type, call.shape(0));
  }

  private static Fact dequantize(Call call) {
    requireScale(call);
    if (call.has(2) && call.type(0) != null && call.type(2) != null) {
      if (call.type(0) != call.type(2)) {
        throw call.fault("zero point " + call.in(2) + " (expected: " + call.type(0) + ")");
      }
    }
    return Fact.of(call.type(1), call.shape(0));
  }

  /** One scale for all, one per channel of an axis, or one per block along an axis. */
  private static void requireScale(Call call) {
    Fact in = call.in(0);
    Fact scale = call.in(1);
    boolean perTensor =
        !scale.ranked() || scale.rank() == 0 || (scale.rank() == 1 && isOne(scale.dim(0)));
    if (!perTensor && scale.rank() == 1 && in.ranked()) {
      int axis = call.axis(1, in);
      call.requireVector(1, in.dim(axis), "scale for axis " + axis + " of " + in.shape() + ":");
    }
    if (call.has(2) && scale.ranked() && call.in(2).ranked()) {
      Shape zeroPoint = call.shape(2);
      boolean fits = zeroPoint.rank() == scale.rank();
      for (int i = 0; fits && i < scale.rank(); i++) {
        fits = !Call.differ(zeroPoint.dim(i), scale.dim(i));
      }
      if (!fits) {
        throw call.fault("zero point " + zeroPoint + " (expected: " + scale.shape() + ")");
      }
    }
  }

  private static boolean isOne(Dim dim) {
    return dim.isKnown() && dim.size() == 1;
  }

  private static List<Fact> dynamic(Call call) {
    return List.of(
        Fact.of(DType.UINT8, call.shape(0)),
        Fact.of(DType.FLOAT32, Shape.SCALAR),
        Fact.of(DType.UINT8, Shape.SCALAR));
  }
}
