package org.distill4j.softlabels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.progress.ProgressListener;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabellerTest {
  private static final int EXAMPLES = 1000;

  @TempDir Path folder;

  private final Preprocessed examples = Questions.examples(EXAMPLES);
  private Path target;
  private Path part;
  private Path notes;

  @BeforeEach
  void names() {
    target = folder.resolve("labels.safetensors");
    part = folder.resolve("labels.safetensors.part");
    notes = folder.resolve("labels.safetensors.part.sums");
  }

  /** Ends a run as the last thing it hears, before the chunk of the next batch is written. */
  private static ProgressListener stopAt(long done) {
    return new Recorder() {
      @Override
      public void advance(long now, Map<String, Double> measures) {
        if (now >= done) {
          throw new IllegalStateException("stopped");
        }
      }
    };
  }

  private byte[] uninterrupted() throws IOException {
    Path file = folder.resolve("whole").resolve("labels.safetensors");
    Questions.label(examples, DType.FLOAT16, file);
    return Files.readAllBytes(file);
  }

  private void stopAfter(long done) {
    assertThatThrownBy(() -> Questions.label(examples, DType.FLOAT16, target, stopAt(done)))
        .hasMessage("stopped");
    assertThat(target).doesNotExist();
    assertThat(part).exists();
  }

  @Test
  void label_aDataSet_tellsWhatItTook() {
    Recorder recorder = new Recorder();
    Labelling labelling = Questions.label(examples, DType.FLOAT16, target, recorder);
    assertThat(labelling.examples()).isEqualTo(EXAMPLES);
    assertThat(labelling.resumedFrom()).isZero();
    assertThat(labelling.reused()).isFalse();
    assertThat(labelling.seconds()).isPositive();
    assertThat(labelling.imagesPerSecond()).isPositive();
    assertThat(recorder.heard)
        .startsWith("begin labelling 1000 examples", "16", "32")
        .contains("992", "1000")
        .last()
        .asString()
        .startsWith("end 1000 examples in");
    assertThat(folder).isDirectoryNotContaining("glob:**.part*");
  }

  @Test
  void label_again_keepsTheLabels() throws IOException {
    Questions.label(examples, DType.FLOAT16, target);
    Object written = Files.getLastModifiedTime(target);
    Files.createFile(notes); // left by a run that was cut off at its very end
    Labelling labelling = Questions.label(examples, DType.FLOAT16, target);
    assertThat(labelling.reused()).isTrue();
    assertThat(labelling.examples()).isEqualTo(EXAMPLES);
    assertThat(labelling.imagesPerSecond()).isZero();
    assertThat(Files.getLastModifiedTime(target)).isEqualTo(written);
    assertThat(notes).doesNotExist();
  }

  @Test
  void label_overStaleOrDamagedLabels_isRefused() throws IOException {
    Questions.label(examples, DType.FLOAT16, target);
    assertThatThrownBy(() -> Questions.label(examples, DType.FLOAT32, target))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("stale labels, type: FLOAT16 (expected: FLOAT32)");
    byte[] bytes = Files.readAllBytes(target);
    bytes[bytes.length - 1] ^= 1;
    Files.delete(target);
    Files.write(target, bytes);
    assertThatThrownBy(() -> Questions.label(examples, DType.FLOAT16, target))
        .isInstanceOf(RunFault.class)
        .hasMessageContaining("is damaged");
    assertThat(target).hasBinaryContent(bytes);
  }

  @Test
  void label_afterARunWasCutOff_takesUpAtTheFirstMissingChunk() throws IOException {
    byte[] whole = uninterrupted();
    stopAfter(3 * Questions.CHUNK + Questions.BATCH);
    Labelling labelling = Questions.label(examples, DType.FLOAT16, target);
    assertThat(labelling.resumedFrom()).isEqualTo(3 * Questions.CHUNK);
    assertThat(target).hasBinaryContent(whole);
    assertThat(folder).isDirectoryNotContaining("glob:**.part*");
    assertThat(folder.resolve("labels.safetensors.sums"))
        .hasSameTextualContentAs(folder.resolve("whole").resolve("labels.safetensors.sums"));
    SoftLabels.open(target, Questions.key(examples, DType.FLOAT16));
  }

  @Test
  void label_partWithADamagedChunk_takesUpThere() throws IOException {
    byte[] whole = uninterrupted();
    stopAfter(5 * Questions.CHUNK);
    byte[] bytes = Files.readAllBytes(part);
    int dataStart = whole.length - 4 * EXAMPLES;
    bytes[dataStart + 4 * 2 * Questions.CHUNK] ^= 1; // first value of the third chunk
    Files.write(part, bytes);
    Labelling labelling = Questions.label(examples, DType.FLOAT16, target);
    assertThat(labelling.resumedFrom()).isEqualTo(2 * Questions.CHUNK);
    assertThat(target).hasBinaryContent(whole);
  }

  @Test
  void label_cutOffNotesOrPart_keepsWhatIsWhole() throws IOException {
    byte[] whole = uninterrupted();
    stopAfter(5 * Questions.CHUNK);
    String text = Files.readString(notes);
    byte[] bytes = Files.readAllBytes(part);
    Files.writeString(notes, text.substring(0, text.length() - 4)); // the fifth line is torn
    assertThat(Questions.label(examples, DType.FLOAT16, target).resumedFrom())
        .isEqualTo(4 * Questions.CHUNK);
    assertThat(target).hasBinaryContent(whole);
    Files.delete(target);
    Files.writeString(notes, text);
    Files.write(part, Arrays.copyOf(bytes, bytes.length - 4 * Questions.CHUNK - 1));
    assertThat(Questions.label(examples, DType.FLOAT16, target).resumedFrom())
        .isEqualTo(3 * Questions.CHUNK);
    assertThat(target).hasBinaryContent(whole);
  }

  @Test
  void label_partOfAnotherQuestionOrBatch_startsAnew() throws IOException {
    byte[] whole = uninterrupted();
    assertThatThrownBy(
            () -> Questions.label(examples, DType.FLOAT32, target, stopAt(5 * Questions.CHUNK)))
        .hasMessage("stopped");
    assertThat(Questions.label(examples, DType.FLOAT16, target).resumedFrom()).isZero();
    assertThat(target).hasBinaryContent(whole);
    Files.delete(target);
    try (Predictor teacher = Questions.teacher()) {
      LabelKey key = Questions.key(examples, DType.FLOAT16);
      assertThatThrownBy(() -> Labeller.label(teacher, examples, key, target, 8, stopAt(500)))
          .hasMessage("stopped");
    }
    assertThat(Questions.label(examples, DType.FLOAT16, target).resumedFrom()).isZero();
    assertThat(target).hasBinaryContent(whole);
  }

  @Test
  void label_oneThousandTwentyFourAndFewer_endsWithWholeOrPartialChunks() {
    for (int n : new int[] {1, Questions.BATCH, Questions.CHUNK, Questions.CHUNK + 1}) {
      Preprocessed some = Questions.examples(n);
      Path file = folder.resolve(n + ".safetensors");
      Questions.label(some, DType.FLOAT32, file);
      SoftLabels labels = SoftLabels.open(file, Questions.key(some, DType.FLOAT32));
      assertThat(labels.size()).isEqualTo(n);
      FloatBuffer row = FloatBuffer.allocate(2);
      labels.read(n - 1, row);
      assertThat(row.get(0)).isCloseTo(Questions.answer(some, n - 1)[0], within(2e-5f));
    }
  }

  /** y = log(x): NaN for a negative example, as a broken teacher gives. */
  private static Graph logarithm() {
    Shape shape = Shape.of(List.of(Dim.of("batch"), Dim.of(2)));
    return new Graph(
        "logarithm",
        List.of(new Value("x", DType.FLOAT32, shape)),
        List.of(new Value("y", DType.FLOAT32, shape)),
        List.of(Node.of("Log", List.of("x"), List.of("y"), Map.of())),
        Map.of(),
        Map.of());
  }

  private void assertRefused(Graph graph, Preprocessed odd, DType type, String line) {
    try (Predictor teacher = new OnnxRuntime().open(graph, 1)) {
      LabelKey key = LabelKey.plain(Sha256.ofTexts("t"), odd, type);
      assertThatThrownBy(() -> Labeller.label(teacher, odd, key, target, 4, ProgressListener.NONE))
          .message()
          .contains(line)
          .doesNotContain("\n");
    }
    assertThat(target).doesNotExist();
  }

  private static Preprocessed two(float value) {
    float[][] values = new float[20][];
    for (int i = 0; i < values.length; i++) {
      values[i] = new float[] {1, i == 13 ? value : 2};
    }
    return new Preprocessed(
        new ArrayDataset(
            "pairs", Shape.of(2), List.of("a", "b"), values, new int[20], Preprocessing.NONE),
        Preprocessing.NONE);
  }

  @Test
  void label_aLogitThatIsNotFinite_isRefusedWithItsExample() {
    String where = "teacher logit of example 13 of data 'pairs', class 'b': ";
    assertRefused(logarithm(), two(-1), DType.FLOAT32, where + "NaN (expected: finite");
    assertRefused(logarithm(), two(0), DType.FLOAT16, where + "-Infinity (expected: finite");
  }

  @Test
  void label_aTeacherOfOtherExamplesOrClasses_isRefused() {
    assertRefused(
        logarithm(), examples, DType.FLOAT16, "input 'x': [2] (expected: [3], as data 'questions'");
    ArrayDataset three =
        new ArrayDataset(
            "three",
            Shape.of(2),
            List.of("a", "b", "c"),
            new float[][] {{1, 1}},
            new int[1],
            Preprocessing.NONE);
    assertRefused(
        logarithm(),
        new Preprocessed(three, Preprocessing.NONE),
        DType.FLOAT16,
        "output 'y': 2 classes (expected: 3, as data 'three' has)");
  }

  @Test
  void label_aKeyOfOtherData_isMisuse() {
    LabelKey key = Questions.key(Questions.examples(10), DType.FLOAT16);
    try (Predictor teacher = Questions.teacher()) {
      assertThatThrownBy(
              () -> Labeller.label(teacher, examples, key, target, ProgressListener.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected: the digest and the preprocessing of data 'questions'");
    }
  }

  @Test
  void label_onAFullDisk_saysSoInOneLine() throws IOException {
    assumeTrue(Files.isWritable(Path.of("/dev/full")), "a full disk is played by /dev/full");
    Files.createSymbolicLink(part, Path.of("/dev/full"));
    assertThatThrownBy(() -> Questions.label(examples, DType.FLOAT16, target))
        .isInstanceOf(RunFault.class)
        .hasMessage(
            target
                + ": cannot be written: No space left on device; free space and run again, what is"
                + " done is kept");
    assertThat(target).doesNotExist();
  }

  @Test
  void label_whileAnotherRunDoes_isRefused() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch refused = new CountDownLatch(1);
    ProgressListener waiting =
        new Recorder() {
          @Override
          public void begin(String step, long total, String unit) {
            begun.countDown();
            try {
              refused.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
        };
    Thread first = new Thread(() -> Questions.label(examples, DType.FLOAT16, target, waiting));
    first.start();
    begun.await();
    assertThatThrownBy(() -> Questions.label(examples, DType.FLOAT16, target))
        .isInstanceOf(RunFault.class)
        .hasMessageContaining("is being written by another run");
    refused.countDown();
    first.join();
    assertThat(Questions.label(examples, DType.FLOAT16, target).reused()).isTrue();
  }

  /** Writes down what it hears. */
  private static class Recorder implements ProgressListener {
    final List<String> heard = new ArrayList<>();

    @Override
    public void begin(String step, long total, String unit) {
      heard.add("begin " + step + " " + total + " " + unit);
    }

    @Override
    public void advance(long done, Map<String, Double> measures) {
      heard.add(Long.toString(done));
    }

    @Override
    public void end(String summary) {
      heard.add("end " + summary);
    }
  }
}
