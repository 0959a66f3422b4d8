package org.distill4j.shapes;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.distill4j.graph.TypeCode;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Shape;

/** Operators that work on each element by itself. */
final class ElementwiseRules {
  private static final List<String> UNARY =
      List.of(
          "Abs",
          "Acos",
          "Acosh",
          "Asin",
          "Asinh",
          "Atan",
          "Atanh",
          "BitwiseNot",
          "Ceil",
          "Celu",
          "Clip",
          "Cos",
          "Cosh",
          "Elu",
          "Erf",
          "Exp",
          "Floor",
          "Gelu",
          "HardSigmoid",
          "HardSwish",
          "LeakyRelu",
          "Log",
          "Mish",
          "Reciprocal",
          "Relu",
          "Round",
          "Selu",
          "Shrink",
          "Sigmoid",
          "Sign",
          "Sin",
          "Sinh",
          "Softplus",
          "Softsign",
          "Sqrt",
          "Tan",
          "Tanh",
          "ThresholdedRelu");

  private static final List<String> VARIADIC = List.of("Max", "Mean", "Min", "Sum");

  private ElementwiseRules() {}

  static void add(Map<String, Rule> rules) {
    UNARY.forEach(op -> rules.put(op, Rule.one(ElementwiseRules::same)));
    VARIADIC.forEach(op -> rules.put(op, Rule.one(ElementwiseRules::arithmetic)));
    for (String op : List.of("Add", "Sub", "Mul", "Div", "Mod", "BitwiseAnd", "BitwiseOr")) {
      rules.put(op, Rule.one(ElementwiseRules::arithmetic));
    }
    for (String op : List.of("BitwiseXor", "BitShift", "And", "Or", "Xor")) {
      rules.put(op, Rule.one(ElementwiseRules::arithmetic));
    }
    for (String op : List.of("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual")) {
      rules.put(op, Rule.one(ElementwiseRules::comparison));
    }
    rules.put("Pow", Rule.one(ElementwiseRules::power));
    rules.put("Identity", Rule.one(call -> call.in(0)));
    rules.put("Neg", Rule.one(ElementwiseRules::negated));
    rules.put("Not", Rule.one(ElementwiseRules::bool));
    rules.put("IsNaN", Rule.one(ElementwiseRules::bool));
    rules.put("IsInf", Rule.one(ElementwiseRules::bool));
    rules.put("Where", Rule.one(ElementwiseRules::where));
    rules.put("PRelu", Rule.one(ElementwiseRules::prelu));
    rules.put("Dropout", ElementwiseRules::dropout);
    rules.put("Cast", Rule.one(ElementwiseRules::cast));
    rules.put("CastLike", Rule.one(call -> converted(call.in(0), call.type(1))));
    rules.put("Bernoulli", Rule.one(call -> like(call)));
    rules.put("RandomNormalLike", Rule.one(call -> like(call)));
    rules.put("RandomUniformLike", Rule.one(call -> like(call)));
  }

  static Fact same(Call call) {
    return Fact.of(call.type(0), call.shape(0));
  }

  private static Fact bool(Call call) {
    return Fact.of(DType.BOOL, call.shape(0));
  }

  private static Fact negated(Call call) {
    Fact in = call.in(0);
    return same(call)
        .withElements(
            in.elements() == null ? null : in.elements().stream().map(Extent::negated).toList());
  }

  private static Fact arithmetic(Call call) {
    call.in(VARIADIC.contains(call.node().op()) ? 0 : 1);
    call.requireOneType(0);
    Shape shape = Broadcast.all(call);
    Fact fact = Fact.of(call.type(0), shape);
    Function<List<Extent>, Extent> operator = operator(call.node().op());
    return operator == null ? fact : fact.withElements(Broadcast.elements(call, shape, operator));
  }

  /** The exponent may be of another type. */
  private static Fact power(Call call) {
    return Fact.of(call.type(0), Broadcast.of(call, call.shape(0), call.shape(1)));
  }

  private static Function<List<Extent>, Extent> operator(String op) {
    return switch (op) {
      case "Add" -> v -> v.get(0).plus(v.get(1));
      case "Sub" -> v -> v.get(0).plus(v.get(1).negated());
      case "Mul" -> v -> v.get(0).times(v.get(1));
      case "Div" -> v -> quotient(v.get(0), v.get(1));
      case "Mod" -> v -> remainder(v.get(0), v.get(1));
      default -> null;
    };
  }

  private static Extent quotient(Extent a, Extent b) {
    return a.isNumber() && b.isNumber() && b.factor() != 0
        ? Extent.of(a.factor() / b.factor())
        : a.over(b);
  }

  private static Extent remainder(Extent a, Extent b) {
    return a.isNumber() && b.isNumber() && b.factor() != 0
        ? Extent.of(Math.floorMod(a.factor(), b.factor()))
        : Extent.UNKNOWN;
  }

  private static Fact comparison(Call call) {
    call.requireOneType(0);
    Shape shape = Broadcast.of(call, call.shape(0), call.shape(1));
    Fact fact = Fact.of(DType.BOOL, shape);
    return call.node().op().equals("Equal")
        ? fact.withElements(Broadcast.elements(call, shape, v -> equal(v.get(0), v.get(1))))
        : fact;
  }

  private static Extent equal(Extent a, Extent b) {
    if (a.known() && a.equals(b)) {
      return Extent.of(1);
    }
    boolean differ =
        (a.isNumber() && b.isNumber())
            || (a.isNegative() && b.known() && b.factor() >= 0)
            || (b.isNegative() && a.known() && a.factor() >= 0);
    return differ ? Extent.of(0) : Extent.UNKNOWN;
  }

  private static Fact where(Call call) {
    call.in(2);
    call.requireOneType(1);
    Shape shape = Broadcast.all(call);
    return Fact.of(call.type(1), shape)
        .withElements(
            Broadcast.elements(
                call,
                shape,
                v ->
                    v.get(0).isNumber()
                        ? v.get(v.get(0).factor() != 0 ? 1 : 2)
                        : v.get(1).equals(v.get(2)) ? v.get(1) : Extent.UNKNOWN));
  }

  /** The slope stretches to the input; a slope [C] means the last axis, as elsewhere. */
  private static Fact prelu(Call call) {
    call.requireOneType(0);
    Broadcast.requireTo(call, call.shape(1), call.shape(0), "slope");
    return same(call);
  }

  private static List<Fact> dropout(Call call) {
    for (int i = 1; i <= 2; i++) {
      if (call.has(i) && call.in(i).ranked() && call.shape(i).isStatic()) {
        requireOneElement(call, i);
      }
    }
    return List.of(same(call), bool(call));
  }

  private static void requireOneElement(Call call, int i) {
    if (call.shape(i).elements() != 1) {
      throw call.fault("input " + i + " " + call.shape(i) + " (expected: a single number)");
    }
  }

  private static Fact cast(Call call) {
    long to =
        call.node()
            .optionalInt("to")
            .orElseThrow(() -> call.fault("attribute 'to' is missing (expected: a type)"));
    return converted(call.in(0), TypeCode.type(to).orElse(null));
  }

  private static Fact converted(Fact from, DType to) {
    Fact fact = Fact.of(to, from.shape());
    boolean whole = to == DType.INT64 || to == DType.INT32;
    return whole ? fact.withElements(from.elements()) : fact;
  }

  private static Fact like(Call call) {
    long code = call.node().intAttribute("dtype", 0);
    DType type = code == 0 ? call.type(0) : TypeCode.type(code).orElse(null);
    return Fact.of(type, call.shape(0));
  }
}
