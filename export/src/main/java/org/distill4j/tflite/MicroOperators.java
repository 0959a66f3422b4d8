package org.distill4j.tflite;

import java.util.Set;

/**
 * The operators that TFLite Micro has kernels for.
 *
 * @see <a
 *     href="https://github.com/tensorflow/tflite-micro/blob/main/tensorflow/lite/micro/micro_mutable_op_resolver.h">Its
 *     resolver</a>
 */
public final class MicroOperators {
  private static final Set<String> NAMES =
      Set.of(
          "ABS",
          "ADD",
          "ADD_N",
          "ARG_MAX",
          "ARG_MIN",
          "AVERAGE_POOL_2D",
          "BATCH_MATMUL",
          "BATCH_TO_SPACE_ND",
          "BROADCAST_TO",
          "CAST",
          "CEIL",
          "CONCATENATION",
          "CONV_2D",
          "COS",
          "CUMSUM",
          "DEPTHWISE_CONV_2D",
          "DEPTH_TO_SPACE",
          "DEQUANTIZE",
          "DIV",
          "ELU",
          "EQUAL",
          "EXP",
          "EXPAND_DIMS",
          "FILL",
          "FLOOR",
          "FULLY_CONNECTED",
          "GATHER",
          "GATHER_ND",
          "GREATER",
          "HARD_SWISH",
          "L2_NORMALIZATION",
          "LEAKY_RELU",
          "LESS",
          "LOG",
          "LOGISTIC",
          "LOG_SOFTMAX",
          "MAXIMUM",
          "MAX_POOL_2D",
          "MEAN",
          "MINIMUM",
          "MIRROR_PAD",
          "MUL",
          "NEG",
          "PACK",
          "PAD",
          "PADV2",
          "PRELU",
          "QUANTIZE",
          "REDUCE_MAX",
          "RELU",
          "RELU6",
          "RESHAPE",
          "RESIZE_BILINEAR",
          "RESIZE_NEAREST_NEIGHBOR",
          "ROUND",
          "RSQRT",
          "SELECT_V2",
          "SIN",
          "SLICE",
          "SOFTMAX",
          "SPACE_TO_BATCH_ND",
          "SPACE_TO_DEPTH",
          "SPLIT",
          "SPLIT_V",
          "SQRT",
          "SQUARE",
          "SQUARED_DIFFERENCE",
          "SQUEEZE",
          "STRIDED_SLICE",
          "SUB",
          "SUM",
          "SVDF",
          "TANH",
          "TRANSPOSE",
          "TRANSPOSE_CONV",
          "UNPACK");

  private MicroOperators() {}

  /** Whether an operator is among them, by TFLite's name. */
  public static boolean has(String name) {
    return NAMES.contains(name);
  }
}
