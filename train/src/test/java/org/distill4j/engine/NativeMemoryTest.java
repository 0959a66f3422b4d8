package org.distill4j.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.distill4j.distill.Objective;
import org.distill4j.graph.Graph;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A training leaves nothing behind in native memory. */
class NativeMemoryTest {
  private static final Objective OBJECTIVE = new Objective(0.1, 0.9, 4);
  private static final int BATCH = 32;
  private static final int STEPS = 1000;
  private static final Path STATUS = Path.of("/proc/self/status");

  /** What JavaCPP has allocated and not freed: how many pieces, how many bytes. */
  private record Live(long count, long bytes) {
    static Live now() {
      return new Live(Pointer.totalCount(), Pointer.totalBytes());
    }
  }

  private static Training open() {
    Graph net =
        new Cnn(List.of("8", "pool", "16"), List.of(32), 0.2, true)
            .build(Shape.of(1, 12, 12), 10, 1);
    return Training.open(net, OBJECTIVE, TrainSettings.epochs(1), BATCH, 2, 1);
  }

  private static void fill(FeedBatch batch) {
    FloatBuffer input = batch.input();
    IntStream.range(0, input.limit()).forEach(i -> input.put(i, i % 7 / 7f));
    FloatBuffer labels = batch.array("labels");
    FloatBuffer teacher = batch.array("teacher");
    for (int i = 0; i < labels.limit(); i++) {
      labels.put(i, i % 10 == i / 10 % 10 ? 1 : 0);
      teacher.put(i, i % 10 == i / 10 % 10 ? 3 : -1);
    }
  }

  /** All that a run does: steps, and now and then measures, validation and a checkpoint. */
  private static void steps(Training training, FeedBatch batch, int from, int to) {
    for (int step = from; step < to; step++) {
      training.step(step, STEPS, batch);
      if (step % 20 == 19) {
        training.takeMeasures();
      }
      if (step % 100 == 99) {
        training.restore(training.state());
        training.model();
        try (Predictor predictor = training.predictor()) {
          predictor.run(BATCH, batch.input(), FloatBuffer.allocate(BATCH * 10));
        }
      }
    }
  }

  @Test
  void training_aThousandSteps_leavesNothingLive() {
    open().close(); // what is loaded once stays
    Live before = Live.now();
    try (Training training = open();
        FeedBatch batch = training.newBatch()) {
      fill(batch);
      steps(training, batch, 0, 100);
      Live warm = Live.now();
      assertThat(warm.count()).as("what is open counts").isGreaterThan(before.count());
      steps(training, batch, 100, 100 + STEPS);
      assertThat(Live.now()).isEqualTo(warm);
    }
    assertThat(Live.now()).isEqualTo(before);
  }

  @Test
  void training_aThousandSteps_keepsTheResidentMemory() throws Exception {
    Assumptions.assumeTrue(Files.exists(STATUS), "skipped: no " + STATUS + " here");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // the heap is resident from the start, so what grows is native
                "-Xms64m",
                "-Xmx64m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                NativeMemoryTest.class.getName())
            .redirectErrorStream(true)
            .start();
    String printed =
        new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(child.waitFor()).as(printed).isZero();
    System.out.println("resident bytes more after a thousand steps: " + printed);
    assertThat(Long.parseLong(printed)).isLessThan(5 << 20);
  }

  /** The child: prints by how many bytes its memory grew over a thousand steps. */
  public static void main(String[] args) throws IOException {
    try (Training training = open();
        FeedBatch batch = training.newBatch()) {
      fill(batch);
      steps(training, batch, 0, STEPS / 2);
      long warm = residentBytes();
      steps(training, batch, STEPS / 2, STEPS / 2 + STEPS);
      System.out.println(residentBytes() - warm);
    }
  }

  /** What no file stands behind. */
  private static long residentBytes() throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("RssAnon:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
