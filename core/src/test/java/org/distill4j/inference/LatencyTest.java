package org.distill4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class LatencyTest {
  @Test
  void percentile_ofOneToHundredMilliseconds_isItsRank() {
    long[] nanos = LongStream.rangeClosed(1, 100).map(ms -> ms * 1_000_000).toArray();
    assertThat(Latency.percentile(nanos, 50)).isEqualTo(50);
    assertThat(Latency.percentile(nanos, 95)).isEqualTo(95);
    assertThat(Latency.percentile(nanos, 99)).isEqualTo(99);
  }

  @Test
  void percentile_ofFew_isOneOfThem() {
    long[] nanos = {1_000_000, 2_000_000, 3_000_000};
    assertThat(Latency.percentile(nanos, 50)).isEqualTo(2); // rank ceil(1.5)
    assertThat(Latency.percentile(nanos, 99)).isEqualTo(3);
    assertThat(Latency.percentile(new long[] {7_000_000}, 1)).isEqualTo(7);
  }

  @Test
  void measure_aNet_givesRisingPercentiles() {
    try (Predictor p = new OnnxRuntime().open(Nets.linear(Dim.of("batch")), 1)) {
      Latency latency = Latency.measure(p, 4, 1, Duration.ofMillis(20));
      assertThat(latency.batch()).isEqualTo(4);
      assertThat(latency.threads()).isEqualTo(1);
      assertThat(latency.p50Ms()).isPositive().isLessThanOrEqualTo(latency.p95Ms());
      assertThat(latency.p95Ms()).isLessThanOrEqualTo(latency.p99Ms());
    }
  }

  @Test
  void measure_wrongArguments_areRefused() {
    Shape vague = Shape.of(List.of(Dim.of("batch"), Dim.UNKNOWN));
    try (Predictor p = new OnnxRuntime().open(Nets.linear(vague, vague), 1)) {
      assertThatThrownBy(() -> Latency.measure(p, 1, 1))
          .isInstanceOf(InputFault.class)
          .hasMessage("model value 'x': [batch, ?] (expected: the batch, then numbers only)");
      assertThatThrownBy(() -> Latency.measure(p, 0, 1))
          .hasMessage("batch, threads: 0, 1 (expected: each >= 1)");
    }
  }

  /** A model of one number that writes down when it is run, and takes longer than a turn. */
  private record Noted(String name, List<String> runs) implements Predictor {
    private static final Duration RUN = Duration.ofMillis(2);
    private static final Shape SHAPE = Shape.of(List.of(Dim.of("batch"), Dim.of(1)));

    @Override
    public List<Value> inputs() {
      return List.of(new Value("x", DType.FLOAT32, SHAPE));
    }

    @Override
    public List<Value> outputs() {
      return List.of(new Value("y", DType.FLOAT32, SHAPE));
    }

    @Override
    public Map<String, HostTensor> run(Map<String, HostTensor> inputs) {
      return Map.of("y", inputs.get("x"));
    }

    @Override
    public void run(int count, FloatBuffer input, FloatBuffer output) {
      long start = System.nanoTime();
      if (runs.isEmpty() || !runs.get(runs.size() - 1).equals(name)) {
        runs.add(name);
      }
      while (System.nanoTime() - start < RUN.toNanos()) {
        Thread.onSpinWait();
      }
    }

    @Override
    public void close() {}
  }

  @Test
  void inTurn_severalModels_areTimedOneAfterTheOtherAgainAndAgain() {
    List<String> turns = new ArrayList<>();
    List<Predictor> models =
        List.of(new Noted("a", turns), new Noted("b", turns), new Noted("c", turns));
    List<Latency> found = Latency.inTurn(models, 2, 1, Duration.ofMillis(15));
    assertThat(found).hasSize(3).allMatch(l -> l.batch() == 2 && l.p50Ms() >= 0);
    assertThat(turns.subList(0, 6)).containsExactly("a", "b", "c", "a", "b", "c");
    for (String name : List.of("a", "b", "c")) {
      // one turn to warm up, then at least five of one run each, as a turn is a fifteenth of the
      // time
      assertThat(turns.stream().filter(name::equals).count()).isGreaterThanOrEqualTo(6);
    }
  }
}
