package org.distill4j.zoo;

import java.util.LinkedHashMap;
import java.util.Map;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** A small model for each operator that can be exported, by the operator's name. */
public final class OperatorSamples {
  private static final Map<String, Attribute> NONE = Map.of();
  private static final Shape MAP = Shape.of(1, 4, 6, 8);

  private OperatorSamples() {}

  public static Map<String, Graph> all() {
    Map<String, Graph> all = new LinkedHashMap<>();
    for (String op :
        new String[] {
          "Abs",
          "Ceil",
          "Dropout",
          "Elu",
          "Erf",
          "Exp",
          "Floor",
          "Gelu",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "HardSigmoid",
          "HardSwish",
          "Identity",
          "LeakyRelu",
          "LogSoftmax",
          "Mish",
          "Neg",
          "Reciprocal",
          "Relu",
          "Selu",
          "Sigmoid",
          "Softmax",
          "Softplus",
          "Softsign",
          "Tanh",
          "Flatten"
        }) {
      all.put(op, one(op, NONE, MAP));
    }
    for (String op : new String[] {"Log", "Sqrt"}) {
      all.put(op, positive(op));
    }
    Shape row = Shape.of(4, 1, 1);
    for (String op : new String[] {"Add", "Div", "Max", "Min", "Mul", "Sub", "PRelu"}) {
      all.put(op, one(op, NONE, MAP, spread(row, 0.3f, 1.7f)));
    }
    all.put("Pow", one("Pow", NONE, MAP, HostTensor.scalar(2)));
    all.put("ArgMax", typed("ArgMax", Map.of("axis", Attribute.of(1)), DType.INT64));
    all.put("Cast", typed("Cast", Map.of("to", Attribute.of(6)), DType.INT32));
    all.put("Clip", one("Clip", NONE, MAP, HostTensor.scalar(-0.5f), HostTensor.scalar(0.5f)));
    all.put("Concat", concat());
    Map<String, Attribute> pool =
        Map.of("kernel_shape", Attribute.ofInts(2, 2), "strides", Attribute.ofInts(2, 2));
    all.put("AveragePool", one("AveragePool", pool, MAP));
    all.put("MaxPool", one("MaxPool", pool, MAP));
    HostTensor four = spread(Shape.of(4), 0.5f, 1.5f);
    all.put("BatchNormalization", one("BatchNormalization", NONE, MAP, four, four, four, four));
    all.put("Conv", one("Conv", NONE, MAP, spread(Shape.of(3, 4, 3, 3), -1, 1)));
    Map<String, Attribute> block = Map.of("blocksize", Attribute.of(2));
    all.put("DepthToSpace", one("DepthToSpace", block, MAP));
    all.put("SpaceToDepth", one("SpaceToDepth", block, MAP));
    Shape rows = Shape.of(3, 5);
    all.put("Gather", one("Gather", NONE, rows, longs(2, 0)));
    all.put("Gemm", one("Gemm", NONE, rows, spread(Shape.of(5, 2), -1, 1)));
    all.put("MatMul", one("MatMul", NONE, rows, spread(Shape.of(5, 2), -1, 1)));
    HostTensor five = spread(Shape.of(5), 0.5f, 1.5f);
    all.put("LayerNormalization", one("LayerNormalization", NONE, rows, five, five));
    all.put("Pad", one("Pad", NONE, MAP, longs(0, 0, 1, 2, 0, 0, 3, 0)));
    for (String op : new String[] {"ReduceMax", "ReduceMean", "ReduceMin", "ReduceSum"}) {
      all.put(op, one(op, NONE, MAP, longs(2, 3)));
    }
    all.put("Reshape", one("Reshape", NONE, MAP, longs(1, 24, 8)));
    all.put("Resize", resize());
    all.put("Slice", one("Slice", NONE, MAP, longs(1), longs(5), longs(2), longs(2)));
    all.put("Split", split());
    all.put("Squeeze", one("Squeeze", NONE, MAP, longs(0)));
    all.put("Unsqueeze", one("Unsqueeze", NONE, rows, longs(0)));
    all.put("Transpose", one("Transpose", Map.of("perm", Attribute.ofInts(0, 2, 1, 3)), MAP));
    return all;
  }

  private static Graph one(
      String op, Map<String, Attribute> attributes, Shape shape, HostTensor... constants) {
    GraphBuilder g = new GraphBuilder(op);
    String[] inputs = new String[constants.length + 1];
    inputs[0] = g.input("x", DType.FLOAT32, shape);
    for (int i = 0; i < constants.length; i++) {
      inputs[i + 1] = g.initializer("c" + i, constants[i]);
    }
    g.output(g.addNamed("y", op, attributes, inputs), DType.FLOAT32, Shape.UNRANKED);
    return g.build();
  }

  private static Graph typed(String op, Map<String, Attribute> attributes, DType type) {
    GraphBuilder g = new GraphBuilder(op);
    String x = g.input("x", DType.FLOAT32, MAP);
    g.output(g.addNamed("y", op, attributes, x), type, Shape.UNRANKED);
    return g.build();
  }

  /** Of numbers above 0. */
  private static Graph positive(String op) {
    GraphBuilder g = new GraphBuilder(op);
    String x = g.input("x", DType.FLOAT32, MAP);
    String low = g.initializer("low", HostTensor.scalar(0.1f));
    String clipped = g.addNamed("clipped", "Clip", NONE, x, low);
    g.output(g.addNamed("y", op, NONE, clipped), DType.FLOAT32, Shape.UNRANKED);
    return g.build();
  }

  private static Graph concat() {
    GraphBuilder g = new GraphBuilder("Concat");
    String x = g.input("x", DType.FLOAT32, MAP);
    Map<String, Attribute> axis = Map.of("axis", Attribute.of(1));
    g.output(g.addNamed("y", "Concat", axis, x, x), DType.FLOAT32, Shape.UNRANKED);
    return g.build();
  }

  private static Graph resize() {
    GraphBuilder g = new GraphBuilder("Resize");
    String x = g.input("x", DType.FLOAT32, MAP);
    String scales = g.initializer("s", HostTensor.ofFloats(Shape.of(4), 1, 1, 2, 2));
    Map<String, Attribute> linear = Map.of("mode", Attribute.of("linear"));
    g.output(g.addNamed("y", "Resize", linear, x, "", scales), DType.FLOAT32, Shape.UNRANKED);
    return g.build();
  }

  private static Graph split() {
    GraphBuilder g = new GraphBuilder("Split");
    String x = g.input("x", DType.FLOAT32, MAP);
    String lengths = g.initializer("n", longs(1, 3));
    g.add(
        org.distill4j.graph.Node.of(
            "Split",
            java.util.List.of(x, lengths),
            java.util.List.of("y", "z"),
            Map.of("axis", Attribute.of(1))));
    g.output("y", DType.FLOAT32, Shape.UNRANKED).output("z", DType.FLOAT32, Shape.UNRANKED);
    return g.build();
  }

  /** Evenly from low to high. */
  public static HostTensor spread(Shape shape, float low, float high) {
    float[] values = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = low + (high - low) * (i * 7 % values.length) / Math.max(1, values.length - 1);
    }
    return HostTensor.ofFloats(shape, values);
  }

  public static HostTensor longs(long... values) {
    return HostTensor.ofLongs(Shape.of(values.length), values);
  }
}
