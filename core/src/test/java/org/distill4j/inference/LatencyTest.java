package org.distill4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.distill4j.fault.InputFault;
import org.distill4j.tensor.Dim;
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
}
