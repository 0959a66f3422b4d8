package org.distill4j.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Node;

/**
 * Which opset brought an operator or one of its attributes, as far as that was after opset 7.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/docs/Changelog.md">ONNX's changelog</a>
 */
final class OperatorIntroductions {
  /**
   * An attribute that came later than its operator.
   *
   * @param since the opset that brought it
   * @param usual what leaving it out means; null if its presence alone means something
   */
  record Late(String key, int since, Object usual) {
    /** Whether an attribute says what leaving it out means. */
    private boolean isUsual(Attribute attribute) {
      if (attribute instanceof Attribute.Int number) {
        return Long.valueOf(number.value()).equals(usual);
      } else if (attribute instanceof Attribute.Ints numbers) {
        return numbers.values().stream().allMatch(n -> n.equals(usual));
      } else if (attribute instanceof Attribute.Text text) {
        return text.value().equals(usual);
      }
      return false;
    }
  }

  private static final Map<String, Integer> OPERATORS = new HashMap<>();

  private static final Late SLOW_LAYOUT = new Late("layout", 14, 0L);
  private static final Late REDUCTION = new Late("reduction", 16, "none");
  private static final Late LAST_OF_EQUALS = new Late("select_last_index", 12, 0L);

  private static final Map<String, List<Late>> ATTRIBUTES =
      Map.ofEntries(
          Map.entry("ArgMax", List.of(LAST_OF_EQUALS)),
          Map.entry("ArgMin", List.of(LAST_OF_EQUALS)),
          Map.entry(
              "AveragePool", List.of(new Late("ceil_mode", 10, 0L), new Late("dilations", 19, 1L))),
          Map.entry("Cast", List.of(new Late("saturate", 19, 1L))),
          Map.entry("DepthToSpace", List.of(new Late("mode", 11, "DCR"))),
          Map.entry("GRU", List.of(SLOW_LAYOUT)),
          Map.entry("LSTM", List.of(SLOW_LAYOUT)),
          Map.entry(
              "LpPool", List.of(new Late("ceil_mode", 18, 0L), new Late("dilations", 18, 1L))),
          Map.entry(
              "MaxPool",
              List.of(
                  new Late("ceil_mode", 10, 0L),
                  new Late("dilations", 10, 1L),
                  new Late("storage_order", 8, 0L))),
          Map.entry("QuantizeLinear", List.of(new Late("saturate", 19, 1L))),
          Map.entry("RNN", List.of(SLOW_LAYOUT)),
          Map.entry(
              "Resize",
              List.of(
                  new Late("antialias", 18, 0L),
                  new Late("axes", 18, null),
                  new Late("keep_aspect_ratio_policy", 18, "stretch"))),
          Map.entry("ScatterElements", List.of(REDUCTION)),
          Map.entry("ScatterND", List.of(REDUCTION)),
          Map.entry("Shape", List.of(new Late("end", 15, null), new Late("start", 15, 0L))),
          Map.entry("TopK", List.of(new Late("largest", 11, 1L), new Late("sorted", 11, 1L))));

  static {
    since(8, "Expand Scan");
    since(
        9,
        "Acosh Asinh Atanh Compress ConstantOfShape Cosh Erf EyeLike IsNaN MaxUnpool "
            + "MeanVarianceNormalization NonZero OneHot Scatter Shrink Sign Sinh Where");
    since(
        10,
        "ConvInteger DequantizeLinear IsInf MatMulInteger Mod NonMaxSuppression "
            + "QLinearConv QLinearMatMul QuantizeLinear ReverseSequence RoiAlign "
            + "ThresholdedRelu");
    since(
        11,
        "BitShift CumSum Det DynamicQuantizeLinear GatherElements GatherND Range Resize "
            + "Round ScatterElements ScatterND Unique");
    since(
        12,
        "Celu Einsum GreaterOrEqual LessOrEqual NegativeLogLikelihoodLoss "
            + "SoftmaxCrossEntropyLoss");
    since(14, "HardSwish Trilu");
    since(15, "Bernoulli CastLike");
    since(16, "GridSample");
    since(
        17,
        "BlackmanWindow DFT HammingWindow HannWindow LayerNormalization MelWeightMatrix " + "STFT");
    since(
        18,
        "BitwiseAnd BitwiseNot BitwiseOr BitwiseXor CenterCropPad Col2Im "
            + "GroupNormalization Mish");
    since(19, "DeformConv");
    since(20, "AffineGrid Gelu");
  }

  private OperatorIntroductions() {}

  private static void since(int opset, String operators) {
    for (String operator : operators.split(" ", -1)) {
      OPERATORS.put(operator, opset);
    }
  }

  /** The opset that brought an operator; the oldest that is written if it was there before. */
  static int since(Node node) {
    return OPERATORS.getOrDefault(node.op(), OnnxForm.OLDEST);
  }

  /** The attributes of a node that an opset has not. */
  static List<Late> of(Node node, int opset) {
    return ATTRIBUTES.getOrDefault(node.op(), List.of()).stream()
        .filter(late -> opset < late.since() && node.attributes().containsKey(late.key()))
        .toList();
  }

  /** Whether a node can go without an attribute. */
  static boolean isSpare(Node node, Late late) {
    return Optional.ofNullable(node.attributes().get(late.key())).filter(late::isUsual).isPresent();
  }
}
