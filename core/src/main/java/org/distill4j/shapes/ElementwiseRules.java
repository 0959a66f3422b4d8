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
    rules.put("Identity", Rule.one(site -> site.in(0)));
    rules.put("Neg", Rule.one(ElementwiseRules::negated));
    rules.put("Not", Rule.one(ElementwiseRules::bool));
    rules.put("IsNaN", Rule.one(ElementwiseRules::bool));
    rules.put("IsInf", Rule.one(ElementwiseRules::bool));
    rules.put("Where", Rule.one(ElementwiseRules::where));
    rules.put("PRelu", Rule.one(ElementwiseRules::prelu));
    rules.put("Dropout", ElementwiseRules::dropout);
    rules.put("Cast", Rule.one(ElementwiseRules::cast));
    rules.put("CastLike", Rule.one(site -> converted(site.in(0), site.type(1))));
    rules.put("Bernoulli", Rule.one(site -> like(site)));
    rules.put("RandomNormalLike", Rule.one(site -> like(site)));
    rules.put("RandomUniformLike", Rule.one(site -> like(site)));
  }

  static Fact same(NodeSite site) {
    return Fact.of(site.type(0), site.in(0).shape());
  }

  private static Fact bool(NodeSite site) {
    return Fact.of(DType.BOOL, site.in(0).shape());
  }

  private static Fact negated(NodeSite site) {
    Fact in = site.in(0);
    return same(site)
        .withElements(
            in.elements() == null ? null : in.elements().stream().map(Extent::negated).toList());
  }

  private static Fact arithmetic(NodeSite site) {
    site.in(VARIADIC.contains(site.node().op()) ? 0 : 1);
    site.requireOneType(0);
    Shape shape = Broadcast.all(site);
    Fact fact = Fact.of(site.type(0), shape);
    Function<List<Extent>, Extent> operator = operator(site.node().op());
    return operator == null ? fact : fact.withElements(Broadcast.elements(site, shape, operator));
  }

  /** The exponent may be of another type. */
  private static Fact power(NodeSite site) {
    return Fact.of(site.type(0), Broadcast.of(site, site.in(0).shape(), site.in(1).shape()));
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

  private static Fact comparison(NodeSite site) {
    site.requireOneType(0);
    Shape shape = Broadcast.of(site, site.in(0).shape(), site.in(1).shape());
    Fact fact = Fact.of(DType.BOOL, shape);
    return site.node().op().equals("Equal")
        ? fact.withElements(Broadcast.elements(site, shape, v -> equal(v.get(0), v.get(1))))
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

  private static Fact where(NodeSite site) {
    site.in(2);
    site.requireOneType(1);
    Shape shape = Broadcast.all(site);
    return Fact.of(site.type(1), shape)
        .withElements(
            Broadcast.elements(
                site,
                shape,
                v ->
                    v.get(0).isNumber()
                        ? v.get(v.get(0).factor() != 0 ? 1 : 2)
                        : v.get(1).equals(v.get(2)) ? v.get(1) : Extent.UNKNOWN));
  }

  /** The slope stretches to the input; a slope [C] means the last axis, as elsewhere. */
  private static Fact prelu(NodeSite site) {
    site.requireOneType(0);
    Broadcast.requireTo(site, site.in(1).shape(), site.in(0).shape(), "slope");
    return same(site);
  }

  private static List<Fact> dropout(NodeSite site) {
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

  private static Fact cast(NodeSite site) {
    long to =
        site.node()
            .optionalInt("to")
            .orElseThrow(() -> site.fault("attribute 'to' is missing (expected: a type)"));
    return converted(site.in(0), TypeCode.type(to).orElse(null));
  }

  private static Fact converted(Fact from, DType to) {
    Fact fact = Fact.of(to, from.shape());
    boolean whole = to == DType.INT64 || to == DType.INT32;
    return whole ? fact.withElements(from.elements()) : fact;
  }

  private static Fact like(NodeSite site) {
    long code = site.node().intAttribute("dtype", 0);
    DType type = code == 0 ? site.type(0) : TypeCode.type(code).orElse(null);
    return Fact.of(type, site.in(0).shape());
  }
}
