package org.distill4j.tflite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.SharedFolder;
import org.distill4j.fault.InputFault;
import org.distill4j.format.InputOutputType;
import org.distill4j.format.Precision;
import org.distill4j.inference.Predictor;
import org.distill4j.lowered.Lowering;
import org.distill4j.storage.Sha256;
import org.distill4j.storage.UserCache;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.SubGraph;

/** Files that end the process in which they run, and their sound originals. */
class TriedFilesTest {
  @TempDir Path folder;

  private final SplittableRandom random = new SplittableRandom(Seeds.of(23));

  /**
   * A first convolution of 8-bit integers in more groups than it has filters: the kernel divides by
   * the filters of a group, of which there are none.
   */
  private byte[] withoutFilters(byte[] file, int channels, int filters) {
    SubGraph graph =
        Model.getRootAsModel(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN)).subgraphs(0);
    ByteBuffer shape = graph.tensors(graph.inputs(0)).shapeAsByteBuffer();
    int last = shape.limit() - Integer.BYTES;
    assertThat(shape.order(ByteOrder.LITTLE_ENDIAN).getInt(last)).isEqualTo(channels);
    byte[] damaged = file.clone();
    ByteBuffer.wrap(damaged)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(last, channels * (filters + 1 + random.nextInt(1000)));
    return damaged;
  }

  @ParameterizedTest
  @CsvSource({"ic_resnet8_int8, 3, 16", "vww_96_int8, 3, 8"})
  void open_fileThatDividesByZero_isRefusedByItsNameEachTime(
      String model, int channels, int filters) throws IOException {
    byte[] file = original(model);
    Path damaged = folder.resolve("damaged " + random.nextInt(100) + ".tflite");
    Files.write(damaged, withoutFilters(file, channels, filters));
    for (int time = 0; time < 2; time++) {
      assertThatThrownBy(() -> new TfliteRuntime().open(damaged, 1))
          .isInstanceOf(InputFault.class)
          .hasMessageContaining(damaged + ": ends the process that it runs in (expected: ");
    }
    Path sound = folder.resolve("sound.tflite");
    Files.write(sound, file);
    try (Predictor opened = new TfliteRuntime().open(sound, 1)) {
      assertThat(opened.inputs()).hasSize(1);
    }
    Path list = UserCache.folder().resolve("tflite-" + TfliteNatives.version() + "-tried");
    assertThat(Files.readAllLines(list))
        .as("what ran is known, what died is not")
        .contains(Sha256.of(sound))
        .doesNotContain(Sha256.of(damaged));
  }

  /** Another one at each call and in each run of this test, as what ran once is known. */
  private static TfliteFile written(String name) {
    long seed = new SecureRandom().nextLong();
    return TfliteFile.of(
        name,
        ByteBuffer.wrap(
            TfliteWriter.toBytes(
                Lowering.of(new Mlp(List.of(4), 0).build(Shape.of(1, 3, 3), 2, seed)),
                Precision.FLOAT,
                InputOutputType.FLOAT)));
  }

  @ParameterizedTest
  @EnumSource(value = TrialProcess.Outcome.class, mode = EnumSource.Mode.EXCLUDE, names = "DIED")
  void require_fileThatDidNotEndItsProcess_isTriedOnce(TrialProcess.Outcome outcome) {
    TfliteFile file = written("file " + outcome);
    int[] trials = new int[1];
    for (int time = 0; time < 3; time++) {
      TriedFiles.require(
          file,
          () -> {
            trials[0]++;
            return outcome;
          });
    }
    assertThat(trials[0]).isEqualTo(1);
    String note = TfliteRuntime.note(Path.of(file.name())).orElse("");
    switch (outcome) {
      case SLOW -> assertThat(note).startsWith("still ran after 120 s ");
      case UNKNOWN -> assertThat(note).startsWith("could not be tried ").contains("untried");
      default -> assertThat(note).isEmpty();
    }
  }

  @Test
  void require_fileThatEndedItsProcess_isTriedEachTime() {
    TfliteFile file = written("dies");
    int[] trials = new int[1];
    for (int time = 1; time <= 3; time++) {
      assertThatThrownBy(
              () ->
                  TriedFiles.require(
                      file,
                      () -> {
                        trials[0]++;
                        return TrialProcess.Outcome.DIED;
                      }))
          .isInstanceOf(InputFault.class)
          .hasMessageStartingWith("dies: ends the process that it runs in");
      assertThat(trials[0]).isEqualTo(time);
    }
  }

  private static byte[] original(String model) throws IOException {
    return Files.readAllBytes(
        SharedFolder.require("models").resolve("mlperf-tiny/" + model + ".tflite"));
  }
}
