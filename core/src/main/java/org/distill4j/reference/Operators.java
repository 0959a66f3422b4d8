package org.distill4j.reference;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.distill4j.graph.Node;

/** The operators that can be carried out, each with its arithmetic. */
final class Operators {
  /** One operator. */
  @FunctionalInterface
  interface Operator {
    Held run(Operands operands);
  }

  private static final Map<String, Operator> ALL =
      Map.ofEntries(
          Map.entry("Add", operands -> Elementwise.binary(operands, Double::sum)),
          Map.entry("AveragePool", Pools::average),
          Map.entry("BatchNormalization", Elementwise::normalize),
          Map.entry("Cast", Elementwise::cast),
          Map.entry(
              "Clip",
              operands ->
                  Elementwise.clip(
                      operands,
                      operands.number(1, Double.NEGATIVE_INFINITY),
                      operands.number(2, Double.POSITIVE_INFINITY))),
          Map.entry("Concat", Moves::concat),
          Map.entry("Conv", Products::conv),
          Map.entry("DequantizeLinear", Rounding::dequantize),
          Map.entry("Div", operands -> Elementwise.binary(operands, (a, b) -> a / b)),
          Map.entry("Dropout", operands -> operands.in(0)),
          Map.entry("Exp", operands -> Elementwise.unary(operands, Math::exp)),
          Map.entry("Flatten", Moves::reshape),
          Map.entry("Gather", Moves::gather),
          Map.entry("Gemm", Products::gemm),
          Map.entry("GlobalAveragePool", Pools::globalAverage),
          Map.entry("HardSigmoid", Operators::hardSigmoid),
          Map.entry(
              "HardSwish",
              operands ->
                  Elementwise.unary(operands, x -> x * Math.max(0, Math.min(1, x / 6 + .5)))),
          Map.entry("Identity", operands -> operands.in(0)),
          Map.entry("LeakyRelu", Operators::leakyRelu),
          Map.entry("LogSoftmax", operands -> Elementwise.softmax(operands, true)),
          Map.entry("MatMul", Products::matMul),
          Map.entry("MatMulInteger", Products::matMulInteger),
          Map.entry("MaxPool", Pools::max),
          Map.entry("Mul", operands -> Elementwise.binary(operands, (a, b) -> a * b)),
          Map.entry("Neg", operands -> Elementwise.unary(operands, x -> -x)),
          Map.entry("Pad", Moves::pad),
          Map.entry("QuantizeLinear", Rounding::quantize),
          Map.entry("Relu", operands -> Elementwise.clip(operands, 0, Double.POSITIVE_INFINITY)),
          Map.entry("Reshape", Moves::reshape),
          Map.entry(
              "Sigmoid", operands -> Elementwise.unary(operands, x -> 1 / (1 + Math.exp(-x)))),
          Map.entry("Slice", Moves::slice),
          Map.entry("Softmax", operands -> Elementwise.softmax(operands, false)),
          Map.entry("Squeeze", Moves::reshape),
          Map.entry("Sub", operands -> Elementwise.binary(operands, (a, b) -> a - b)),
          Map.entry("Tanh", operands -> Elementwise.unary(operands, Math::tanh)),
          Map.entry("Transpose", Moves::transpose),
          Map.entry("Unsqueeze", Moves::reshape));

  private static final String DYNAMIC = "DynamicQuantizeLinear";

  private Operators() {}

  static boolean has(Node node) {
    return node.domain().isEmpty() && (ALL.containsKey(node.op()) || node.op().equals(DYNAMIC));
  }

  /** Whether a node that is known is of a form that is known too. */
  static boolean takes(Operands operands) {
    int rank = operands.in(0).shape().rank();
    return switch (operands.node().op()) {
      case "AveragePool", "Conv", "MaxPool" -> rank == 3 || rank == 4;
      case "Gemm" ->
          operands.node().floatAttribute("alpha", 1) == 1
              && operands.node().floatAttribute("beta", 1) == 1
              && operands.node().intAttribute("transA", 0) == 0;
      case "MatMul", "MatMulInteger" -> rank >= 2 && operands.in(1).shape().rank() == 2;
      case "Pad" ->
          operands.node().textAttribute("mode", "constant").equals("constant")
              && LongStream.of(operands.integers(1).orElseThrow()).allMatch(p -> p >= 0);
      default -> true;
    };
  }

  /** What a node makes, as many of its outputs as models of integers read. */
  static List<Held> run(Operands operands) {
    return operands.node().op().equals(DYNAMIC)
        ? Rounding.quantizeDynamically(operands)
        : List.of(ALL.get(operands.node().op()).run(operands));
  }

  private static Held hardSigmoid(Operands operands) {
    double alpha = operands.node().floatAttribute("alpha", .2f);
    double beta = operands.node().floatAttribute("beta", .5f);
    return Elementwise.unary(operands, x -> Math.max(0, Math.min(1, alpha * x + beta)));
  }

  private static Held leakyRelu(Operands operands) {
    double alpha = operands.node().floatAttribute("alpha", .01f);
    return Elementwise.unary(operands, x -> x < 0 ? alpha * x : x);
  }
}
