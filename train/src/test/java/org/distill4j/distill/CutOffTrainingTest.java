package org.distill4j.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.distill4j.Seeds;
import org.distill4j.data.Splits;
import org.distill4j.engine.Optimizer;
import org.distill4j.engine.Rate;
import org.distill4j.engine.TrainSettings;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.progress.Epoch;
import org.distill4j.progress.ProgressListener;
import org.distill4j.safetensors.SafetensorsFile;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training that is cut off, goes on from its checkpoint, and stops early. */
class CutOffTrainingTest {
  private static final int PATIENCE = 2;

  /** A rate so high that the validation loss gets worse after some epochs, long before the last. */
  private static final TrainSettings SETTINGS =
      new TrainSettings(
          100, 50, new Optimizer.Sgd(0.9, false), new Rate.Constant(0.3, 0), 0, 0, PATIENCE);

  private static final Splits DATA = Computed.splits(Shape.of(16), 500);

  @TempDir Path folder;
  private Path checkpoint;

  @BeforeEach
  void nameFile() {
    checkpoint = folder.resolve("checkpoint.safetensors");
  }

  /** Cuts a training off as a fault on its way would. */
  private static final class CutOff extends RuntimeException {}

  private static ProgressListener cuttingOff(int epoch, boolean within) {
    return new ProgressListener() {
      private int done;

      @Override
      public void begin(String step, long total, String unit) {}

      @Override
      public void advance(long examples, Map<String, Double> measures) {
        if (within && done == epoch && !measures.isEmpty()) {
          throw new CutOff();
        }
      }

      @Override
      public void epoch(Epoch ended) {
        done = ended.epoch();
        if (!within && done == epoch) {
          throw new CutOff();
        }
      }

      @Override
      public void end(String summary) {}
    };
  }

  private static Trainer trainer() {
    Graph net = new Mlp(List.of(12), 0.1).build(Shape.of(16), 10, Seeds.of(5));
    return Trainer.of(net, DATA).settings(SETTINGS).seed(3).threads(2);
  }

  private static String bytes(Graph model) {
    return Sha256.of(OnnxWriter.toBytes(model));
  }

  @Test
  void train_withPatience_keepsTheBestEpochAndStops() {
    TrainedModel trained = trainer().checkpoint(checkpoint).train();
    List<Double> losses = trained.epochs().stream().map(Epoch::validationLoss).toList();
    assertThat(trained.epochs()).hasSizeLessThan(SETTINGS.epochs());
    assertThat(trained.kept()).isEqualTo(trained.epochs().size() - PATIENCE);
    assertThat(losses.get(trained.kept() - 1))
        .isEqualTo(losses.stream().min(Double::compare).get());
    TrainingCheckpoint last = TrainingCheckpoint.read(checkpoint, key()).orElseThrow();
    assertThat(last.best()).isEqualTo(trained.model().initializers());
    TrainSettings shorter =
        new TrainSettings(
            trained.kept(), SETTINGS.batch(), SETTINGS.optimizer(), SETTINGS.rate(), 0, 0, 0);
    assertThat(bytes(trainer().settings(shorter).train().model()))
        .isEqualTo(bytes(trained.model()));
  }

  private String key() {
    return SafetensorsFile.open(checkpoint).metadata().get("key");
  }

  @Test
  void train_cutOffAnywhere_endsWithTheSameBytes() throws IOException {
    Path whole = folder.resolve("whole.safetensors");
    TrainedModel trained = trainer().checkpoint(whole).train();
    int last = trained.epochs().size();
    for (int epoch : List.of(1, trained.kept(), trained.kept() + 1, last)) {
      for (boolean within : epoch < last ? List.of(false, true) : List.of(false)) {
        Files.deleteIfExists(checkpoint);
        Trainer cut = trainer().checkpoint(checkpoint).listener(cuttingOff(epoch, within));
        assertThatThrownBy(cut::train).isInstanceOf(CutOff.class);
        TrainedModel resumed = trainer().checkpoint(checkpoint).train();
        String where = (within ? "within the epoch after " : "after ") + epoch;
        assertThat(resumed.kept()).as(where).isEqualTo(trained.kept());
        assertThat(bytes(resumed.model())).as(where).isEqualTo(bytes(trained.model()));
        assertThat(checkpoint).as(where).hasSameBinaryContentAs(whole);
      }
    }
  }

  @Test
  void train_fromADamagedCheckpoint_isRefusedInOneLine() throws IOException {
    trainer().checkpoint(checkpoint).train();
    byte[] good = Files.readAllBytes(checkpoint);
    for (int at : new int[] {good.length - 1, good.length / 2, 400}) {
      byte[] damaged = good.clone();
      damaged[at] ^= 4;
      Files.write(checkpoint, damaged);
      assertRefused("");
    }
    Files.write(checkpoint, java.util.Arrays.copyOf(good, good.length - 7));
    assertRefused("cut off or damaged");
    Files.write(checkpoint, good);
    Trainer other = trainer().seed(4).checkpoint(checkpoint);
    assertThatThrownBy(other::train)
        .isInstanceOf(RunFault.class)
        .hasMessageContaining("is the checkpoint of another training");
  }

  private void assertRefused(String part) {
    assertThatThrownBy(() -> trainer().checkpoint(checkpoint).train())
        .isInstanceOf(RunFault.class)
        .hasMessageContaining(checkpoint.toString())
        .hasMessageContaining(part)
        .hasMessageEndingWith("; delete it to train anew")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @Test
  void train_untilTheLossIsNoNumber_isRefusedInOneLine() {
    TrainSettings wild =
        new TrainSettings(2, 50, new Optimizer.Sgd(0, false), new Rate.Constant(1e30, 0), 0, 0, 0);
    assertThatThrownBy(() -> trainer().settings(wild).name("student").train())
        .isInstanceOf(RunFault.class)
        .hasMessageStartingWith("student: loss NaN by step ")
        .hasMessageContaining("lower the rate 1.0E30");
  }

  @Test
  void train_withALabelOutOfRange_isRefusedInOneLine() {
    Splits wrong =
        Splits.of(
            new Computed(Shape.of(16), DATA.train().data().classes(), 0, 500) {
              @Override
              public int label(long index) {
                return index == 77 ? 10 : super.label(index);
              }
            },
            DATA.validation().data(),
            DATA.test().data());
    Graph net = new Mlp(List.of(12), 0).build(Shape.of(16), 10, Seeds.of(5));
    assertThatThrownBy(() -> Trainer.of(net, wrong).settings(SETTINGS).train())
        .isInstanceOf(InputFault.class)
        .hasMessage("data 'computed' example 77: label 10 (expected: 0 to 9)");
  }
}
