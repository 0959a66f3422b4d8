package org.distill4j.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.distill4j.data.Dataset;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Preprocessing;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.ptq.CalibratedModel;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Calibration looks at a batch at a time, so its memory does not grow with the examples. */
class CalibrationMemoryTest {
  private static final long MEGABYTE = 1 << 20;
  private static final Shape IMAGE = Shape.of(1, 28, 28);

  /** Examples that nobody stores. */
  private record Waves(long size) implements Dataset {
    @Override
    public String name() {
      return "waves";
    }

    @Override
    public Shape shape() {
      return IMAGE;
    }

    @Override
    public List<String> classes() {
      return List.of("even", "odd");
    }

    @Override
    public void read(long index, FloatBuffer target) {
      for (long i = 0; i < IMAGE.elements(); i++) {
        target.put((float) Math.sin(index + .1 * i));
      }
    }

    @Override
    public int label(long index) {
      return (int) (index % 2);
    }

    @Override
    public Preprocessing preprocessing() {
      return Preprocessing.NONE;
    }
  }

  @Test
  void of_thirtyTimesTheExamples_takesNoMoreMemory() throws IOException {
    Graph net =
        new Cnn(List.of("8", "pool", "16", "pool"), List.of(32), 0, true).build(IMAGE, 2, 1);
    resident(net, 500); // loads what is loaded once
    long few = resident(net, 500);
    long many = resident(net, 15_000);
    assertThat(many - few).isLessThan(20 * MEGABYTE);
  }

  private static long resident(Graph net, long samples) throws IOException {
    CalibratedModel ready =
        CalibratedModel.of(net, new Waves(samples), false, samples, 1, ProgressListener.NONE);
    assertThat(ready.layers()).hasSize(4);
    System.gc();
    Path status = Path.of("/proc/self/status");
    Assumptions.assumeTrue(Files.exists(status), "skipped: no /proc/self/status here");
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("RssAnon:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
