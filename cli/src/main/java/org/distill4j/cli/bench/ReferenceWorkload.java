package org.distill4j.cli.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.data.Splits;
import org.distill4j.data.Subset;
import org.distill4j.data.TrainSet;
import org.distill4j.distill.Objective;
import org.distill4j.distill.TrainedModel;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.FeedBatch;
import org.distill4j.engine.TrainSettings;
import org.distill4j.engine.Training;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.progress.ProgressListener;
import org.distill4j.softlabels.LabelKey;
import org.distill4j.softlabels.Labeller;
import org.distill4j.softlabels.Labelling;
import org.distill4j.softlabels.SoftLabels;
import org.distill4j.storage.Sha256;
import org.distill4j.storage.UserCache;
import org.distill4j.tensor.DType;
import org.distill4j.zoo.Cnn;

/**
 * The reference workload: batch 128, Adam 1e-3, T 4, 0.1 x cross-entropy + 0.9 x KL x T², an
 * untrained teacher of 896,906 parameters, a student of 52,138.
 *
 * @param labelling the teacher's images per second, reading and writing included
 * @param student the student's, the median of the epochs after the first
 * @param bareStep the student's on one resident batch over and over: what reading must not slow
 *     down
 */
record ReferenceWorkload(
    @JsonProperty("labelling_images_per_s") long labelling,
    @JsonProperty("student_images_per_s") long student,
    @JsonProperty("bare_step_images_per_s") long bareStep,
    @JsonProperty("total_s") double total,
    @JsonProperty("anonymous_rss_mb") long anonymousMegabytes,
    long n,
    int epochs,
    int threads) {
  static final Objective OBJECTIVE = new Objective(.1, .9, 4);
  private static final int BARE_ROUNDS = 3;
  private static final int WARM_UP_STEPS = 30;
  private static final long WARM_UP_EXAMPLES = 3 * Labeller.BATCH;

  static ReferenceWorkload measure(Splits all, long n, int epochs, int threads) {
    Dataset images = Subset.range(all.train().data(), 0, n);
    Splits data = new Splits(new TrainSet(images), all.validation(), all.test());
    Graph teacher = teacher(images);
    Graph student = student(images);
    Path folder = temporaryFolder();
    try {
      long start = System.nanoTime();
      Path file = folder.resolve("labels.safetensors");
      Preprocessed inputs = new Preprocessed(images, images.preprocessing());
      LabelKey key = LabelKey.plain(Sha256.of(OnnxWriter.toBytes(teacher)), inputs, DType.FLOAT16);
      Labelling labelling;
      try (Predictor predictor = new OnnxRuntime().openForBatches(teacher, threads)) {
        warmUp(predictor, key.teacher(), inputs, folder.resolve("warm-up.safetensors"));
        labelling = Labeller.label(predictor, inputs, key, file, ProgressListener.NONE);
      }
      TrainSettings settings = TrainSettings.epochs(epochs);
      SoftLabels labels = SoftLabels.open(file, key);
      TrainedModel trained =
          Trainer.of(student, data)
              .settings(settings)
              .distil(OBJECTIVE, labels)
              .threads(threads)
              .train();
      double seconds = (System.nanoTime() - start) / 1e9;
      long resident = residentMegabytes();
      return new ReferenceWorkload(
          Math.round(labelling.imagesPerSecond()),
          Math.round(trained.examplesPerSecond()),
          Math.round(bareSteps(student, settings, n, threads)),
          Math.round(seconds * 100) / 100.0,
          resident,
          n,
          epochs,
          threads);
    } finally {
      delete(folder);
    }
  }

  /** As the peers do: their first batches do not count either. */
  private static void warmUp(Predictor predictor, String teacher, Preprocessed inputs, Path file) {
    Dataset first =
        Subset.range(inputs.data(), 0, Math.min(WARM_UP_EXAMPLES, inputs.data().size()));
    Preprocessed few = new Preprocessed(first, inputs.preprocessing());
    LabelKey key = LabelKey.plain(teacher, few, DType.FLOAT16);
    Labeller.label(predictor, few, key, file, ProgressListener.NONE);
  }

  /** The reference teacher for these images, untrained. */
  static Graph teacher(Dataset images) {
    return new Cnn(List.of("32", "64", "pool", "128", "pool"), List.of(128), 0, false)
        .build(images.shape(), images.classes().size(), 1);
  }

  /** The reference student for these images, untrained. */
  static Graph student(Dataset images) {
    return new Cnn(List.of("8", "pool", "16", "pool"), List.of(64), 0, false)
        .build(images.shape(), images.classes().size(), 2);
  }

  private static double bareSteps(Graph student, TrainSettings settings, long n, int threads) {
    long steps = Math.max(1, n / settings.batch());
    double[] speeds = new double[BARE_ROUNDS];
    try (Training training =
            Training.open(student, OBJECTIVE, settings, settings.batch(), threads, 1);
        FeedBatch batch = training.newBatch()) {
      for (int i = 0; i < WARM_UP_STEPS; i++) {
        training.step(i, steps, batch);
      }
      for (int round = 0; round < BARE_ROUNDS; round++) {
        long start = System.nanoTime();
        for (long i = 0; i < steps; i++) {
          training.step(i, steps, batch);
        }
        speeds[round] = steps * settings.batch() * 1e9 / (System.nanoTime() - start);
      }
    }
    java.util.Arrays.sort(speeds);
    return speeds[BARE_ROUNDS / 2];
  }

  /** Resident memory that no file stands behind; -1 where the system does not tell. */
  private static long residentMegabytes() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(l -> l.startsWith("RssAnon:"))
          .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(-1);
    } catch (IOException e) {
      return -1;
    }
  }

  static Path temporaryFolder() {
    try {
      return UserCache.scratch("bench");
    } catch (IOException e) {
      throw new RunFault("temporary folder: cannot be made: " + e.getMessage(), e);
    }
  }

  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new RunFault(folder + ": cannot be deleted: " + e.getMessage(), e);
    }
  }
}
