package org.distill4j.distill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.distill4j.data.Preprocessed;
import org.distill4j.data.Splits;
import org.distill4j.engine.TrainSettings;
import org.distill4j.graph.Graph;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.progress.ProgressListener;
import org.distill4j.softlabels.LabelKey;
import org.distill4j.softlabels.Labeller;
import org.distill4j.softlabels.SoftLabels;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.distill4j.zoo.Mlp;
import org.distill4j.zoo.Net;
import org.junit.jupiter.api.Assumptions;

/** Labels and distils in a process of its own, whose memory is looked at. */
final class ChildTraining {
  private static final Net LARGE_MLP = new Mlp(List.of(64), 0);
  private static final Net SMALL_MLP = new Mlp(List.of(16), 0);
  private static final Net LARGE_CNN =
      new Cnn(List.of("8", "pool", "16", "pool"), List.of(64), 0, false);
  private static final Net SMALL_CNN =
      new Cnn(List.of("4", "pool", "8", "pool"), List.of(32), 0, false);

  private ChildTraining() {}

  /** The child: a folder, the number of training examples, and their shape. */
  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    long size = Long.parseLong(args[1]);
    long[] shape = Arrays.stream(args).skip(2).mapToLong(Long::parseLong).toArray();
    Splits data = Computed.splits(Shape.of(shape), size);
    distil(
        data,
        shape.length == 3 ? LARGE_CNN : LARGE_MLP,
        shape.length == 3 ? SMALL_CNN : SMALL_MLP,
        folder);
  }

  private static void distil(Splits data, Net large, Net small, Path folder) {
    Graph teacher = large.build(data.train().data().shape(), 10, 1);
    Graph student = small.build(data.train().data().shape(), 10, 2);
    Preprocessed inputs =
        new Preprocessed(data.train().data(), data.train().data().preprocessing());
    LabelKey key = LabelKey.plain(Sha256.of(OnnxWriter.toBytes(teacher)), inputs, DType.FLOAT16);
    Path file = folder.resolve("labels.safetensors");
    try (Predictor predictor = new OnnxRuntime().open(teacher, 2)) {
      Labeller.label(predictor, inputs, key, file, ProgressListener.NONE);
    }
    TrainedModel trained =
        Trainer.of(student, data)
            .settings(TrainSettings.epochs(1))
            .distil(new Objective(0.1, 0.9, 4), SoftLabels.open(file, key))
            .checkpoint(folder.resolve("checkpoint.safetensors"))
            .threads(2)
            .train();
    System.out.printf(
        "examples %d steps %d anonymous %d%n",
        inputs.data().size(), trained.epochs().get(0).step(), anonymousBytes());
  }

  /** Resident memory that no file stands behind; skips the test where the system does not tell. */
  static long anonymousBytes() {
    Path status = Path.of("/proc/self/status");
    Assumptions.assumeTrue(Files.exists(status), "skipped: no /proc/self/status here");
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("RssAnon:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Runs a child to its end and gives its last line. */
  static String run(Path folder, List<String> options, String... args) throws Exception {
    Files.createDirectories(folder);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Djava.io.tmpdir=" + folder));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ChildTraining.class.getName(), folder.toString()));
    command.addAll(List.of(args));
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed =
        new String(child.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (child.waitFor() != 0) {
      throw new AssertionError(printed);
    }
    return printed.strip().lines().reduce("", (a, b) -> b);
  }
}
