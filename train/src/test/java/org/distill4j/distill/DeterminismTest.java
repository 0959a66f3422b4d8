package org.distill4j.distill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.distill4j.Seeds;
import org.distill4j.data.LabelledSubset;
import org.distill4j.data.Preprocessed;
import org.distill4j.data.Splits;
import org.distill4j.engine.Optimizer;
import org.distill4j.engine.Rate;
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
import org.distill4j.zoo.DsCnn;
import org.distill4j.zoo.Mlp;
import org.distill4j.zoo.Net;
import org.distill4j.zoo.ResNet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same training again gives the same bytes: weights, optimizer state, soft labels. */
class DeterminismTest {
  private static final Splits DATA = Computed.splits(Shape.of(1, 16, 16), 3000);
  private static final Net NET =
      new Cnn(List.of("8", "pool", "16", "pool"), List.of(32), 0.3, true);

  @TempDir Path folder;
  private Graph teacher;
  private LabelKey key;
  private int runs;
  private Preprocessed inputs;

  @BeforeEach
  void makeTeacher() {
    teacher = new Mlp(List.of(32), 0).build(Shape.of(1, 16, 16), 10, Seeds.of(9));
    inputs = new Preprocessed(DATA.train().data(), DATA.train().data().preprocessing());
    key = LabelKey.plain(Sha256.of(OnnxWriter.toBytes(teacher)), inputs, DType.FLOAT16);
  }

  /** Labels, distils, and gives the digests of all that was made. */
  private String run(Net net, Optimizer optimizer, long steps) throws IOException {
    Path own = Files.createDirectories(folder.resolve("run" + runs++));
    Path labels = own.resolve("labels.safetensors");
    Path checkpoint = own.resolve("checkpoint.safetensors");
    try (Predictor predictor = new OnnxRuntime().open(teacher, 2)) {
      Labeller.label(predictor, inputs, key, labels, ProgressListener.NONE);
    }
    TrainSettings settings =
        new TrainSettings(1, 32, optimizer, new Rate.Cosine(0.003, 0, 10), 1e-4, 5, 0);
    TrainedModel trained =
        Trainer.of(net.build(Shape.of(1, 16, 16), 10, Seeds.of(4)), DATA)
            .settings(settings)
            .distil(new Objective(0.5, 0.5, 3), SoftLabels.open(labels, key))
            .labelled(LabelledSubset.of(1000, 3000, 1))
            .stepsPerEpoch(steps)
            .threads(2)
            .checkpoint(checkpoint)
            .train();
    return Sha256.of(OnnxWriter.toBytes(trained.model()))
        + " "
        + Sha256.of(checkpoint)
        + " "
        + Sha256.of(labels);
  }

  private Set<String> runs(int count, Net net, Optimizer optimizer, long steps) throws IOException {
    Set<String> results = new LinkedHashSet<>();
    for (int i = 0; i < count; i++) {
      results.add(run(net, optimizer, steps));
    }
    return results;
  }

  @Test
  void train_again_givesTheSameBytes() throws IOException {
    assertThat(runs(3, NET, Optimizer.adam(), 100)).hasSize(1);
  }

  @Test
  @Tag("slow")
  void train_tenTimes2000StepsUnderLoad_givesTheSameBytes() throws Exception {
    assertThat(underLoad(() -> runs(10, NET, Optimizer.adam(), 2000))).hasSize(1);
  }

  @Test
  @Tag("slow")
  void train_everyKindOfNetAndOptimizerUnderLoad_givesTheSameBytes() throws Exception {
    Net resNet = new ResNet(8, 8);
    Net dsCnn = new DsCnn(16, 2, List.of(3, 3), 1, 0.2);
    for (Net net : List.of(resNet, dsCnn, new Mlp(List.of(64), 0.2))) {
      for (Optimizer optimizer :
          List.of(new Optimizer.Sgd(0.9, true), new Optimizer.AdamW(0.9, 0.999, 1e-8))) {
        assertThat(underLoad(() -> runs(3, net, optimizer, 300)))
            .as("%s, %s", net, optimizer)
            .hasSize(1);
      }
    }
  }

  /** Work that throws. */
  private interface Work<T> {
    T get() throws Exception;
  }

  /** Does the work while twice as many threads as there are processors want all of them. */
  private static <T> T underLoad(Work<T> work) throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    List<Thread> busy = new ArrayList<>();
    for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
      Thread thread =
          new Thread(
              () -> {
                while (!done.get()) {
                  Thread.onSpinWait();
                }
              });
      thread.setDaemon(true);
      thread.start();
      busy.add(thread);
    }
    try {
      return work.get();
    } finally {
      done.set(true);
      for (Thread thread : busy) {
        thread.join();
      }
    }
  }
}
