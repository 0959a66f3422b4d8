package org.distill4j.oracle;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.distill4j.graph.Node;

/** The operators that can be carried out, each with its arithmetic. */
final class Operators {
  /** One operator. */
  @FunctionalInterface
  interface Operator {
    Held run(Call call);
  }

  private static final Map<String, Operator> ALL =
      Map.ofEntries(
          Map.entry("Add", call -> Elementwise.binary(call, Double::sum)),
          Map.entry("AveragePool", Pools::average),
          Map.entry("BatchNormalization", Elementwise::normalize),
          Map.entry("Cast", Elementwise::cast),
          Map.entry(
              "Clip",
              call ->
                  Elementwise.clip(
                      call,
                      call.number(1, Double.NEGATIVE_INFINITY),
                      call.number(2, Double.POSITIVE_INFINITY))),
          Map.entry("Concat", Moves::concat),
          Map.entry("Conv", Products::conv),
          Map.entry("DequantizeLinear", Rounding::dequantize),
          Map.entry("Div", call -> Elementwise.binary(call, (a, b) -> a / b)),
          Map.entry("Dropout", call -> call.in(0)),
          Map.entry("Exp", call -> Elementwise.unary(call, Math::exp)),
          Map.entry("Flatten", Moves::reshape),
          Map.entry("Gather", Moves::gather),
          Map.entry("Gemm", Products::gemm),
          Map.entry("GlobalAveragePool", Pools::globalAverage),
          Map.entry("HardSigmoid", Operators::hardSigmoid),
          Map.entry(
              "HardSwish",
              call -> Elementwise.unary(call, x -> x * Math.max(0, Math.min(1, x / 6 + .5)))),
          Map.entry("Identity", call -> call.in(0)),
          Map.entry("LeakyRelu", Operators::leakyRelu),
          Map.entry("LogSoftmax", call -> Elementwise.softmax(call, true)),
          Map.entry("MatMul", Products::matMul),
          Map.entry("MatMulInteger", Products::matMulInteger),
          Map.entry("MaxPool", Pools::max),
          Map.entry("Mul", call -> Elementwise.binary(call, (a, b) -> a * b)),
          Map.entry("Neg", call -> Elementwise.unary(call, x -> -x)),
          Map.entry("Pad", Moves::pad),
          Map.entry("QuantizeLinear", Rounding::quantize),
          Map.entry("Relu", call -> Elementwise.clip(call, 0, Double.POSITIVE_INFINITY)),
          Map.entry("Reshape", Moves::reshape),
          Map.entry("Sigmoid", call -> Elementwise.unary(call, x -> 1 / (1 + Math.exp(-x)))),
          Map.entry("Slice", Moves::slice),
          Map.entry("Softmax", call -> Elementwise.softmax(call, false)),
          Map.entry("Squeeze", Moves::reshape),
          Map.entry("Sub", call -> Elementwise.binary(call, (a, b) -> a - b)),
          Map.entry("Tanh", call -> Elementwise.unary(call, Math::tanh)),
          Map.entry("Transpose", Moves::transpose),
          Map.entry("Unsqueeze", Moves::reshape));

  private static final String DYNAMIC = "DynamicQuantizeLinear";

  private Operators() {}

  static boolean has(Node node) {
    return node.domain().isEmpty() && (ALL.containsKey(node.op()) || node.op().equals(DYNAMIC));
  }

  /** Whether a node that is known is of a form that is known too. */
  static boolean takes(Call call) {
    int rank = call.in(0).shape().rank();
    return switch (call.node().op()) {
      case "AveragePool", "Conv", "MaxPool" -> rank == 3 || rank == 4;
      case "Gemm" ->
          call.node().floatAttribute("alpha", 1) == 1
              && call.node().floatAttribute("beta", 1) == 1
              && call.node().intAttribute("transA", 0) == 0;
      case "MatMul", "MatMulInteger" -> rank >= 2 && call.in(1).shape().rank() == 2;
      case "Pad" ->
          call.node().textAttribute("mode", "constant").equals("constant")
              && LongStream.of(call.integers(1).orElseThrow()).allMatch(p -> p >= 0);
      default -> true;
    };
  }

  /** What a node makes, as many of its outputs as models of integers read. */
  static List<Held> run(Call call) {
    return call.node().op().equals(DYNAMIC)
        ? Rounding.quantizeDynamically(call)
        : List.of(ALL.get(call.node().op()).run(call));
  }

  private static Held hardSigmoid(Call call) {
    double alpha = call.node().floatAttribute("alpha", .2f);
    double beta = call.node().floatAttribute("beta", .5f);
    return Elementwise.unary(call, x -> Math.max(0, Math.min(1, alpha * x + beta)));
  }

  private static Held leakyRelu(Call call) {
    double alpha = call.node().floatAttribute("alpha", .01f);
    return Elementwise.unary(call, x -> x < 0 ? alpha * x : x);
  }
}
