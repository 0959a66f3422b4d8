package org.distill4j.tfjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.format.Bits;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.lowered.LoweredGraph;
import org.distill4j.lowered.Lowering;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeRunTest {
  private static final Shape FOUR = Shape.of(1, 4);

  @TempDir private Path folder;

  /** JSON has no such numbers, and 0 is another. */
  @Test
  void run_answersThatAreNoFiniteNumbers_areTheAnswers() {
    GraphBuilder g = new GraphBuilder("endless");
    String x = g.input("x", DType.FLOAT32, FOUR);
    String zero = g.initializer("zero", HostTensor.scalar(0));
    g.output(g.addNamed("y", "Div", Map.of(), x, zero), DType.FLOAT32, FOUR);
    g.output(g.addNamed("z", "Sqrt", Map.of(), x), DType.FLOAT32, FOUR);
    Graph net = g.build();
    SplittableRandom random = new SplittableRandom(Seeds.of(4));
    float[] values = {random.nextFloat() + 1, 0, -1 - random.nextFloat(), Float.POSITIVE_INFINITY};

    LoweredGraph lowered = Lowering.of(net);
    TfjsModel.of(lowered, Bits.ALL).write(folder);
    Map<String, HostTensor> fed = Map.of("x", HostTensor.ofFloats(FOUR, values));
    Optional<List<Map<String, HostTensor>>> said = NodeRun.run(lowered, folder, List.of(fed));

    assumeTrue(said.isPresent(), "no Node.js with TF.js here");
    float endless = Float.POSITIVE_INFINITY;
    assertThat(said.get().get(0).get("y").toFloats())
        .containsExactly(endless, Float.NaN, -endless, endless);
    assertThat(said.get().get(0).get("z").toFloats())
        .containsExactly((float) Math.sqrt(values[0]), 0, Float.NaN, endless);
  }
}
