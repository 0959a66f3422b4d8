package org.distill4j.zoo;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** The models of {@link OperatorSettings} for QuantizeLinear and DequantizeLinear. */
final class RoundingSettings {
  private static final Shape MAP = Shape.of(1, 4, 6, 8);

  private RoundingSettings() {}

  static Map<String, List<Graph>> samples() {
    return Map.of(
        "QuantizeLinear.axis",
        List.of(rounded(2, DType.UINT8), rounded(-1, DType.INT8)),
        "DequantizeLinear.axis",
        List.of(rounded(0, DType.INT8), weight(0, 0), weight(-1, 0)),
        "DequantizeLinear.block_size",
        List.of(weight(0, 2), weight(1, 2)),
        "QuantizeLinear.block_size",
        List.of(blocks()),
        "QuantizeLinear.output_dtype",
        List.of(typed(3), typed(4)));
  }

  private static Map<String, Attribute> at(String key, long value) {
    return Map.of(key, Attribute.of(value));
  }

  private static Map<String, Attribute> at(String key, long value, String other, long second) {
    return Map.of(key, Attribute.of(value), other, Attribute.of(second));
  }

  /** Rounded with a scale for each index of an axis. */
  private static Graph rounded(int axis, DType type) {
    GraphBuilder g = new GraphBuilder("QuantizeLinear");
    String x = g.input("x", DType.FLOAT32, MAP);
    Shape n = Shape.of(MAP.size(axis < 0 ? axis + MAP.rank() : axis));
    String scale = g.initializer("scale", OperatorSamples.spread(n, 0.004f, 0.01f));
    ByteBuffer zeros = ByteBuffer.allocate(Math.toIntExact(n.elements()));
    for (int i = 0; i < zeros.capacity(); i++) {
      zeros.put(i, (byte) (10 + 5 * i));
    }
    String zero = g.initializer("zero", HostTensor.of(type, n, zeros));
    String q = g.addNamed("q", "QuantizeLinear", at("axis", axis), x, scale, zero);
    g.output(
        g.addNamed("y", "DequantizeLinear", at("axis", axis), q, scale, zero),
        DType.FLOAT32,
        Shape.UNRANKED);
    return g.build();
  }

  /** Constant integers that are multiplied with rows. */
  private static Graph weight(int axis, int block) {
    GraphBuilder g = new GraphBuilder("DequantizeLinear");
    String x = g.input("x", DType.FLOAT32, Shape.of(3, 4));
    ByteBuffer integers = ByteBuffer.allocate(24);
    for (int i = 0; i < 24; i++) {
      integers.put(i, (byte) (i * 37));
    }
    Shape shape = Shape.of(4, 6);
    String w = g.initializer("w", HostTensor.of(DType.INT8, shape, integers));
    int of = axis < 0 ? axis + 2 : axis;
    Shape scales =
        block == 0 ? Shape.of(shape.size(of)) : shape.with(of, Dim.of(shape.size(of) / block));
    String scale = g.initializer("scale", OperatorSamples.spread(scales, 0.004f, 0.01f));
    Map<String, Attribute> attributes =
        block == 0 ? at("axis", axis) : at("axis", axis, "block_size", block);
    String d = g.addNamed("d", "DequantizeLinear", attributes, w, scale);
    g.output(g.addNamed("y", "MatMul", Map.of(), x, d), DType.FLOAT32, Shape.UNRANKED);
    return g.build();
  }

  private static Graph blocks() {
    GraphBuilder g = new GraphBuilder("QuantizeLinear");
    String x = g.input("x", DType.FLOAT32, Shape.of(4, 6));
    String scale = g.initializer("scale", OperatorSamples.spread(Shape.of(4, 3), 0.004f, 0.01f));
    String zero =
        g.initializer("zero", HostTensor.of(DType.UINT8, Shape.of(4, 3), ByteBuffer.allocate(12)));
    Map<String, Attribute> attributes = at("axis", 1, "block_size", 2);
    String q = g.addNamed("q", "QuantizeLinear", attributes, x, scale, zero);
    g.output(
        g.addNamed("y", "DequantizeLinear", attributes, q, scale, zero),
        DType.FLOAT32,
        Shape.UNRANKED);
    return g.build();
  }

  /** Rounded to integers whose type no zero point tells. */
  private static Graph typed(long code) {
    GraphBuilder g = new GraphBuilder("QuantizeLinear");
    String x = g.input("x", DType.FLOAT32, MAP);
    String scale = g.initializer("scale", HostTensor.ofFloats(Shape.SCALAR, 0.005f));
    String q = g.addNamed("q", "QuantizeLinear", at("output_dtype", code), x, scale);
    g.output(
        g.addNamed("y", "DequantizeLinear", Map.of(), q, scale), DType.FLOAT32, Shape.UNRANKED);
    return g.build();
  }
}
