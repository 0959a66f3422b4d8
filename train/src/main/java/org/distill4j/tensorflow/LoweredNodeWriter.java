package org.distill4j.tensorflow;

import java.util.ArrayList;
import java.util.List;
import org.distill4j.lowered.LoweredNode;
import org.distill4j.lowered.LoweredOperator;
import org.distill4j.lowered.LoweredValue;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** The TensorFlow nodes that do what a lowered node asks. */
final class LoweredNodeWriter {
  private final Definition definition;
  private final Nodes nodes;

  LoweredNodeWriter(Definition definition, Nodes nodes) {
    this.definition = definition;
    this.nodes = nodes;
  }

  /** Adds a part and gives the node that makes its result. */
  String write(LoweredNode part) {
    LoweredOperator operation = part.operation();
    if (operation instanceof LoweredOperator.Convolution c) {
      return convolution(part, c);
    } else if (operation instanceof LoweredOperator.Pool p) {
      return definition.activated(p.fused(), part.output(), pool(part, p));
    } else if (operation instanceof LoweredOperator.Dense d) {
      String product =
          nodes.add(
              "MatMul",
              part.output() + "/product",
              real().flag("transpose_a", false).flag("transpose_b", false),
              in(part, 0),
              in(part, 1));
      return definition.activated(d.fused(), part.output(), biased(part, product));
    } else if (operation instanceof LoweredOperator.MatMul) {
      return nodes.add(
          "BatchMatMulV2",
          part.output(),
          real().flag("adj_x", false).flag("adj_y", false),
          in(part, 0),
          in(part, 1));
    } else if (operation instanceof LoweredOperator.Elementwise e) {
      return elementwise(part, e.kind());
    } else if (operation instanceof LoweredOperator.Arithmetic a) {
      String name = Definition.before(a, part.output());
      String node = nodes.add(op(part, a.kind()), name, typed(part), in(part, 0), in(part, 1));
      return definition.activated(a.fused(), part.output(), node);
    } else if (operation instanceof LoweredOperator.LeakyRelu l) {
      return nodes.add("LeakyRelu", part.output(), real().number("alpha", l.alpha()), in(part, 0));
    } else if (operation instanceof LoweredOperator.PRelu) {
      return pRelu(part);
    }
    return moving(part);
  }

  private String in(LoweredNode part, int input) {
    return definition.node(part.inputs().get(input));
  }

  private static Nodes.Attributes real() {
    return Nodes.attributes().type("T", DType.FLOAT32);
  }

  /** With the type of the first input that is computed. */
  private Nodes.Attributes typed(LoweredNode part) {
    return Nodes.attributes().type("T", wire(part.output()).type());
  }

  private LoweredValue wire(String name) {
    return definition.lowered().wire(name);
  }

  private String biased(LoweredNode part, String node) {
    return nodes.add(
        "BiasAdd",
        Definition.before(part.operation(), part.output()),
        real().text("data_format", "NHWC"),
        node,
        in(part, 2));
  }

  private String convolution(LoweredNode part, LoweredOperator.Convolution c) {
    LoweredOperator.Motion m = c.motion();
    boolean gaps = m.dilationRows() > 1 || m.dilationColumns() > 1;
    boolean spread = c.depthwise() && gaps; // TensorFlow's kernel on processors knows no gaps
    String kernel = spread ? spread(part, m) : in(part, 1);
    String node =
        nodes.add(
            c.depthwise() ? "DepthwiseConv2dNative" : "Conv2D",
            part.output() + "/product",
            moved(m)
                .integers(
                    "dilations",
                    1,
                    spread ? 1 : m.dilationRows(),
                    spread ? 1 : m.dilationColumns(),
                    1)
                .integers("explicit_paddings"),
            in(part, 0),
            kernel);
    return definition.activated(c.fused(), part.output(), biased(part, node));
  }

  private static Nodes.Attributes moved(LoweredOperator.Motion m) {
    return real()
        .integers("strides", 1, m.down(), m.right(), 1)
        .text("padding", m.same() ? "SAME" : "VALID")
        .text("data_format", "NHWC");
  }

  /** A kernel with zeros in its gaps. */
  private String spread(LoweredNode part, LoweredOperator.Motion m) {
    HostTensor kernel = wire(part.inputs().get(1)).constant().orElseThrow();
    long[] s = kernel.shape().sizes();
    int rows = (int) (s[0] - 1) * m.dilationRows() + 1;
    int columns = (int) (s[1] - 1) * m.dilationColumns() + 1;
    int each = (int) (s[2] * s[3]);
    float[] from = kernel.toFloats();
    float[] to = new float[rows * columns * each];
    for (int r = 0; r < s[0]; r++) {
      for (int c = 0; c < s[1]; c++) {
        int at = (r * m.dilationRows() * columns + c * m.dilationColumns()) * each;
        System.arraycopy(from, (int) ((r * s[1] + c) * each), to, at, each);
      }
    }
    return definition.weight(
        part.inputs().get(1) + "/spread",
        HostTensor.ofFloats(Shape.of(rows, columns, s[2], s[3]), to));
  }

  private String pool(LoweredNode part, LoweredOperator.Pool p) {
    LoweredOperator.Motion m = p.motion();
    return nodes.add(
        p.max() ? "MaxPool" : "AvgPool",
        Definition.before(p, part.output()),
        moved(m).integers("ksize", 1, m.kernelRows(), m.kernelColumns(), 1),
        in(part, 0));
  }

  private String op(LoweredNode part, LoweredOperator.Binary kind) {
    return switch (kind) {
      case ADD -> "AddV2";
      case DIV -> wire(part.output()).type().isFloating() ? "RealDiv" : "Div"; // cuts toward 0
      case MAXIMUM -> "Maximum";
      case MINIMUM -> "Minimum";
      case MUL -> "Mul";
      case POW -> "Pow";
      case SUB -> "Sub";
    };
  }

  private String elementwise(LoweredNode part, LoweredOperator.Unary kind) {
    if (kind == LoweredOperator.Unary.HARD_SWISH) {
      return hardSwish(part);
    }
    String op =
        switch (kind) {
          case ABS -> "Abs";
          case CEIL -> "Ceil";
          case ELU -> "Elu";
          case EXP -> "Exp";
          case FLOOR -> "Floor";
          case LOG -> "Log";
          case LOG_SOFTMAX -> "LogSoftmax";
          case NEG -> "Neg";
          case RELU -> "Relu";
          case RELU6 -> "Relu6";
          case RSQRT -> "Rsqrt";
          case SIGMOID -> "Sigmoid";
          case SIGN -> "Sign";
          case SOFTMAX -> "Softmax";
          case SQRT -> "Sqrt";
          case SQUARE -> "Square";
          case TANH -> "Tanh";
          case HARD_SWISH -> throw new AssertionError(kind);
        };
    return nodes.add(op, part.output(), typed(part), in(part, 0));
  }

  /** {@code x relu6(x + 3) / 6}. */
  private String hardSwish(LoweredNode part) {
    String stem = part.output();
    String three = nodes.constant(stem + "/three", HostTensor.scalar(3));
    String sixth = nodes.constant(stem + "/sixth", HostTensor.scalar(1 / 6f));
    String sum = nodes.add("AddV2", stem + "/sum", real(), in(part, 0), three);
    String gate = nodes.add("Relu6", stem + "/gate", real(), sum);
    String scaled = nodes.add("Mul", stem + "/scaled", real(), gate, sixth);
    return nodes.add("Mul", stem, real(), in(part, 0), scaled);
  }

  /** {@code relu(x) - slope relu(-x)}. */
  private String pRelu(LoweredNode part) {
    String stem = part.output();
    String above = nodes.add("Relu", stem + "/above", real(), in(part, 0));
    String minus = nodes.add("Neg", stem + "/minus", real(), in(part, 0));
    String below = nodes.add("Relu", stem + "/below", real(), minus);
    String bent = nodes.add("Mul", stem + "/bent", real(), below, in(part, 1));
    return nodes.add("Sub", stem, real(), above, bent);
  }

  private String moving(LoweredNode part) {
    LoweredOperator operation = part.operation();
    String name = part.output();
    String settings = name + "/settings";
    if (operation instanceof LoweredOperator.Reshape r) {
      int[] target = r.target().stream().mapToInt(Long::intValue).toArray();
      return nodes.add(
          "Reshape",
          name,
          typed(part).type("Tshape", DType.INT32),
          in(part, 0),
          vector(settings, target));
    } else if (operation instanceof LoweredOperator.Transpose t) {
      return nodes.add(
          "Transpose",
          name,
          typed(part).type("Tperm", DType.INT32),
          in(part, 0),
          vector(settings, ints(t.order())));
    } else if (operation instanceof LoweredOperator.Concat c) {
      List<String> from = new ArrayList<>();
      for (int i = 0; i < part.inputs().size(); i++) {
        from.add(in(part, i));
      }
      Nodes.Attributes attributes = typed(part).integer("N", from.size()).type("Tidx", DType.INT32);
      from.add(nodes.integers(settings, Shape.SCALAR, c.axis()));
      return nodes.add("ConcatV2", name, attributes, from.toArray(new String[0]));
    } else if (operation instanceof LoweredOperator.StridedSlice s) {
      return nodes.add(
          "StridedSlice",
          name,
          typed(part)
              .type("Index", DType.INT32)
              .integer("begin_mask", s.whole())
              .integer("end_mask", s.whole())
              .integer("ellipsis_mask", 0)
              .integer("new_axis_mask", 0)
              .integer("shrink_axis_mask", 0),
          in(part, 0),
          vector(settings + "/begin", ints(s.begin())),
          vector(settings + "/end", ints(s.end())),
          vector(settings + "/step", ints(s.step())));
    } else if (operation instanceof LoweredOperator.Pad p) {
      return nodes.add(
          "PadV2",
          name,
          typed(part).type("Tpaddings", DType.INT32),
          in(part, 0),
          pads(settings, p.pads()),
          nodes.constant(settings + "/value", HostTensor.scalar(p.value())));
    } else if (operation instanceof LoweredOperator.Mirror m) {
      return nodes.add(
          "MirrorPad",
          name,
          typed(part).type("Tpaddings", DType.INT32).text("mode", "REFLECT"),
          in(part, 0),
          pads(settings, m.pads()));
    }
    return choosing(part, name, settings);
  }

  private String choosing(LoweredNode part, String name, String settings) {
    LoweredOperator operation = part.operation();
    if (operation instanceof LoweredOperator.Reduce r) {
      String op =
          switch (r.kind()) {
            case MAX -> "Max";
            case MEAN -> "Mean";
            case MIN -> "Min";
            case SUM -> "Sum";
          };
      return nodes.add(
          op,
          name,
          typed(part).type("Tidx", DType.INT32).flag("keep_dims", r.keep()),
          in(part, 0),
          vector(settings, ints(r.axes())));
    } else if (operation instanceof LoweredOperator.Resize r) {
      return nodes.add(
          r.bilinear() ? "ResizeBilinear" : "ResizeNearestNeighbor",
          name,
          typed(part)
              .flag("align_corners", r.alignCorners())
              .flag("half_pixel_centers", r.halfPixel()),
          in(part, 0),
          vector(settings, r.rows(), r.columns()));
    } else if (operation instanceof LoweredOperator.Gather g) {
      return nodes.add(
          "GatherV2",
          name,
          Nodes.attributes()
              .integer("batch_dims", 0)
              .type("Tparams", wire(part.inputs().get(0)).type())
              .type("Tindices", wire(part.inputs().get(1)).type())
              .type("Taxis", DType.INT32),
          in(part, 0),
          in(part, 1),
          nodes.integers(settings, Shape.SCALAR, g.axis()));
    } else if (operation instanceof LoweredOperator.Blocks b) {
      return nodes.add(
          b.toSpace() ? "DepthToSpace" : "SpaceToDepth",
          name,
          typed(part).integer("block_size", b.size()).text("data_format", "NHWC"),
          in(part, 0));
    } else if (operation instanceof LoweredOperator.Cast c) {
      return nodes.add(
          "Cast",
          name,
          Nodes.attributes()
              .type("SrcT", wire(part.inputs().get(0)).type())
              .type("DstT", c.to())
              .flag("Truncate", false),
          in(part, 0));
    } else if (operation instanceof LoweredOperator.ArgMax a) {
      return nodes.add(
          "ArgMax",
          name,
          Nodes.attributes()
              .type("T", wire(part.inputs().get(0)).type())
              .type("Tidx", DType.INT32)
              .type("output_type", DType.INT64),
          in(part, 0),
          nodes.integers(settings, Shape.SCALAR, a.axis()));
    }
    throw new AssertionError(operation);
  }

  private String pads(String name, List<List<Integer>> pads) {
    int[] flat = pads.stream().flatMap(List::stream).mapToInt(i -> i).toArray();
    return nodes.integers(name, Shape.of(pads.size(), 2), flat);
  }

  private String vector(String name, int... values) {
    return nodes.integers(name, Shape.of(values.length), values);
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(i -> i).toArray();
  }
}
