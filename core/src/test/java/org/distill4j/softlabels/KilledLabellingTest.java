package org.distill4j.softlabels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.data.Preprocessed;
import org.distill4j.progress.ProgressListener;
import org.distill4j.storage.Failpoint;
import org.distill4j.tensor.DType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Labelling in a process of its own, killed on the way and run again. */
class KilledLabellingTest {
  private static final int EXAMPLES = 1000; // 8 chunks

  @TempDir Path folder;

  private final Preprocessed examples = Questions.examples(EXAMPLES);
  private Path target;
  private Path whole;

  /** The child: labels into the given file and says after each batch how many are done. */
  public static void main(String[] args) {
    ProgressListener toParent =
        new ProgressListener() {
          @Override
          public void begin(String step, long total, String unit) {}

          @Override
          public void advance(long done, Map<String, Double> measures) {
            System.out.println(done);
          }

          @Override
          public void end(String summary) {}
        };
    Questions.label(Questions.examples(EXAMPLES), DType.FLOAT16, Path.of(args[0]), toParent);
  }

  @BeforeEach
  void labelWithoutBeingKilled() {
    target = folder.resolve("labels.safetensors");
    whole = folder.resolve("whole.safetensors");
    Questions.label(examples, DType.FLOAT16, whole);
  }

  private Process start(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Djava.io.tmpdir=" + folder); // a killed process leaves its unpacked natives
    command.add("-Dtest.seed=" + Long.getLong("test.seed", 0)); // the child labels the same data
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(KilledLabellingTest.class.getName(), target.toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private void assertResumesFrom(long atLeast, long atMost) throws IOException {
    Labelling labelling = Questions.label(examples, DType.FLOAT16, target);
    long from = labelling.reused() ? EXAMPLES : labelling.resumedFrom();
    assertThat(from).isBetween(atLeast, atMost);
    assertThat(target).hasSameBinaryContentAs(whole);
    assertThat(SoftLabels.sums(target)).hasSameTextualContentAs(SoftLabels.sums(whole));
    assertThat(folder).isDirectoryNotContaining("glob:**.part*");
    SoftLabels.open(target, Questions.key(examples, DType.FLOAT16));
  }

  @ParameterizedTest
  @CsvSource({
    "labels-header-written, 0",
    "labels-chunk-half:1, 0",
    "labels-chunk-half:4, 384",
    "labels-chunk-written:4, 384",
    "labels-chunk-noted:4, 512",
    "labels-chunk-half:8, 896",
    "labels-complete, 1000",
    "labels-sums-written, 1000",
    "labels-sums-synced, 1000",
    "labels-sums-renamed, 1000",
    "labels-synced, 1000",
    "labels-renamed, 1000"
  })
  void label_killedAtAFailpoint_endsWithTheSameBytes(String failpoint, long resumedFrom)
      throws Exception {
    Process child = start("-Ddistill4j.failpoint=" + failpoint);
    child.getInputStream().transferTo(OutputStream.nullOutputStream());
    assertThat(child.waitFor()).isEqualTo(Failpoint.EXIT_CODE);
    assertThat(Files.exists(target)).isEqualTo(failpoint.equals("labels-renamed"));
    assertResumesFrom(resumedFrom, resumedFrom);
  }

  @Test
  void label_killedAtRandom_endsWithTheSameBytes() throws Exception {
    SplittableRandom random = new SplittableRandom(11);
    for (int kill = 0; kill < 3; kill++) {
      Files.deleteIfExists(target);
      long after = random.nextLong(EXAMPLES);
      Process child = start();
      BufferedReader heard =
          new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
      String line = heard.readLine();
      while (line != null && Long.parseLong(line) < after) {
        line = heard.readLine();
      }
      child.destroyForcibly().waitFor(); // SIGKILL
      assertResumesFrom(after / Questions.CHUNK * Questions.CHUNK, EXAMPLES);
    }
  }
}
