package org.distill4j.softlabels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Dataset;
import org.distill4j.data.DerivedDataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.progress.Notes;
import org.distill4j.progress.ProgressListener;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels in float16 of logits of any size, against softmax in float64. */
class CentredLabelsTest {
  private static final int EXAMPLES = 300;
  private static final int BATCH = 8;

  @TempDir Path folder;

  private final SplittableRandom random = new SplittableRandom(Seeds.of(11));
  private final int classes = 2 + random.nextInt(6);
  private Path target;

  @BeforeEach
  void name() {
    target = folder.resolve("labels.safetensors");
  }

  /** Its examples are the logits themselves. */
  private Dataset data(float[][] logits, TaskType task) {
    List<String> names = IntStream.range(0, classes).mapToObj(c -> "c" + c).toList();
    ArrayDataset single =
        new ArrayDataset(
            "drawn", Shape.of(classes), names, logits, new int[logits.length], Preprocessing.NONE);
    return new DerivedDataset(single) {
      @Override
      public TaskType task() {
        return task;
      }
    };
  }

  private float[][] drawn(double spread, double offset) {
    float[][] logits = new float[EXAMPLES][classes];
    for (float[] row : logits) {
      for (int c = 0; c < classes; c++) {
        row[c] = (float) (spread * random.nextGaussian() + offset);
      }
    }
    return logits;
  }

  private SoftLabels labelled(Dataset data, ProgressListener listener) {
    Shape shape = Shape.of(List.of(Dim.of("batch"), Dim.of(classes)));
    Graph identity =
        new Graph(
            "identity",
            List.of(new Value("x", DType.FLOAT32, shape)),
            List.of(new Value("y", DType.FLOAT32, shape)),
            List.of(Node.of("Identity", List.of("x"), List.of("y"), Map.of())),
            Map.of(),
            Map.of());
    Preprocessed examples = new Preprocessed(data, Preprocessing.NONE);
    LabelKey key = LabelKey.plain(Sha256.ofTexts("identity"), examples, DType.FLOAT16);
    try (Predictor teacher = new OnnxRuntime().open(identity, 1)) {
      Labeller.label(teacher, examples, key, target, BATCH, listener);
    }
    return SoftLabels.open(target, key);
  }

  private static double[] softmax(double[] logits, double temperature) {
    double max = Arrays.stream(logits).max().orElseThrow();
    double[] p = Arrays.stream(logits).map(z -> Math.exp((z - max) / temperature)).toArray();
    double sum = Arrays.stream(p).sum();
    return Arrays.stream(p).map(e -> e / sum).toArray();
  }

  private static double[] doubles(float[] row) {
    return IntStream.range(0, row.length).mapToDouble(c -> row[c]).toArray();
  }

  private void assertSameProbabilities(SoftLabels labels, float[][] logits) {
    for (double temperature : new double[] {1, 1 + 30 * random.nextDouble()}) {
      for (int i = 0; i < logits.length; i++) {
        double[] expected = softmax(doubles(logits[i]), temperature);
        double[] found = softmax(labels.rows(i)[0], temperature);
        for (int c = 0; c < classes; c++) {
          // each weight e^(-d/T) is off by less than 2^-11 / e; the sum of weights is at least 1
          assertThat(found[c]).isCloseTo(expected[c], within(classes * 0x1p-11 / Math.E));
        }
      }
    }
  }

  @Test
  void label_logitsWithAnyConstant_keepsTheProbabilitiesAtAnyTemperature() throws IOException {
    double offset = (random.nextBoolean() ? 1 : -1) * Math.exp(6 + 5 * random.nextDouble());
    float[][] logits = drawn(Math.exp(3 * random.nextDouble()), offset); // up to 60,000
    SoftLabels labels = labelled(data(logits, TaskType.SINGLE_LABEL), ProgressListener.NONE);
    assertSameProbabilities(labels, logits);
    FloatBuffer row = FloatBuffer.allocate(classes);
    labels.read(random.nextInt(EXAMPLES), row);
    assertThat(IntStream.range(0, classes).mapToDouble(row::get).max()).hasValue(0);
    assertThat(target).hasSize(bytes(2));
  }

  /** The size of a safetensors file with numbers of so many bytes, by the header's length in it. */
  private long bytes(int each) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(target)).order(ByteOrder.LITTLE_ENDIAN);
    return Long.BYTES + file.getLong(0) + (long) EXAMPLES * classes * each;
  }

  @Test
  void label_logitsBeyondFloat16_areKeptInFloat32AsTheyAre() throws IOException {
    float[][] logits = drawn(1, 0);
    logits[EXAMPLES - 1 - random.nextInt(EXAMPLES / 2)][random.nextInt(classes)] = -70_000;
    Notes heard = new Notes();
    SoftLabels labels = labelled(data(logits, TaskType.SINGLE_LABEL), heard);
    assertThat(heard.lines()).anyMatch(line -> line.contains("all are kept in float32"));
    assertThat(labels.key().type()).isEqualTo(DType.FLOAT16); // as it was asked for
    assertThat(target).hasSize(bytes(4));
    for (int i = 0; i < EXAMPLES; i++) {
      assertThat(labels.rows(i)[0]).containsExactly(doubles(logits[i]));
    }
  }

  @Test
  void label_afterFloat32LabelsWereCutOff_goesOnWithThem() throws IOException {
    float[][] logits = drawn(1e5, 0);
    Dataset data = data(logits, TaskType.SINGLE_LABEL);
    byte[] whole = Files.readAllBytes(labelled(data, ProgressListener.NONE).path());
    Files.delete(target);
    Notes stop =
        new Notes() {
          @Override
          public void advance(long now, Map<String, Double> measures) {
            if (now >= 2 * 8 * BATCH + BATCH) { // two whole chunks of eight batches
              throw new IllegalStateException("stopped");
            }
          }
        };
    assertThatThrownBy(() -> labelled(data, stop)).hasMessage("stopped");
    Notes heard = new Notes();
    labelled(data, heard);
    assertThat(heard.lines()).noneMatch(line -> line.contains("float32"));
    assertThat(target).hasBinaryContent(whole);
  }

  @Test
  void label_severalLabels_isNotCentred() {
    float[][] logits = drawn(5, 3);
    SoftLabels labels = labelled(data(logits, TaskType.MULTI_LABEL), ProgressListener.NONE);
    for (int i = 0; i < EXAMPLES; i++) {
      for (int c = 0; c < classes; c++) {
        assertThat(labels.rows(i)[0][c])
            .isCloseTo(logits[i][c], within(Math.abs(logits[i][c]) * 0x1p-11 + 0x1p-25));
      }
    }
  }

  /** The labels as they were written before rows were centred, with the checksums of that. */
  private void writeUncentred(float[][] logits) throws IOException {
    labelled(data(logits, TaskType.SINGLE_LABEL), ProgressListener.NONE);
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(target)).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(file.getLong(0));
    String text = new String(file.array(), Long.BYTES, header, StandardCharsets.UTF_8);
    file.position(Long.BYTES)
        .put(
            text.replace("distill4j soft labels 2", "distill4j soft labels 1")
                .getBytes(StandardCharsets.UTF_8));
    for (float[] row : logits) {
      for (float logit : row) {
        file.putShort(half(logit));
      }
    }
    Files.write(target, file.array());
    Path sums = folder.resolve("labels.safetensors.sums");
    Files.writeString(
        sums, Files.readString(sums).replaceAll("file [0-9a-f]{64}", "file " + Sha256.of(target)));
  }

  /** The nearest float16 by its definition: 5 bits of exponent, 10 of fraction. */
  private static short half(float value) {
    double size = Math.max(Math.abs(value), 0x1p-14);
    int exponent = Math.getExponent(size);
    int fraction = (int) Math.rint(Math.scalb(size, 10 - exponent)) - 1024;
    return (short) (((exponent + 15) << 10) + fraction | (value < 0 ? 0x8000 : 0));
  }

  private LabelKey key(Dataset data) {
    return LabelKey.plain(
        Sha256.ofTexts("identity"), new Preprocessed(data, Preprocessing.NONE), DType.FLOAT16);
  }

  @Test
  void open_uncentredLabelsWithALargeConstant_isRefusedAndLabelsAreMadeAnew() throws IOException {
    double offset = (random.nextBoolean() ? 1 : -1) * Math.exp(7 + 4 * random.nextDouble());
    float[][] logits = drawn(1, offset);
    writeUncentred(logits);
    Dataset data = data(logits, TaskType.SINGLE_LABEL);
    assertThatThrownBy(() -> SoftLabels.open(target, key(data)))
        .isInstanceOf(InputFault.class)
        .hasMessageMatching(
            ".*: the logits of example \\d+, around -?[0-9.]+, were rounded to steps of [0-9.]+"
                + " \\(expected: labels of distill4j soft labels 2, which are centred first\\);"
                + " delete it to label again, or choose another file");
    Notes heard = new Notes();
    assertSameProbabilities(labelled(data, heard), logits);
    assertThat(heard.lines()).anyMatch(line -> line.endsWith("; made anew"));
  }

  @Test
  void open_uncentredLabelsOfUsualSize_areKept() throws IOException {
    float[][] logits = drawn(1 + 20 * random.nextDouble(), 10 * random.nextGaussian());
    writeUncentred(logits);
    byte[] written = Files.readAllBytes(target);
    Notes heard = new Notes();
    SoftLabels labels = labelled(data(logits, TaskType.SINGLE_LABEL), heard);
    assertThat(heard.lines()).noneMatch(line -> line.contains("anew"));
    assertThat(target).hasBinaryContent(written);
    int some = random.nextInt(EXAMPLES);
    for (int c = 0; c < classes; c++) {
      double wanted = logits[some][c];
      assertThat(labels.rows(some)[0][c])
          .isCloseTo(wanted, within(Math.abs(wanted) * 0x1p-11 + 0x1p-14));
    }
  }
}
