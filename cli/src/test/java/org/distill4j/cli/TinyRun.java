package org.distill4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;

/** A recipe that takes a second or two, and variations of it. */
final class TinyRun {
  private static final String RECIPE =
      """
      name: tiny
      seed: %d
      threads: 2
      data: digits
      teacher:
        net: {mlp: {hidden: [64]}}
        train: {epochs: 2, rate: 0.005}
      student:
        net: {mlp: {hidden: [8]}}
        train: {epochs: 2, rate: 0.005}
        labelled: 300
      baselines: [alone]
      """
          .formatted(1 + Long.getLong("test.seed", 0));

  private TinyRun() {}

  /** Writes the recipe with some of its text replaced: old, new, old, new, ... */
  static Path recipe(Path folder, String... replaced) throws IOException {
    String text = RECIPE;
    for (int i = 0; i < replaced.length; i += 2) {
      if (!text.contains(replaced[i])) {
        throw new IllegalArgumentException(replaced[i]);
      }
      text = text.replace(replaced[i], replaced[i + 1]);
    }
    return Files.writeString(folder.resolve("tiny.yaml"), text);
  }

  /** Runs a recipe without a progress bar. */
  static Spoken run(Path recipe, Path out) {
    return Spoken.of("run", recipe.toString(), "--out", out.toString(), "--json");
  }

  /** An untrained model for digits with another number of classes. */
  static Path model(Path file, int classes) {
    Graph graph = new Mlp(List.of(8), 0).build(Shape.of(1, 8, 8), classes, 1);
    OnnxWriter.write(
        Metadata.withClasses(
            graph,
            java.util.stream.IntStream.range(0, classes).mapToObj(Integer::toString).toList()),
        file);
    return file;
  }

  /** The digest of everything that must be the same however often a run was cut off. */
  static Map<String, String> artefacts(Path run) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run, 2)) {
      for (Path file :
          files.filter(f -> f.toString().matches(".*(onnx|safetensors|sums|part)")).toList()) {
        digests.put(run.relativize(file).toString(), Sha256.of(file));
      }
    }
    return digests;
  }
}
