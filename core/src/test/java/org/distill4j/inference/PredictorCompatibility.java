package org.distill4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

/**
 * What every {@link InferenceRuntime} must do. A runtime's own test extends this and names the
 * runtime.
 */
public abstract class PredictorCompatibility {
  private static final Dim BATCH = Dim.of("batch");

  /** The runtime under test. */
  protected abstract InferenceRuntime runtime();

  /** The types an array that is fed may have. */
  protected abstract Set<DType> types();

  /** Whether all its memory is the JVM's own, which the collector gives back when it likes. */
  protected boolean isOnTheHeap() {
    return false;
  }

  private Predictor open(Graph graph) {
    return runtime().open(graph, 1);
  }

  @Test
  void name_ofTheRuntime_tellsItsVersion() {
    assertThat(runtime().name()).matches(".*\\d+\\.\\d+.*");
  }

  @Test
  void open_noThreads_isRefused() {
    assertThatThrownBy(() -> runtime().open(Nets.linear(BATCH), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threads: 0 (expected: >= 1)");
  }

  @Test
  void open_anyModel_tellsItsInputsAndOutputs() {
    Graph graph = Nets.sumAndProduct();
    try (Predictor p = open(graph)) {
      assertThat(p.inputs()).isEqualTo(graph.inputs());
      assertThat(p.outputs()).isEqualTo(graph.outputs());
    }
  }

  @Test
  void open_unknownOperator_isRefusedInOneLine() {
    Graph known = Nets.linear(BATCH);
    Node strange = Node.of("Transmogrify", List.of("x"), List.of("y"), Map.of());
    Graph graph =
        new Graph("odd", known.inputs(), known.outputs(), List.of(strange), Map.of(), Map.of());
    assertThatThrownBy(() -> open(graph))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("'odd'")
        .hasMessageContaining("Transmogrify")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void run_linear_equalsArithmetic() {
    try (Predictor p = open(Nets.linear(BATCH))) {
      HostTensor x = HostTensor.ofFloats(Shape.of(2, 3), 1, 2, 3, -4, 5, 0.25f);
      HostTensor y = p.run(Map.of("x", x)).get("y");
      assertThat(y.shape()).isEqualTo(Shape.of(2, 2));
      // 1 + 1.5 + 10, 2 - 2 + 12 - 10; -4 + 0.125 + 10, -8 - 5 + 1 - 10
      assertThat(y.toFloats()).containsExactly(12.5f, 2, 6.125f, -22);
    }
  }

  @Test
  void run_severalInputsAndOutputs_givesEachByName() {
    try (Predictor p = open(Nets.sumAndProduct())) {
      Map<String, HostTensor> results =
          p.run(
              Map.of(
                  "a", HostTensor.ofFloats(Shape.of(2), 3, 5),
                  "b", HostTensor.ofFloats(Shape.of(2), 4, -2)));
      assertThat(results).containsOnlyKeys("sum", "product");
      assertThat(results.get("sum").toFloats()).containsExactly(7, 3);
      assertThat(results.get("product").toFloats()).containsExactly(12, -10);
    }
  }

  @Test
  void run_everyType_returnsTheSameBytes() {
    for (DType type : types()) {
      byte[] bytes = new byte[6 * type.bytes()];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (type == DType.BOOL ? i % 2 : i * 37);
      }
      for (Shape shape : List.of(Shape.of(2, 3), Shape.of(1, 6, 1))) {
        HostTensor x = HostTensor.of(type, shape, ByteBuffer.wrap(bytes));
        try (Predictor p = open(Nets.identity(type))) {
          assertThat(p.run(Map.of("x", x)).get("y")).as(type.name()).isEqualTo(x);
        }
      }
    }
  }

  @Test
  void run_scalarAndEmpty_keepTheirShapes() {
    try (Predictor p = open(Nets.identity(DType.FLOAT32))) {
      HostTensor scalar = HostTensor.scalar(2.5f);
      HostTensor empty = HostTensor.ofFloats(Shape.of(0, 3));
      assertThat(p.run(Map.of("x", scalar)).get("y")).isEqualTo(scalar);
      assertThat(p.run(Map.of("x", empty)).get("y")).isEqualTo(empty);
    }
  }

  @Test
  void run_missingOrUnknownInput_saysWhatIsExpected() {
    try (Predictor p = open(Nets.linear(BATCH))) {
      HostTensor x = HostTensor.ofFloats(Shape.of(1, 3), 1, 2, 3);
      assertThatThrownBy(() -> p.run(Map.of()))
          .isInstanceOf(InputFault.class)
          .hasMessage("model 'linear' inputs: [] (expected: [x])");
      assertThatThrownBy(() -> p.run(Map.of("z", x)))
          .hasMessage("model 'linear' inputs: [z] (expected: [x])");
      assertThatThrownBy(() -> p.run(Map.of("x", x, "z", x)))
          .hasMessage("model 'linear' inputs: [x, z] (expected: [x])");
    }
  }

  @Test
  void run_wrongTypeOrShape_saysWhatIsExpected() {
    try (Predictor p = open(Nets.linear(BATCH))) {
      for (HostTensor wrong :
          List.of(
              HostTensor.ofLongs(Shape.of(1, 3), 1, 2, 3),
              HostTensor.ofFloats(Shape.of(1, 4), 1, 2, 3, 4),
              HostTensor.ofFloats(Shape.of(3), 1, 2, 3))) {
        assertThatThrownBy(() -> p.run(Map.of("x", wrong)))
            .isInstanceOf(InputFault.class)
            .hasMessage("model 'linear' input 'x': " + wrong + " (expected: FLOAT32 [batch, 3])");
      }
    }
  }

  @Test
  void runBatch_anyCountAndFixedBatch_equalsArithmetic() {
    List<Dim> batches = List.of(BATCH, Dim.UNKNOWN, Dim.of(1), Dim.of(2), Dim.of(4));
    for (Dim batch : batches) {
      try (Predictor p = open(Nets.linear(batch))) {
        for (int count = 0; count <= 7; count++) {
          assertBatch(p, count, batch);
        }
      }
    }
  }

  private static void assertBatch(Predictor p, int count, Dim batch) {
    FloatBuffer in = Nets.direct(count * 3 + 5);
    FloatBuffer out = Nets.direct(count * 2 + 1).put(count * 2, 99);
    List<Float> expected = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      in.put(3 * i, new float[] {i, -i, 2 * i});
      for (float y : Nets.linear(i, -i, 2 * i)) {
        expected.add(y);
      }
    }
    expected.add(99f); // nothing is written behind the results
    p.run(count, in, out);
    List<Float> got = new ArrayList<>();
    for (float y : Nets.values(out, count * 2 + 1)) {
      got.add(y);
    }
    assertThat(got).as("batch %s, count %d", batch, count).isEqualTo(expected);
  }

  @Test
  void runBatch_outputShapeNotDeclared_isFoundOut() {
    Shape input = Shape.of(List.of(BATCH, Dim.of(3)));
    Shape vague = Shape.of(List.of(BATCH, Dim.UNKNOWN));
    for (Shape output : List.of(Shape.UNRANKED, vague)) {
      try (Predictor p = open(Nets.linear(input, output))) {
        FloatBuffer out = Nets.direct(2);
        p.run(1, Nets.direct(1, 2, 3), out);
        assertThat(Nets.values(out, 2)).containsExactly(12.5f, 2);
        assertThat(p.resultShape()).isEqualTo(Shape.of(2));
      }
    }
  }

  @Test
  void runBatch_positionsOfTheBuffers_areLeftAloneAndIgnored() {
    try (Predictor p = open(Nets.linear(BATCH))) {
      FloatBuffer in = Nets.direct(1, 2, 3).position(2);
      FloatBuffer out = Nets.direct(2).position(1);
      p.run(1, in, out);
      assertThat(Nets.values(out, 2)).containsExactly(12.5f, 2);
      assertThat(in.position()).isEqualTo(2);
      assertThat(out.position()).isEqualTo(1);
    }
  }

  @Test
  void runBatch_wrongBuffers_areRefusedInOneLine() {
    try (Predictor p = open(Nets.linear(BATCH))) {
      assertThatThrownBy(() -> p.run(2, Nets.direct(5), Nets.direct(4)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("input: room for 5 floats (expected: at least 6, 2 of [3])");
      assertThatThrownBy(() -> p.run(2, Nets.direct(6), Nets.direct(3)))
          .hasMessage("output: room for 3 floats (expected: at least 4, 2 of [2])");
      assertThatThrownBy(() -> p.run(1, FloatBuffer.allocate(3), Nets.direct(2)))
          .hasMessageStartingWith("input: a buffer that is not direct");
      assertThatThrownBy(() -> p.run(-1, Nets.direct(3), Nets.direct(2)))
          .hasMessage("count: -1 (expected: >= 0)");
    }
  }

  @Test
  void runBatch_severalInputs_isRefused() {
    try (Predictor p = open(Nets.sumAndProduct())) {
      assertThatThrownBy(() -> p.run(1, Nets.direct(1), Nets.direct(1)))
          .isInstanceOf(InputFault.class)
          .hasMessage(
              "model inputs: [a FLOAT32 [n], b FLOAT32 [n]] (expected: exactly one, FLOAT32); give it one in its exporter");
    }
  }

  @Test
  void runBatch_fromSeveralThreads_givesEachItsOwn() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Predictor p = open(Nets.linear(BATCH))) {
      List<Future<?>> done = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int offset = 10 * t;
        done.add(threads.submit(() -> runMany(p, offset)));
      }
      for (Future<?> one : done) {
        one.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  private static void runMany(Predictor p, int offset) {
    FloatBuffer out = Nets.direct(2);
    for (int i = 0; i < 200; i++) {
      p.run(1, Nets.direct(offset, i, 1), out);
      assertThat(Nets.values(out, 2)).containsExactly(Nets.linear(offset, i, 1));
    }
  }

  @Test
  void close_thenRun_isRefused() {
    Predictor p = open(Nets.linear(BATCH));
    p.close();
    p.close();
    assertThatThrownBy(() -> p.run(1, Nets.direct(3), Nets.direct(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("model 'linear': is closed (expected: open)");
  }

  @Test
  void run_aThousandTimes_leavesNoMemoryBehind() throws IOException {
    assumeTrue(!isOnTheHeap(), "its memory is the collector's");
    assumeTrue(Files.exists(STATUS), "resident memory is read from " + STATUS);
    try (Predictor p = open(Nets.linear(BATCH))) {
      FloatBuffer in = Nets.direct(3 * 64);
      FloatBuffer out = Nets.direct(2 * 64);
      HostTensor x = HostTensor.ofFloats(Shape.of(64, 3), new float[3 * 64]);
      for (int i = 0; i < 2000; i++) {
        p.run(64, in, out);
        p.run(Map.of("x", x));
      }
      long before = anonymousKilobytes();
      for (int i = 0; i < 1000; i++) {
        p.run(64, in, out);
      }
      // one leaked result of 64 x 2 floats and its handle per run would be some 600 kB
      assertThat(anonymousKilobytes() - before).isLessThan(5_000);
    }
  }

  @Test
  void openAndClose_thirtyTimes_leavesNoMemoryBehind() throws IOException {
    assumeTrue(!isOnTheHeap(), "its memory is the collector's");
    assumeTrue(Files.exists(STATUS), "resident memory is read from " + STATUS);
    FloatBuffer in = Nets.direct(1 << 22);
    FloatBuffer out = Nets.direct(1 << 22);
    openRunClose(in, out);
    long before = anonymousKilobytes();
    for (int i = 0; i < 30; i++) {
      openRunClose(in, out); // needs 16 MB within: leaked, they would come to 480 MB
    }
    assertThat(anonymousKilobytes() - before).isLessThan(100_000);
  }

  private void openRunClose(FloatBuffer in, FloatBuffer out) {
    try (Predictor p = open(Nets.twiceNegated(1 << 22))) {
      p.run(1, in, out);
    }
  }

  private static final Path STATUS = Path.of("/proc/self/status");

  private static long anonymousKilobytes() throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("RssAnon:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new AssertionError("no RssAnon in " + STATUS);
  }
}
