package org.distill4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

/** The kit that every runtime passes, run with batches shared out over three threads. */
class SlicedPredictorTest extends PredictorCompatibility {
  private static final int COUNT = 1000;

  @Override
  protected InferenceRuntime runtime() {
    return new InferenceRuntime() {
      @Override
      public String name() {
        return new OnnxRuntime().name();
      }

      @Override
      public Predictor open(Graph graph, int threads) {
        return new OnnxRuntime().openForBatches(graph, threads == 1 ? 3 : threads);
      }
    };
  }

  @Override
  protected Set<DType> types() {
    return EnumSet.complementOf(EnumSet.of(DType.UINT16, DType.UINT32, DType.UINT64));
  }

  @Test
  void runBatch_onAnyNumberOfThreads_givesTheSameBits() {
    FloatBuffer in = Nets.direct(3 * COUNT);
    for (int i = 0; i < 3 * COUNT; i++) {
      in.put(i, (float) Math.sin(i));
    }
    float[] alone = run(Dim.of("batch"), 1, in);
    for (Dim batch : new Dim[] {Dim.of("batch"), Dim.of(1), Dim.of(7), Dim.of(48)}) {
      for (int threads = 1; threads <= 5; threads++) {
        assertThat(run(batch, threads, in)).as("%s on %d", batch, threads).isEqualTo(alone);
      }
    }
  }

  private static float[] run(Dim batch, int threads, FloatBuffer in) {
    FloatBuffer out = Nets.direct(2 * COUNT);
    try (Predictor p = new OnnxRuntime().openForBatches(Nets.linear(batch), threads)) {
      p.run(COUNT, in, out);
    }
    return Nets.values(out, 2 * COUNT);
  }

  @Test
  void runBatch_aSliceThatFails_endsWithItsFault() {
    Shape declared = Shape.of(List.of(Dim.of("batch"), Dim.of(3)));
    Graph only32 =
        new Graph(
            "only32",
            List.of(new Value("x", DType.FLOAT32, declared)),
            List.of(new Value("y", DType.FLOAT32, declared)),
            List.of(Node.of("Reshape", List.of("x", "shape"), List.of("y"), Map.of())),
            Map.of("shape", HostTensor.ofLongs(Shape.of(2), 32, 3)),
            Map.of());
    try (Predictor p = new OnnxRuntime().openForBatches(only32, 3)) {
      FloatBuffer in = Nets.direct(3 * COUNT);
      FloatBuffer out = Nets.direct(3 * COUNT);
      assertThatThrownBy(() -> p.run(COUNT, in, out)) // the last slice has 8
          .isInstanceOf(RunFault.class)
          .hasMessageStartingWith("model 'only32': ONNX Runtime failed: ");
      p.run(COUNT - COUNT % 32, in, out);
    }
  }
}
