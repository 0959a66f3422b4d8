package org.distill4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;
import org.distill4j.SharedFolder;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.junit.jupiter.api.Test;

/** Damaged files: what comes out is a graph that can be written, or a fault of one line. */
class FuzzTest {
  private int graphs;
  private int faults;

  private void read(byte[] file) {
    Graph graph;
    try {
      graph = OnnxReader.read(file, "fuzzed");
    } catch (InputFault e) {
      assertThat(e.lines()).hasSize(1);
      assertThat(e.getMessage()).startsWith("fuzzed: ").doesNotContain("\n");
      faults++;
      return;
    }
    graphs++;
    byte[] written = OnnxWriter.toBytes(graph);
    assertThat(OnnxReader.read(written, "written again")).isEqualTo(graph);
  }

  private void truncate(byte[] file, int stride, long seed) {
    Random random = new Random(seed);
    for (int length = 0; length < file.length; length += 1 + random.nextInt(stride)) {
      read(Arrays.copyOf(file, length));
    }
  }

  private void flip(byte[] file, int times, long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < times; i++) {
      byte[] flipped = file.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        flipped[random.nextInt(file.length)] ^= (byte) (1 + random.nextInt(255));
      }
      read(flipped);
    }
  }

  @Test
  void read_truncatedModel_isAFaultOrAGraph() {
    byte[] file = Oldest.model().toByteArray();
    for (int length = 0; length < file.length; length++) {
      read(Arrays.copyOf(file, length));
    }
    assertThat(faults).isGreaterThan(file.length * 9 / 10);
  }

  @Test
  void read_flippedBytes_areAFaultOrAGraph() {
    flip(Oldest.model().toByteArray(), 3000, 11);
    System.out.println("flipped: " + graphs + " graphs, " + faults + " faults");
    assertThat(graphs).isGreaterThan(50);
    assertThat(faults).isGreaterThan(1000);
  }

  @Test
  void read_damagedResNet_isAFaultOrAGraph() throws IOException {
    byte[] file =
        Files.readAllBytes(
            SharedFolder.require("models/cifar10-resnet").resolve("cifar10_resnet20.onnx"));
    truncate(file, 10_000, 12);
    flip(file, 100, 13);
    assertThat(graphs + faults).isGreaterThan(200);
  }
}
