package org.distill4j.shapes;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.distill4j.graph.OnnxTypeCode;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Shape;

/** Operators that work on each element by itself. */
final class ElementwiseShapeRules {
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

  private ElementwiseShapeRules() {}

  static void add(Map<String, ShapeRule> rules) {
    UNARY.forEach(op -> rules.put(op, ShapeRule.one(ElementwiseShapeRules::same)));
    VARIADIC.forEach(op -> rules.put(op, ShapeRule.one(ElementwiseShapeRules::arithmetic)));
    for (String op : List.of("Add", "Sub", "Mul", "Div", "Mod", "BitwiseAnd", "BitwiseOr")) {
      rules.put(op, ShapeRule.one(ElementwiseShapeRules::arithmetic));
    }
    for (String op : List.of("BitwiseXor", "BitShift", "And", "Or", "Xor")) {
      rules.put(op, ShapeRule.one(ElementwiseShapeRules::arithmetic));
    }
    for (String op : List.of("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual")) {
      rules.put(op, ShapeRule.one(ElementwiseShapeRules::comparison));
    }
    rules.put("Pow", ShapeRule.one(ElementwiseShapeRules::power));
    rules.put("Identity", ShapeRule.one(site -> site.in(0)));
    rules.put("Neg", ShapeRule.one(ElementwiseShapeRules::negated));
    rules.put("Not", ShapeRule.one(ElementwiseShapeRules::bool));
    rules.put("IsNaN", ShapeRule.one(ElementwiseShapeRules::bool));
    rules.put("IsInf", ShapeRule.one(ElementwiseShapeRules::bool));
    rules.put("Where", ShapeRule.one(ElementwiseShapeRules::where));
    rules.put("PRelu", ShapeRule.one(ElementwiseShapeRules::prelu));
    rules.put("Dropout", ElementwiseShapeRules::dropout);
    rules.put("Cast", ShapeRule.one(ElementwiseShapeRules::cast));
    rules.put("CastLike", ShapeRule.one(site -> converted(site.in(0), site.type(1))));
    rules.put("Bernoulli", ShapeRule.one(site -> like(site)));
    rules.put("RandomNormalLike", ShapeRule.one(site -> like(site)));
    rules.put("RandomUniformLike", ShapeRule.one(site -> like(site)));
  }

  static ValueFact same(NodeSite site) {
    return ValueFact.of(site.type(0), site.in(0).shape());
  }

  private static ValueFact bool(NodeSite site) {
    return ValueFact.of(DType.BOOL, site.in(0).shape());
  }

  private static ValueFact negated(NodeSite site) {
    ValueFact in = site.in(0);
    return same(site)
        .withElements(
            in.elements() == null
                ? null
                : in.elements().stream().map(SymbolicExtent::negated).toList());
  }

  private static ValueFact arithmetic(NodeSite site) {
    site.in(VARIADIC.contains(site.node().op()) ? 0 : 1);
    site.requireOneType(0);
    Shape shape = Broadcast.all(site);
    ValueFact fact = ValueFact.of(site.type(0), shape);
    Function<List<SymbolicExtent>, SymbolicExtent> operator = operator(site.node().op());
    return operator == null ? fact : fact.withElements(Broadcast.elements(site, shape, operator));
  }

  /** The exponent may be of another type. */
  private static ValueFact power(NodeSite site) {
    return ValueFact.of(site.type(0), Broadcast.of(site, site.in(0).shape(), site.in(1).shape()));
  }

  private static Function<List<SymbolicExtent>, SymbolicExtent> operator(String op) {
    return switch (op) {
      case "Add" -> v -> v.get(0).plus(v.get(1));
      case "Sub" -> v -> v.get(0).plus(v.get(1).negated());
      case "Mul" -> v -> v.get(0).times(v.get(1));
      case "Div" -> v -> quotient(v.get(0), v.get(1));
      case "Mod" -> v -> remainder(v.get(0), v.get(1));
      default -> null;
    };
  }

  private static SymbolicExtent quotient(SymbolicExtent a, SymbolicExtent b) {
    return a.isNumber() && b.isNumber() && b.factor() != 0
        ? SymbolicExtent.of(a.factor() / b.factor())
        : a.over(b);
  }

  private static SymbolicExtent remainder(SymbolicExtent a, SymbolicExtent b) {
    return a.isNumber() && b.isNumber() && b.factor() != 0
        ? SymbolicExtent.of(Math.floorMod(a.factor(), b.factor()))
        : SymbolicExtent.UNKNOWN;
  }

  private static ValueFact comparison(NodeSite site) {
    site.requireOneType(0);
    Shape shape = Broadcast.of(site, site.in(0).shape(), site.in(1).shape());
    ValueFact fact = ValueFact.of(DType.BOOL, shape);
    return site.node().op().equals("Equal")
        ? fact.withElements(Broadcast.elements(site, shape, v -> equal(v.get(0), v.get(1))))
        : fact;
  }

  private static SymbolicExtent equal(SymbolicExtent a, SymbolicExtent b) {
    if (a.known() && a.equals(b)) {
      return SymbolicExtent.of(1);
    }
    boolean differ =
        (a.isNumber() && b.isNumber())
            || (a.isNegative() && b.known() && b.factor() >= 0)
            || (b.isNegative() && a.known() && a.factor() >= 0);
    return differ ? SymbolicExtent.of(0) : SymbolicExtent.UNKNOWN;
  }

  private static ValueFact where(NodeSite site) {
    site.in(2);
    site.requireOneType(1);
    Shape shape = Broadcast.all(site);
    return ValueFact.of(site.type(1), shape)
        .withElements(
            Broadcast.elements(
                site,
                shape,
                v ->
                    v.get(0).isNumber()
                        ? v.get(v.get(0).factor() != 0 ? 1 : 2)
                        : v.get(1).equals(v.get(2)) ? v.get(1) : SymbolicExtent.UNKNOWN));
  }

  /** The slope stretches to the input; a slope [C] means the last axis, as elsewhere. */
  private static ValueFact prelu(NodeSite site) {
    site.requireOneType(0);
    Broadcast.requireTo(site, site.in(1).shape(), site.in(0).shape(), "slope");
    return same(site);
  }

  private static List<ValueFact> dropout(NodeSite site) {
    for (int i = 1; i <= 2; i++) {
      if (site.has(i) && site.in(i).ranked() && site.in(i).shape().isStatic()) {
        requireOneElement(site, i);
      }
    }
    return List.of(same(site), bool(site));
  }

  private static void requireOneElement(NodeSite site, int i) {
    if (site.in(i).shape().elements() != 1) {
      throw site.fault("input " + i + " " + site.in(i).shape() + " (expected: a single number)");
    }
  }

  private static ValueFact cast(NodeSite site) {
    long to =
        site.node()
            .optionalInt("to")
            .orElseThrow(() -> site.fault("attribute 'to' is missing (expected: a type)"));
    return converted(site.in(0), OnnxTypeCode.type(to).orElse(null));
  }

  private static ValueFact converted(ValueFact from, DType to) {
    ValueFact fact = ValueFact.of(to, from.shape());
    boolean whole = to == DType.INT64 || to == DType.INT32;
    return whole ? fact.withElements(from.elements()) : fact;
  }

  private static ValueFact like(NodeSite site) {
    long code = site.node().intAttribute("dtype", 0);
    DType type = code == 0 ? site.type(0) : OnnxTypeCode.type(code).orElse(null);
    return ValueFact.of(type, site.in(0).shape());
  }
}
