package org.distill4j.reference;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.distill4j.graph.Node;
import org.distill4j.tensor.Shape;

/** The operators that can be carried out, each with its arithmetic. */
final class ReferenceOperators {
  /** One operator. */
  @FunctionalInterface
  interface Operator {
    ReferenceTensor run(Operands operands);
  }

  private static final Map<String, Operator> ALL =
      Map.ofEntries(
          Map.entry("Add", operands -> ReferenceElementwise.binary(operands, Double::sum)),
          Map.entry("AveragePool", ReferencePools::average),
          Map.entry("BatchNormalization", ReferenceElementwise::normalize),
          Map.entry("Cast", ReferenceElementwise::cast),
          Map.entry(
              "Clip",
              operands ->
                  ReferenceElementwise.clip(
                      operands,
                      operands.number(1, Double.NEGATIVE_INFINITY),
                      operands.number(2, Double.POSITIVE_INFINITY))),
          Map.entry("Concat", ReferenceDataMovement::concat),
          Map.entry("Conv", ReferenceProducts::conv),
          Map.entry("DequantizeLinear", ReferenceQuantization::dequantize),
          Map.entry("Div", ReferenceElementwise::divide),
          Map.entry("Dropout", operands -> operands.in(0)),
          Map.entry("Exp", operands -> ReferenceElementwise.unary(operands, Math::exp)),
          Map.entry("Flatten", ReferenceDataMovement::reshape),
          Map.entry("Gather", ReferenceDataMovement::gather),
          Map.entry("Gemm", ReferenceProducts::gemm),
          Map.entry("GlobalAveragePool", ReferencePools::globalAverage),
          Map.entry("HardSigmoid", ReferenceOperators::hardSigmoid),
          Map.entry(
              "HardSwish",
              operands ->
                  ReferenceElementwise.unary(
                      operands, x -> x * Math.max(0, Math.min(1, x / 6 + .5)))),
          Map.entry("Identity", operands -> operands.in(0)),
          Map.entry("LeakyRelu", ReferenceOperators::leakyRelu),
          Map.entry("LogSoftmax", operands -> ReferenceElementwise.softmax(operands, true)),
          Map.entry("MatMul", ReferenceProducts::matMul),
          Map.entry("MatMulInteger", ReferenceProducts::matMulInteger),
          Map.entry("MaxPool", ReferencePools::max),
          Map.entry("Mul", operands -> ReferenceElementwise.binary(operands, (a, b) -> a * b)),
          Map.entry("Neg", operands -> ReferenceElementwise.unary(operands, x -> -x)),
          Map.entry("Pad", ReferenceDataMovement::pad),
          Map.entry("QuantizeLinear", ReferenceQuantization::quantize),
          Map.entry(
              "Relu", operands -> ReferenceElementwise.clip(operands, 0, Double.POSITIVE_INFINITY)),
          Map.entry("Reshape", ReferenceDataMovement::reshape),
          Map.entry(
              "Sigmoid",
              operands -> ReferenceElementwise.unary(operands, x -> 1 / (1 + Math.exp(-x)))),
          Map.entry("Slice", ReferenceDataMovement::slice),
          Map.entry("Softmax", operands -> ReferenceElementwise.softmax(operands, false)),
          Map.entry("Squeeze", ReferenceDataMovement::reshape),
          Map.entry("Sub", operands -> ReferenceElementwise.binary(operands, (a, b) -> a - b)),
          Map.entry("Tanh", operands -> ReferenceElementwise.unary(operands, Math::tanh)),
          Map.entry("Transpose", ReferenceDataMovement::transpose),
          Map.entry("Unsqueeze", ReferenceDataMovement::reshape));

  private static final String DYNAMIC = "DynamicQuantizeLinear";

  private ReferenceOperators() {}

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
              && operands.node().intAttribute("transA", 0) == 0
              && isRow(operands);
      case "MatMul", "MatMulInteger" -> rank >= 2 && operands.in(1).shape().rank() == 2;
      case "Pad" ->
          operands.node().textAttribute("mode", "constant").equals("constant")
              && LongStream.of(operands.integers(1).orElseThrow()).allMatch(p -> p >= 0);
      default -> true;
    };
  }

  /** Whether a Gemm adds nothing, one number, or one for each column. */
  private static boolean isRow(Operands operands) {
    if (!operands.site().has(2)) {
      return true;
    }
    Shape bias = operands.in(2).shape();
    long count = bias.elements();
    return count == 1 || bias.size(bias.rank() - 1) == count;
  }

  /** What a node makes, as many of its outputs as models of integers read. */
  static List<ReferenceTensor> run(Operands operands) {
    return operands.node().op().equals(DYNAMIC)
        ? ReferenceQuantization.quantizeDynamically(operands)
        : List.of(ALL.get(operands.node().op()).run(operands));
  }

  private static ReferenceTensor hardSigmoid(Operands operands) {
    double alpha = operands.node().floatAttribute("alpha", .2f);
    double beta = operands.node().floatAttribute("beta", .5f);
    return ReferenceElementwise.unary(operands, x -> Math.max(0, Math.min(1, alpha * x + beta)));
  }

  private static ReferenceTensor leakyRelu(Operands operands) {
    double alpha = operands.node().floatAttribute("alpha", .01f);
    return ReferenceElementwise.unary(operands, x -> x < 0 ? alpha * x : x);
  }
}
