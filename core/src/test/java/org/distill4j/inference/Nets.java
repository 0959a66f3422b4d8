package org.distill4j.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Nets small enough to compute by hand. */
public final class Nets {
  /** Rows are what {@link #linear} multiplies x0, x1, x2 by. */
  static final float[] WEIGHTS = {1, 2, 0, -1, 0.5f, 4};

  static final float[] BIAS = {10, -10};

  private Nets() {}

  /** y0 = x0 + 0 x1 + 0.5 x2 + 10, y1 = 2 x0 - x1 + 4 x2 - 10. */
  public static Graph linear(Dim batch) {
    return linear(Shape.of(List.of(batch, Dim.of(3))), Shape.of(List.of(batch, Dim.of(2))));
  }

  static Graph linear(Shape input, Shape output) {
    return new Graph(
        "linear",
        List.of(new Value("x", DType.FLOAT32, input)),
        List.of(new Value("y", DType.FLOAT32, output)),
        List.of(Node.of("Gemm", List.of("x", "w", "b"), List.of("y"), Map.of())),
        Map.of(
            "w", HostTensor.ofFloats(Shape.of(3, 2), WEIGHTS),
            "b", HostTensor.ofFloats(Shape.of(2), BIAS)),
        Map.of());
  }

  /** What {@link #linear} gives for one example. */
  static float[] linear(float x0, float x1, float x2) {
    return new float[] {x0 + 0.5f * x2 + 10, 2 * x0 - x1 + 4 * x2 - 10};
  }

  /** Gives back what it takes, of any type and shape. */
  static Graph identity(DType type) {
    return new Graph(
        "identity",
        List.of(new Value("x", type, Shape.UNRANKED)),
        List.of(new Value("y", type, Shape.UNRANKED)),
        List.of(Node.of("Identity", List.of("x"), List.of("y"), Map.of())),
        Map.of(),
        Map.of());
  }

  /** sum = a + b, product = a * b. */
  static Graph sumAndProduct() {
    Shape shape = Shape.of(List.of(Dim.of("n")));
    return new Graph(
        "two-by-two",
        List.of(new Value("a", DType.FLOAT32, shape), new Value("b", DType.FLOAT32, shape)),
        List.of(new Value("sum", DType.FLOAT32, shape), new Value("product", DType.FLOAT32, shape)),
        List.of(
            Node.of("Add", List.of("a", "b"), List.of("sum"), Map.of()),
            Node.of("Mul", List.of("a", "b"), List.of("product"), Map.of())),
        Map.of(),
        Map.of());
  }

  /** y = -(-x), which takes room for as many floats within. */
  static Graph twiceNegated(long floats) {
    Shape shape = Shape.of(List.of(Dim.of("batch"), Dim.of(floats)));
    return new Graph(
        "twice-negated",
        List.of(new Value("x", DType.FLOAT32, shape)),
        List.of(new Value("y", DType.FLOAT32, shape)),
        List.of(
            Node.of("Neg", List.of("x"), List.of("minus"), Map.of()),
            Node.of("Neg", List.of("minus"), List.of("y"), Map.of())),
        Map.of(),
        Map.of());
  }

  /** A direct buffer in native order. */
  public static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(floats * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  static FloatBuffer direct(float... values) {
    return direct(values.length).put(0, values);
  }

  static float[] values(FloatBuffer buffer, int count) {
    float[] values = new float[count];
    buffer.get(0, values);
    return values;
  }
}
