package org.distill4j.quantize.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.data.Dataset;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Node;
import org.distill4j.passes.LinearLayer;
import org.distill4j.passes.Pass;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

/** A Gemm of any factors becomes a plain one that says the same. */
class PlainGemmTest {
  private static final int EXAMPLES = 5;

  private final SplittableRandom random = new SplittableRandom(Seeds.of(61));

  private float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  /** {@code alpha A B + beta C} of a drawn form. */
  private static final class Drawn {
    private final int in;
    private final int out;
    private final float[] b;
    private final float[] c;
    private final float alpha;
    private final float beta;
    private final boolean turned;
    private final Graph graph;

    Drawn(
        int in,
        int out,
        float[] b,
        float[] c,
        float alpha,
        float beta,
        boolean turned,
        Graph graph) {
      this.in = in;
      this.out = out;
      this.b = b;
      this.c = c;
      this.alpha = alpha;
      this.beta = beta;
      this.turned = turned;
      this.graph = graph;
    }

    /** An answer in float64. */
    double answer(float[] row, int column) {
      double sum = 0;
      for (int i = 0; i < in; i++) {
        sum += (double) row[i] * b[turned ? column * in + i : i * out + column];
      }
      double bias = c.length == 0 ? 0 : c[c.length == 1 ? 0 : column];
      return alpha * sum + beta * bias;
    }

    Node gemm(Graph in) {
      return in.nodes().stream().filter(n -> n.op().equals("Gemm")).findFirst().orElseThrow();
    }
  }

  /** All else but the factors is plain where these are not 1. */
  private Drawn draw(float alpha, float beta) {
    int in = 2 + random.nextInt(7);
    int out = 2 + random.nextInt(7);
    boolean turnsInput = random.nextBoolean();
    boolean turned = random.nextBoolean();
    float[] b = numbers(in * out);
    Map<String, Attribute> attributes = new HashMap<>();
    attributes.put("alpha", Attribute.of(alpha));
    attributes.put("beta", Attribute.of(beta));
    attributes.put("transA", Attribute.of(turnsInput ? 1L : 0L));
    attributes.put("transB", Attribute.of(turned ? 1L : 0L));
    GraphBuilder g = new GraphBuilder("gemm");
    String x = g.input("x", DType.FLOAT32, Shape.of(List.of(Dim.of("n"), Dim.of(in))));
    String a = turnsInput ? g.add("Transpose", Map.of("perm", Attribute.ofInts(1, 0)), x) : x;
    String w =
        g.initializer("w", HostTensor.ofFloats(turned ? Shape.of(out, in) : Shape.of(in, out), b));
    Shape[] forms = {Shape.of(out), Shape.of(1, out), Shape.of(), Shape.of(1), Shape.of(1, 1)};
    Shape form = forms[random.nextInt(forms.length)];
    boolean hasBias = random.nextInt(5) > 0;
    float[] c = numbers(hasBias ? (int) form.elements() : 0);
    String y =
        hasBias
            ? g.add("Gemm", attributes, a, w, g.initializer("c", HostTensor.ofFloats(form, c)))
            : g.add("Gemm", attributes, a, w);
    g.output(y, DType.FLOAT32, Shape.of(List.of(Dim.of("n"), Dim.of(out))));
    return new Drawn(in, out, b, c, alpha, beta, turned, g.build());
  }

  private float factor() {
    return random.nextInt(4) == 0 ? 1 : (float) (random.nextDouble() * 4 - 2);
  }

  @Test
  void apply_anyFactorsAndBias_isALayerThatSaysTheSame() {
    for (int trial = 0; trial < 60; trial++) {
      Drawn drawn = draw(factor(), trial % 10 == 0 ? 0 : factor());
      Graph plain = new PlainGemm().apply(drawn.graph).graph();
      String of = drawn.gemm(drawn.graph).attributes() + " of " + drawn.c.length;
      Node gemm = drawn.gemm(plain);
      LinearLayer layer = LinearLayer.of(plain, gemm).orElseThrow(() -> new AssertionError(of));
      float[] weights = layer.weights().toFloats();
      for (int i = 0; i < weights.length; i++) {
        assertThat(weights[i]).as(of).isEqualTo((float) ((double) drawn.alpha * drawn.b[i]));
      }
      Dataset data = Noise.of(Shape.of(drawn.in), EXAMPLES);
      float[] answers = Noise.answers(plain, data);
      for (int n = 0; n < EXAMPLES; n++) {
        float[] row = new float[drawn.in];
        data.read(n, FloatBuffer.wrap(row));
        for (int column = 0; column < drawn.out; column++) {
          assertThat((double) answers[n * drawn.out + column])
              .as(of)
              .isCloseTo(drawn.answer(row, column), within(1e-4));
        }
      }
    }
  }

  @Test
  void apply_factorsBeyondFloat32_areLeft() {
    Graph graph = draw(3e38f, 1).graph;
    Pass.Outcome outcome = new PlainGemm().apply(graph.withInitializers(hundreds(graph)));
    assertThat(outcome.changes()).isEmpty();
  }

  private static Map<String, HostTensor> hundreds(Graph graph) {
    Shape shape = graph.initializers().get("w").shape();
    float[] values = new float[(int) shape.elements()];
    Arrays.fill(values, 100);
    return Map.of("w", HostTensor.ofFloats(shape, values));
  }
}
