package org.distill4j.quantize.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.data.Dataset;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.passes.Pass;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A price of a million beside a count of three: each is held against its own size. */
class RewriteCheckTest {
  private static final int IN = 6;
  private static final Dataset DATA = Noise.of(Shape.of(IN), 40);

  private static Graph net(float[] weights) {
    GraphBuilder g = new GraphBuilder("house");
    String x = g.input("x", DType.FLOAT32, Shape.of(List.of(Dim.of("n"), Dim.of(IN))));
    String w = g.initializer("w", HostTensor.ofFloats(Shape.of(IN, 2), weights));
    g.output(
        g.addNamed("y", "MatMul", Map.of(), x, w),
        DType.FLOAT32,
        Shape.of(List.of(Dim.of("n"), Dim.of(2))));
    return g.build();
  }

  /** Multiplies the weights of the second column. */
  private record Scaling(float by, boolean isExact) implements Pass {
    @Override
    public String name() {
      return "scaling";
    }

    @Override
    public Outcome apply(Graph graph) {
      float[] weights = graph.initializers().get("w").toFloats();
      for (int i = 1; i < weights.length; i += 2) {
        weights[i] *= by;
      }
      return new Outcome(net(weights), List.of(), List.of());
    }
  }

  @ParameterizedTest
  @CsvSource({"1.0001, true, true", "1.5, true, false", "1.0001, false, true", "1.5, false, false"})
  void apply_smallColumnBesideALargeOne_isHeldAgainstItself(
      float by, boolean isExact, boolean isKept) {
    SplittableRandom random = new SplittableRandom(Seeds.of(6));
    float[] weights = new float[2 * IN];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) ((random.nextDouble() - 0.5) * (i % 2 == 0 ? 1e6 : 3));
    }
    Graph net = net(weights);
    Pass.Outcome outcome = new RewriteCheck(Noise.run(DATA)).apply(new Scaling(by, isExact), net);
    assertThat(outcome.graph().equals(net)).isEqualTo(!isKept);
    assertThat(outcome.skipped().isEmpty()).isEqualTo(isKept);
  }
}
