package org.distill4j.zoo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Nets drawn from a seed whose MatMul and Gemm take their operands in any order, of any rank,
 * turned or not, broadcast or not, with constants on the right, the left or not at all; attention
 * with heads narrower than, as wide as and wider than the sequence. Some channels are outliers.
 */
public final class ProductNets {
  public static final int CLASSES = 10; // as many as noise has

  private static final Map<String, Attribute> NONE = Map.of();
  private static final Dim BATCH = Dim.of("n");

  private final SplittableRandom random;
  private final boolean loud;
  private final GraphBuilder g;
  private final List<String> forms = new ArrayList<>();
  private final long rows;
  private final long columns;
  private String v; // [n, a, b]
  private long a;
  private long b;

  /** A drawn net, the shape of one example, and what was drawn, for people. */
  public record Drawn(Graph graph, Shape example, List<String> forms) {}

  private ProductNets(long seed, boolean loud) {
    this.loud = loud;
    this.random = new SplittableRandom(seed);
    this.g = new GraphBuilder("products-" + seed);
    this.rows = 3L + random.nextInt(6);
    this.columns = 3L + random.nextInt(6);
    this.v = g.input("x", DType.FLOAT32, Shape.of(List.of(BATCH, Dim.of(rows), Dim.of(columns))));
    this.a = rows;
    this.b = columns;
  }

  /**
   * Draws one.
   *
   * @param batchFirst whether the open extent is the first everywhere
   * @param loud whether some channels are outliers
   */
  public static Drawn draw(long seed, boolean batchFirst, boolean loud) {
    ProductNets net = new ProductNets(seed, loud);
    int count = 2 + net.random.nextInt(3);
    for (int i = 0; i < count; i++) {
      net.step();
    }
    net.head(batchFirst);
    return new Drawn(net.g.build(), Shape.of(net.rows, net.columns), List.copyOf(net.forms));
  }

  private void step() {
    int form = random.nextInt(13);
    switch (form) {
      case 0 -> right(random.nextBoolean());
      case 1 -> left(random.nextBoolean());
      case 2 -> turned();
      case 3 -> vectors();
      case 4, 5 -> attention(a, false);
      case 6 -> attention(a, true);
      case 7 -> fewerKeys();
      case 8 -> heads(false);
      case 9 -> heads(true);
      case 10 -> withoutSoftmax();
      case 11 -> positions();
      default -> withItself();
    }
    if (random.nextBoolean()) {
      v = add("Add", v, vector("shift", b));
    }
    if (random.nextInt(3) > 0) {
      v = add("Relu", v);
    }
  }

  private long width() {
    return 2L + random.nextInt(9);
  }

  private void right(boolean stack) {
    long c = width();
    forms.add("right " + (stack ? "stack " : "") + b + "x" + c);
    v = add("MatMul", v, stack ? weights("w", 1, b, c) : weights("w", b, c));
    b = c;
  }

  private void left(boolean stack) {
    long c = width();
    forms.add("left " + (stack ? "stack " : "") + c + "x" + a);
    v = add("MatMul", stack ? weights("w", 1, c, a) : weights("w", c, a), v);
    a = c;
  }

  private void turned() {
    forms.add("turned");
    v = turn(v, 0, 2, 1);
    long rowsBefore = a;
    a = b;
    b = rowsBefore;
    right(false);
  }

  private void vectors() {
    forms.add("vectors");
    String byRow = add("MatMul", v, vector("column", b)); // [n, a]
    String byColumn = add("MatMul", vector("row", a), v); // [n, b]
    String sum = add("Add", v, unsqueezed(byRow, 2));
    v = add("Add", unsqueezed(byColumn, 1), sum);
  }

  /** Of a sequence to itself: heads of any width; the keys may be the left operand. */
  private void attention(long keys, boolean swapped) {
    long d = random.nextInt(3) == 0 ? keys : width();
    long c = width();
    forms.add("attention " + a + "x" + keys + " of " + d + (swapped ? " swapped" : ""));
    String q = add("MatMul", v, weights("q", b, d));
    String k = add("MatMul", v, weights("k", b, d));
    String value = add("MatMul", v, weights("v", b, c));
    String scores = add("MatMul", swapped ? k : q, turn(swapped ? q : k, 0, 2, 1));
    v = add("MatMul", softmax(scaled(scores, d)), value);
    b = c;
  }

  /** Keys and values of a shorter or longer sequence, which a constant on the left makes. */
  private void fewerKeys() {
    long t = width();
    long d = width();
    long c = width();
    forms.add("attention " + a + "x" + t + " of " + d);
    String other = add("MatMul", weights("o", t, a), v);
    String q = add("MatMul", v, weights("q", b, d));
    String k = turn(add("MatMul", other, weights("k", b, d)), 0, 2, 1);
    String value = add("MatMul", other, weights("v", b, c));
    v = add("MatMul", softmax(scaled(add("MatMul", q, k), d)), value);
    b = c;
  }

  /** Several heads; all may share one key. */
  private void heads(boolean sharedKey) {
    long h = 2L + random.nextInt(2);
    long d = random.nextInt(3) == 0 ? a : width();
    forms.add(h + " heads of " + d + " by " + a + (sharedKey ? ", one key" : ""));
    String q = turn(split(add("MatMul", v, weights("q", b, h * d)), h, d), 0, 2, 1, 3);
    long keyHeads = sharedKey ? 1 : h;
    String key = split(add("MatMul", v, weights("k", b, keyHeads * d)), keyHeads, d);
    String k =
        random.nextBoolean() ? turn(key, 0, 2, 3, 1) : turn(turn(key, 0, 2, 1, 3), 0, 1, 3, 2);
    String value = turn(split(add("MatMul", v, weights("v", b, h * d)), h, d), 0, 2, 1, 3);
    String mixed = add("MatMul", softmax(scaled(add("MatMul", q, k), d)), value);
    v = reshape(turn(mixed, 0, 2, 1, 3), 0, a, h * d);
    b = h * d;
  }

  /** {@code q (k' v)}: the turned operand is the left one. */
  private void withoutSoftmax() {
    long d = width();
    long c = width();
    forms.add("k'v of " + d + "x" + c);
    String q = add("MatMul", v, weights("q", b, d));
    String k = turn(add("MatMul", v, weights("k", b, d)), 0, 2, 1);
    v = add("MatMul", q, add("MatMul", k, add("MatMul", v, weights("v", b, c))));
    b = c;
  }

  /** What layers make of constants alone, directly or behind another operator. */
  private void positions() {
    long d = width();
    forms.add("positions of " + d);
    String given = random.nextBoolean() ? weights("p", a, d) : add("Relu", weights("p", a, d));
    v = add("Add", v, add("MatMul", given, weights("pw", d, b)));
  }

  private void withItself() {
    forms.add("with itself " + a + "x" + b);
    String scores = add("MatMul", v, turn(v, 0, 2, 1));
    v = add("MatMul", softmax(scaled(scores, b)), v);
  }

  /** Flattened, two dense layers of any form, and the logits. */
  private void head(boolean batchFirst) {
    String flat = g.add("Flatten", NONE, v);
    long k = a * b;
    long c = 2L + random.nextInt(9);
    int form = random.nextInt(batchFirst ? 5 : 9);
    forms.add("dense " + form + " " + k + "x" + c);
    String hidden =
        switch (form) {
          case 0 -> gemm(Map.of(), flat, weights("h", k, c), bias(c));
          case 1 -> gemm(flags(0, 1), flat, weights("h", c, k), bias(c));
          case 2 ->
              gemm(
                  Map.of("alpha", Attribute.of(1f / c), "beta", Attribute.of(-c / 4f)),
                  flat,
                  weights("h", k, c),
                  bias(c));
          case 3 -> add("MatMul", flat, weights("h", k, c));
          case 4 -> gemm(Map.of(), flat, add("Tanh", weights("h", k, c)), bias(c));
          case 5 -> gemm(flags(1, 0), turn(flat, 1, 0), weights("h", k, c), bias(c));
          case 6 -> gemm(flags(1, 1), turn(flat, 1, 0), weights("h", c, k), bias(c));
          case 7 -> turn(gemm(flags(0, 1), weights("h", c, k), flat, column("hb", c)), 1, 0);
          default -> turn(add("MatMul", weights("h", c, k), turn(flat, 1, 0)), 1, 0);
        };
    String y =
        g.addNamed(
            "head", "Gemm", NONE, add("Relu", hidden), weights("y", c, CLASSES), bias(CLASSES));
    g.output(y, DType.FLOAT32, Shape.of(List.of(BATCH, Dim.of(CLASSES))));
  }

  private String bias(long c) {
    return switch (random.nextInt(4)) {
      case 0 -> "";
      case 1 -> g.initializer(name("b"), HostTensor.ofFloats(Shape.of(1, c), numbers(c, .3)));
      case 2 -> g.initializer(name("b"), HostTensor.scalar((float) random.nextGaussian()));
      default -> vector("b", c);
    };
  }

  private String gemm(Map<String, Attribute> attributes, String x, String w, String bias) {
    return bias.isEmpty() ? g.add("Gemm", attributes, x, w) : g.add("Gemm", attributes, x, w, bias);
  }

  private static Map<String, Attribute> flags(long transA, long transB) {
    return Map.of("transA", Attribute.of(transA), "transB", Attribute.of(transB));
  }

  private String add(String op, String... inputs) {
    return g.add(op, NONE, inputs);
  }

  private String softmax(String x) {
    return g.add("Softmax", Map.of("axis", Attribute.of(-1L)), x);
  }

  private String scaled(String x, long d) {
    String factor =
        g.initializer(name("f"), HostTensor.scalar((float) (1 / Math.sqrt((double) d))));
    return random.nextBoolean() ? add("Mul", x, factor) : add("Mul", factor, x);
  }

  private String turn(String x, long... order) {
    return g.add("Transpose", Map.of("perm", Attribute.ofInts(order)), x);
  }

  private String split(String x, long heads, long width) {
    return reshape(x, 0, a, heads, width);
  }

  private String reshape(String x, long... target) {
    return add(
        "Reshape",
        x,
        g.initializer(name("s"), HostTensor.ofLongs(Shape.of(target.length), target)));
  }

  private String unsqueezed(String x, long axis) {
    return add("Unsqueeze", x, g.initializer(name("axes"), HostTensor.ofLongs(Shape.of(1), axis)));
  }

  private String vector(String wish, long c) {
    return g.initializer(name(wish), HostTensor.ofFloats(Shape.of(c), numbers(c, .3)));
  }

  private String column(String wish, long c) {
    return g.initializer(name(wish), HostTensor.ofFloats(Shape.of(c, 1), numbers(c, .3)));
  }

  private int named;

  private String name(String wish) {
    return wish + "." + named++;
  }

  private float[] numbers(long count, double deviation) {
    float[] values = new float[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  /** A matrix or a stack of one, of which a row and a column may be far larger than the others. */
  private String weights(String wish, long... shape) {
    int across = (int) shape[shape.length - 1];
    int down = (int) shape[shape.length - 2];
    float[] values = numbers((long) down * across, 1 / Math.sqrt(down));
    int loudColumn = random.nextInt(2) == 0 ? random.nextInt(across) : -1;
    int loudRow = random.nextInt(4) == 0 ? random.nextInt(down) : -1;
    for (int i = 0; i < values.length; i++) {
      values[i] *= loud && i % across == loudColumn ? 8 : 1;
      values[i] *= loud && i / across == loudRow ? 8 : 1;
    }
    return g.initializer(name(wish), HostTensor.ofFloats(Shape.of(shape), values));
  }
}
