package org.distill4j.engine.lowering;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Node;

/** The operators that can be trained, each with its lowering. */
final class OpTable {
  private static final Map<String, OpLowering> LOWERINGS =
      Map.ofEntries(
          Map.entry("Add", Arithmetic.ADD),
          Map.entry("AveragePool", new AveragePoolLowering()),
          Map.entry("BatchNormalization", new BatchNormLowering()),
          Map.entry("Clip", Activation.CLIP),
          Map.entry("Concat", new ConcatLowering()),
          Map.entry("Conv", new ConvLowering()),
          Map.entry("DequantizeLinear", new DequantizeLowering()),
          Map.entry("Div", Arithmetic.DIV),
          Map.entry("Dropout", new DropoutLowering()),
          Map.entry("Flatten", new ReshapeLowering()),
          Map.entry("Gemm", new GemmLowering()),
          Map.entry("GlobalAveragePool", ReductionLowering.GLOBAL_AVERAGE),
          Map.entry("HardSigmoid", Activation.HARD_SIGMOID),
          Map.entry("HardSwish", Activation.HARD_SWISH),
          Map.entry("Identity", new IdentityLowering()),
          Map.entry("LeakyRelu", Activation.LEAKY_RELU),
          Map.entry("LogSoftmax", SoftmaxLowering.LOG_SOFTMAX),
          Map.entry("MatMul", new MatMulLowering()),
          Map.entry("MaxPool", new MaxPoolLowering()),
          Map.entry("Mul", Arithmetic.MUL),
          Map.entry("Pad", new PadLowering()),
          Map.entry("ReduceMean", ReductionLowering.MEAN),
          Map.entry("ReduceSum", ReductionLowering.SUM),
          Map.entry("Relu", Activation.RELU),
          Map.entry("Reshape", new ReshapeLowering()),
          Map.entry("Sigmoid", Activation.SIGMOID),
          Map.entry("Slice", new SliceLowering()),
          Map.entry("Softmax", SoftmaxLowering.SOFTMAX),
          Map.entry("Squeeze", new ReshapeLowering()),
          Map.entry("Sub", Arithmetic.SUB),
          Map.entry("Tanh", Activation.TANH),
          Map.entry("Transpose", new TransposeLowering()),
          Map.entry("Unsqueeze", new ReshapeLowering()));

  private OpTable() {}

  /** Their names, sorted. */
  static List<String> names() {
    return LOWERINGS.keySet().stream().sorted().toList();
  }

  /** The lowering of a node's operator, if there is one. */
  static Optional<OpLowering> find(Node node) {
    return node.domain().isEmpty()
        ? Optional.ofNullable(LOWERINGS.get(node.op()))
        : Optional.empty();
  }
}
