package org.distill4j.lowered;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.distill4j.graph.Node;
import org.distill4j.lowered.Operation.Binary;
import org.distill4j.lowered.Operation.Reduction;
import org.distill4j.lowered.Operation.Unary;

/** How each ONNX operator becomes parts of a circuit. */
final class PartRules {
  /** By operator, in alphabetical order. */
  static final Map<String, PartRule> ALL = new TreeMap<>();

  static {
    ALL.put("Abs", ElementRules.unary(Unary.ABS));
    ALL.put("Add", ElementRules.binary(Binary.ADD));
    ALL.put("ArgMax", ShapeRules::argMax);
    ALL.put("AveragePool", ConvolutionRules::averagePool);
    ALL.put("BatchNormalization", ConvolutionRules::batchNorm);
    ALL.put("Cast", ElementRules::cast);
    ALL.put("Ceil", ElementRules.unary(Unary.CEIL));
    ALL.put("Clip", ElementRules::clip);
    ALL.put("Concat", ShapeRules::concat);
    ALL.put("Conv", ConvolutionRules::conv);
    ALL.put("DepthToSpace", ShapeRules::blocks);
    ALL.put("Div", ElementRules.binary(Binary.DIV));
    ALL.put("Dropout", ElementRules::identity);
    ALL.put("Elu", ElementRules::elu);
    ALL.put("Erf", ElementRules::erf);
    ALL.put("Exp", ElementRules.unary(Unary.EXP));
    ALL.put("Flatten", ShapeRules::reshape);
    ALL.put("Floor", ElementRules.unary(Unary.FLOOR));
    ALL.put("Gather", ShapeRules::gather);
    ALL.put("Gelu", ElementRules::gelu);
    ALL.put("Gemm", MatrixRules::gemm);
    ALL.put("GlobalAveragePool", ConvolutionRules::globalPool);
    ALL.put("GlobalMaxPool", ConvolutionRules::globalPool);
    ALL.put("HardSigmoid", ElementRules::hardSigmoid);
    ALL.put("HardSwish", ElementRules.unary(Unary.HARD_SWISH));
    ALL.put("Identity", ElementRules::identity);
    ALL.put("LayerNormalization", ShapeRules::layerNorm);
    ALL.put("LeakyRelu", ElementRules::leakyRelu);
    ALL.put("Log", ElementRules.unary(Unary.LOG));
    ALL.put("LogSoftmax", ShapeRules.softmax(Unary.LOG_SOFTMAX));
    ALL.put("MatMul", MatrixRules::matMul);
    ALL.put("Max", ElementRules.binary(Binary.MAXIMUM));
    ALL.put("MaxPool", ConvolutionRules::maxPool);
    ALL.put("Min", ElementRules.binary(Binary.MINIMUM));
    ALL.put("Mish", ElementRules::mish);
    ALL.put("Mul", ElementRules.binary(Binary.MUL));
    ALL.put("Neg", ElementRules.unary(Unary.NEG));
    ALL.put("PRelu", ElementRules::pRelu);
    ALL.put("Pad", ShapeRules::pad);
    ALL.put("Pow", ElementRules.binary(Binary.POW));
    ALL.put("Reciprocal", ElementRules::reciprocal);
    ALL.put("ReduceMax", ShapeRules.reduce(Reduction.MAX));
    ALL.put("ReduceMean", ShapeRules.reduce(Reduction.MEAN));
    ALL.put("ReduceMin", ShapeRules.reduce(Reduction.MIN));
    ALL.put("ReduceSum", ShapeRules.reduce(Reduction.SUM));
    ALL.put("Relu", ElementRules.unary(Unary.RELU));
    ALL.put("Reshape", ShapeRules::reshape);
    ALL.put("Resize", ShapeRules::resize);
    ALL.put("Selu", ElementRules::selu);
    ALL.put("Sigmoid", ElementRules.unary(Unary.SIGMOID));
    ALL.put("Slice", ShapeRules::slice);
    ALL.put("Softmax", ShapeRules.softmax(Unary.SOFTMAX));
    ALL.put("Softplus", ElementRules::softplus);
    ALL.put("Softsign", ElementRules::softsign);
    ALL.put("SpaceToDepth", ShapeRules::blocks);
    ALL.put("Split", ShapeRules::split);
    ALL.put("Sqrt", ElementRules.unary(Unary.SQRT));
    ALL.put("Squeeze", ShapeRules::reshape);
    ALL.put("Sub", ElementRules.binary(Binary.SUB));
    ALL.put("Tanh", ElementRules.unary(Unary.TANH));
    ALL.put("Transpose", ShapeRules::transpose);
    ALL.put("Unsqueeze", ShapeRules::reshape);
  }

  private PartRules() {}

  /** The rule of a node's operator, if there is one. */
  static Optional<PartRule> find(Node node) {
    return node.domain().isEmpty() ? Optional.ofNullable(ALL.get(node.op())) : Optional.empty();
  }
}
