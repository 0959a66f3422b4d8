package org.distill4j.lowered;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.distill4j.graph.Node;
import org.distill4j.lowered.LoweredOperator.Binary;
import org.distill4j.lowered.LoweredOperator.Reduction;
import org.distill4j.lowered.LoweredOperator.Unary;

/** How each ONNX operator becomes nodes of a lowered graph. */
final class LoweringRules {
  /** By operator, in alphabetical order. */
  static final Map<String, LoweringRule> ALL = new TreeMap<>();

  static {
    ALL.put("Abs", ElementwiseLoweringRules.unary(Unary.ABS));
    ALL.put("Add", ElementwiseLoweringRules.binary(Binary.ADD));
    ALL.put("ArgMax", ShapeLoweringRules::argMax);
    ALL.put("AveragePool", ConvolutionLoweringRules::averagePool);
    ALL.put("BatchNormalization", ConvolutionLoweringRules::batchNorm);
    ALL.put("Cast", ElementwiseLoweringRules::cast);
    ALL.put("Ceil", ElementwiseLoweringRules.unary(Unary.CEIL));
    ALL.put("Clip", ElementwiseLoweringRules::clip);
    ALL.put("Concat", ShapeLoweringRules::concat);
    ALL.put("Conv", ConvolutionLoweringRules::conv);
    ALL.put("DepthToSpace", ShapeLoweringRules::blocks);
    ALL.put("Div", ElementwiseLoweringRules.binary(Binary.DIV));
    ALL.put("Dropout", ElementwiseLoweringRules::identity);
    ALL.put("Elu", ElementwiseLoweringRules::elu);
    ALL.put("Erf", ElementwiseLoweringRules::erf);
    ALL.put("Exp", ElementwiseLoweringRules.unary(Unary.EXP));
    ALL.put("Flatten", ShapeLoweringRules::reshape);
    ALL.put("Floor", ElementwiseLoweringRules.unary(Unary.FLOOR));
    ALL.put("Gather", ShapeLoweringRules::gather);
    ALL.put("Gelu", ElementwiseLoweringRules::gelu);
    ALL.put("Gemm", MatrixLoweringRules::gemm);
    ALL.put("GlobalAveragePool", ConvolutionLoweringRules::globalPool);
    ALL.put("GlobalMaxPool", ConvolutionLoweringRules::globalPool);
    ALL.put("HardSigmoid", ElementwiseLoweringRules::hardSigmoid);
    ALL.put("HardSwish", ElementwiseLoweringRules.unary(Unary.HARD_SWISH));
    ALL.put("Identity", ElementwiseLoweringRules::identity);
    ALL.put("LayerNormalization", ShapeLoweringRules::layerNorm);
    ALL.put("LeakyRelu", ElementwiseLoweringRules::leakyRelu);
    ALL.put("Log", ElementwiseLoweringRules.unary(Unary.LOG));
    ALL.put("LogSoftmax", ShapeLoweringRules.softmax(Unary.LOG_SOFTMAX));
    ALL.put("MatMul", MatrixLoweringRules::matMul);
    ALL.put("Max", ElementwiseLoweringRules.binary(Binary.MAXIMUM));
    ALL.put("MaxPool", ConvolutionLoweringRules::maxPool);
    ALL.put("Min", ElementwiseLoweringRules.binary(Binary.MINIMUM));
    ALL.put("Mish", ElementwiseLoweringRules::mish);
    ALL.put("Mul", ElementwiseLoweringRules.binary(Binary.MUL));
    ALL.put("Neg", ElementwiseLoweringRules.unary(Unary.NEG));
    ALL.put("PRelu", ElementwiseLoweringRules::pRelu);
    ALL.put("Pad", ShapeLoweringRules::pad);
    ALL.put("Pow", ElementwiseLoweringRules::power);
    ALL.put("Reciprocal", ElementwiseLoweringRules::reciprocal);
    ALL.put("ReduceMax", ShapeLoweringRules.reduce(Reduction.MAX));
    ALL.put("ReduceMean", ShapeLoweringRules.reduce(Reduction.MEAN));
    ALL.put("ReduceMin", ShapeLoweringRules.reduce(Reduction.MIN));
    ALL.put("ReduceSum", ShapeLoweringRules.reduce(Reduction.SUM));
    ALL.put("Relu", ElementwiseLoweringRules.unary(Unary.RELU));
    ALL.put("Reshape", ShapeLoweringRules::reshape);
    ALL.put("Resize", ShapeLoweringRules::resize);
    ALL.put("Selu", ElementwiseLoweringRules::selu);
    ALL.put("Sigmoid", ElementwiseLoweringRules.unary(Unary.SIGMOID));
    ALL.put("Slice", ShapeLoweringRules::slice);
    ALL.put("Softmax", ShapeLoweringRules.softmax(Unary.SOFTMAX));
    ALL.put("Softplus", ElementwiseLoweringRules::softplus);
    ALL.put("Softsign", ElementwiseLoweringRules::softsign);
    ALL.put("SpaceToDepth", ShapeLoweringRules::blocks);
    ALL.put("Split", ShapeLoweringRules::split);
    ALL.put("Sqrt", ElementwiseLoweringRules.unary(Unary.SQRT));
    ALL.put("Squeeze", ShapeLoweringRules::reshape);
    ALL.put("Sub", ElementwiseLoweringRules.binary(Binary.SUB));
    ALL.put("Tanh", ElementwiseLoweringRules.unary(Unary.TANH));
    ALL.put("Transpose", ShapeLoweringRules::transpose);
    ALL.put("Unsqueeze", ShapeLoweringRules::reshape);
  }

  private LoweringRules() {}

  /** The rule of a node's operator, if there is one. */
  static Optional<LoweringRule> find(Node node) {
    return node.domain().isEmpty() ? Optional.ofNullable(ALL.get(node.op())) : Optional.empty();
  }
}
