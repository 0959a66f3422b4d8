package org.distill4j.quantize.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.data.Dataset;
import org.distill4j.engine.EngineRuntime;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Node;
import org.distill4j.passes.EqualizeChannels;
import org.distill4j.passes.Pass;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

/**
 * Convolutions count channels on axis 1, products on the last axis: chains of both, drawn from a
 * seed with as many channels as places, say the same after every repair of floats. ONNX Runtime
 * tells.
 */
class ChannelAxesTest {
  private static final int CHAINS = 30;
  private static final int SIDE = 8;
  private static final Shape EXAMPLE = Shape.of(SIDE, SIDE);
  private static final Dataset DATA = Noise.of(EXAMPLE, 16);
  private static final double ROUNDING = 1e-5;

  /** A chain that is built from what it is now: {@code [n, SIDE, SIDE]}. */
  private static final class Chain {
    private final GraphBuilder g;
    private final SplittableRandom random;
    private final List<String> parts = new ArrayList<>();
    private String v;
    private int constants;

    Chain(long seed) {
      this.g = new GraphBuilder("chain-" + seed);
      this.random = new SplittableRandom(seed);
      this.v =
          g.input("x", DType.FLOAT32, Shape.of(List.of(Dim.of("n"), Dim.of(SIDE), Dim.of(SIDE))));
    }

    Graph build() {
      int count = 2 + random.nextInt(4);
      for (int i = 0; i < count; i++) {
        part(random.nextInt(16));
      }
      part(random.nextInt(2));
      add("Relu", Map.of(), v);
      long inputs = (long) SIDE * SIDE;
      boolean isTurned = random.nextBoolean();
      add("Flatten", random.nextBoolean() ? Map.of() : Map.of("axis", Attribute.of(-2L)), v);
      String w = isTurned ? weights(12, inputs) : weights(inputs, 12);
      add("Gemm", isTurned ? Map.of("transB", Attribute.of(1L)) : Map.of(), v, w, bias(12));
      add("Relu", Map.of(), v);
      add("MatMul", Map.of(), v, weights(12, 10));
      g.output(v, DType.FLOAT32, Shape.of(List.of(Dim.of("n"), Dim.of(10))));
      return g.build();
    }

    private void part(int which) {
      switch (which) {
        case 0, 5 -> add("MatMul", Map.of(), v, weights(SIDE, SIDE));
        case 1, 6 ->
            add(
                "Conv",
                Map.of("pads", Attribute.ofInts(1, 1)),
                v,
                weights(SIDE, SIDE, 3),
                bias(SIDE));
        case 2 ->
            add(
                "Conv",
                Map.of("pads", Attribute.ofInts(1, 1), "group", Attribute.of((long) SIDE)),
                v,
                weights(SIDE, 1, 3),
                bias(SIDE));
        case 3 ->
            add(
                random.nextBoolean() ? "MaxPool" : "AveragePool",
                Map.of("kernel_shape", Attribute.ofInts(3), "pads", Attribute.ofInts(1, 1)),
                v);
        case 4 -> add("Relu", Map.of(), v);
        case 7, 8 -> add("Transpose", Map.of("perm", Attribute.ofInts(0, 2, 1)), v);
        case 9 -> add("Softmax", Map.of("axis", Attribute.of(1L + random.nextInt(2))), v);
        case 10 -> add("Add", Map.of(), v, g.add("GlobalAveragePool", Map.of(), v));
        case 11 -> add(random.nextBoolean() ? "Mul" : "Sub", Map.of(), broadcast(), v);
        case 12 -> normalized();
        case 13 -> joinedAndCut();
        case 14 -> padded();
        default -> add("Add", Map.of(), v, broadcast());
      }
    }

    /** One number for each channel, each place or each of both, of any rank that fits. */
    private String broadcast() {
      return switch (random.nextInt(5)) {
        case 0 -> constant(.5, SIDE);
        case 1 -> constant(.5, SIDE, 1);
        case 2 -> constant(.5, 1, SIDE, 1);
        case 3 -> constant(.5, 1, 1, SIDE);
        default -> constant(.5, SIDE, SIDE);
      };
    }

    private void normalized() {
      float[] ones = new float[SIDE];
      Arrays.fill(ones, 1.5f);
      String variance = g.initializer("v" + constants++, HostTensor.ofFloats(Shape.of(SIDE), ones));
      add("BatchNormalization", Map.of(), v, bias(SIDE), bias(SIDE), bias(SIDE), variance);
    }

    private void joinedAndCut() {
      long axis = 1L + random.nextInt(2);
      String relu = g.add("Relu", Map.of(), v);
      add("Concat", Map.of("axis", Attribute.of(axis)), relu, v);
      cut(axis, 3);
    }

    private void padded() {
      long axis = 1L + random.nextInt(2);
      long[] pads = new long[6];
      pads[(int) axis] = 2;
      pads[3 + (int) axis] = 1;
      add("Pad", Map.of(), v, integers(pads));
      cut(axis, 1);
    }

    /** As many as there are, from a place on. */
    private void cut(long axis, long from) {
      add("Slice", Map.of(), v, integers(from), integers(from + SIDE), integers(axis));
    }

    private String integers(long... values) {
      return g.initializer("i" + constants++, HostTensor.ofLongs(Shape.of(values.length), values));
    }

    private void add(String op, Map<String, Attribute> attributes, String... inputs) {
      v = g.add(op, attributes, inputs);
      parts.add(op);
    }

    private String bias(long count) {
      return constant(.5, count);
    }

    /** Some channels of either side are outliers. */
    private String weights(long... shape) {
      long inputs = Shape.of(shape).elements() / shape[0];
      return constant(1 / Math.sqrt((double) Math.max(2, inputs)), shape);
    }

    private String constant(double deviation, long... sizes) {
      Shape shape = Shape.of(sizes);
      float[] values = new float[(int) shape.elements()];
      int inner = (int) (shape.elements() / sizes[0]);
      int loudFirst = random.nextInt((int) sizes[0]);
      int second = sizes.length > 1 ? (int) sizes[1] : 1;
      int loudSecond = random.nextInt(second);
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (deviation * random.nextGaussian());
        boolean isLoud =
            i / inner == loudFirst || (second > 1 && i % inner / (inner / second) == loudSecond);
        values[i] *= sizes.length > 1 && isLoud ? 12 : 1;
      }
      return g.initializer("c" + constants++, HostTensor.ofFloats(shape, values));
    }
  }

  private static List<Pass> passes() {
    ActivationPass examples = Noise.run(DATA);
    return List.of(
        new SplitOutliers(8, examples),
        new SmoothActivations(.5, examples),
        new EqualizeChannels());
  }

  @Test
  void apply_chainsOfLayersInAnyOrder_saysTheSame() {
    int changed = 0;
    for (int c = 0; c < CHAINS; c++) {
      Chain chain = new Chain(Seeds.of(500 + c));
      Graph graph = chain.build();
      for (Pass pass : passes()) {
        Pass.Outcome outcome = pass.apply(graph);
        changed += outcome.changes().isEmpty() ? 0 : 1;
        assertThat(Noise.difference(graph, outcome.graph(), DATA))
            .as("%s of %s: %s", pass.name(), chain.parts, outcome.changes())
            .isLessThan(ROUNDING);
      }
    }
    assertThat(changed).isGreaterThan(CHAINS); // every pass found something to do
  }

  @Test
  void trainingGraph_ofChainsOfLayersInAnyOrder_givesOnnxRuntimesNumbers() {
    for (int c = 0; c < CHAINS; c++) {
      Chain chain = new Chain(Seeds.of(500 + c));
      Graph graph = chain.build();
      assertThat(Noise.difference(graph, new EngineRuntime(), DATA))
          .as("%d: %s", c, chain.parts)
          .isLessThan(ROUNDING);
    }
  }

  /** Doubles the first weights that it finds, as nothing that leaves a model alone would. */
  private static final class Doubling implements Pass {
    private final boolean exact;

    Doubling(boolean exact) {
      this.exact = exact;
    }

    @Override
    public String name() {
      return "doubling";
    }

    @Override
    public boolean isExact() {
      return exact;
    }

    @Override
    public Outcome apply(Graph graph) {
      Node last = graph.nodes().get(graph.nodes().size() - 1);
      float[] weights = graph.initializers().get(last.input(1)).toFloats();
      for (int i = 0; i < weights.length; i++) {
        weights[i] *= 2;
      }
      Shape shape = graph.initializers().get(last.input(1)).shape();
      return new Outcome(
          graph.withInitializers(Map.of(last.input(1), HostTensor.ofFloats(shape, weights))),
          List.of("doubled"),
          List.of());
    }
  }

  @Test
  void rewriteCheck_aPassThatMakesAnotherNet_isDroppedAndSaid() {
    Graph graph = new Chain(Seeds.of(7)).build();
    for (boolean exact : List.of(true, false)) {
      Pass.Outcome outcome = new RewriteCheck(Noise.run(DATA)).apply(new Doubling(exact), graph);
      assertThat(outcome.graph()).isSameAs(graph);
      assertThat(outcome.changes()).isEmpty();
      assertThat(outcome.skipped())
          .singleElement()
          .asString()
          .startsWith("the whole model, which would not say what it said: output '")
          .contains("differs by");
    }
  }

  /** Gives a graph that contradicts itself. */
  private static final class Breaking implements Pass {
    @Override
    public String name() {
      return "breaking";
    }

    @Override
    public Outcome apply(Graph graph) {
      Node last = graph.nodes().get(graph.nodes().size() - 1);
      return new Outcome(
          graph.withInitializers(
              Map.of(last.input(1), HostTensor.ofFloats(Shape.of(13, 10), new float[130]))),
          List.of("broken"),
          List.of());
    }
  }

  @Test
  void rewriteCheck_aPassThatBreaksTheModel_isDroppedAndSaid() {
    Graph graph = new Chain(Seeds.of(8)).build();
    Pass.Outcome outcome = new RewriteCheck(Noise.run(DATA)).apply(new Breaking(), graph);
    assertThat(outcome.graph()).isSameAs(graph);
    assertThat(outcome.skipped()).hasSize(1);
  }
}
