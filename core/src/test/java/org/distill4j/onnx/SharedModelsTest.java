package org.distill4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.distill4j.SharedFolder;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pretrained models of others, read, written and run beside their original files. */
class SharedModelsTest {
  @TempDir Path folder;

  @Test
  void read_cifarResNets_giveTheOriginalsOutputs() throws Exception {
    assertThat(check(SharedFolder.require("models/cifar10-resnet"))).isEqualTo(4);
  }

  @Test
  void read_ultraFace_givesTheOriginalsOutputs() throws Exception {
    assertThat(check(SharedFolder.require("models/ultraface"))).isEqualTo(4);
  }

  private int check(Path models) throws Exception {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(models)) {
      all.filter(file -> file.toString().endsWith(".onnx")).sorted().forEach(files::add);
    }
    for (Path file : files) {
      Graph graph = OnnxReader.read(file);
      Path target = folder.resolve(file.getFileName());
      OnnxWriter.write(graph, target);
      assertThat(OnnxReader.read(target)).isEqualTo(graph);

      Map<String, HostTensor> image = Map.of(graph.onlyInput().name(), image(graph.onlyInput()));
      List<HostTensor> original = Ort.run(Files.readAllBytes(file), image);
      assertThat(Ort.run(Files.readAllBytes(target), image)).isEqualTo(original);
      assertThat(graph.nodes()).extracting(Node::op).doesNotContain("Constant");
    }
    return files.size();
  }

  /** Noise of the input's shape, one example where the batch is free. */
  private static HostTensor image(Value input) {
    Shape shape = input.shape();
    for (int i = 0; i < shape.rank(); i++) {
      shape = shape.dim(i).isKnown() ? shape : shape.with(i, Dim.of(1));
    }
    float[] values = new float[Math.toIntExact(shape.elements())];
    Random random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return HostTensor.ofFloats(shape, values);
  }
}
