package org.distill4j.softlabels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.util.passthrough.PassthroughNDManager;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.distill4j.data.Preprocessed;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Preprocessing;
import org.distill4j.safetensors.SafetensorsHeader;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoftLabelsTest {
  private static final int EXAMPLES = 1000;

  @TempDir Path folder;

  private final Preprocessed examples = Questions.examples(EXAMPLES);

  private Path labels(DType type) {
    Path file = folder.resolve("labels.safetensors");
    Questions.label(examples, type, file);
    return file;
  }

  private LabelKey key(DType type) {
    return Questions.key(examples, type);
  }

  @Test
  void read_float32_isWhatTheTeacherSaid() {
    SoftLabels labels = SoftLabels.open(labels(DType.FLOAT32), key(DType.FLOAT32));
    assertThat(labels.size()).isEqualTo(EXAMPLES);
    assertThat(labels.classes()).isEqualTo(2);
    FloatBuffer row = FloatBuffer.allocate(2);
    for (int i = 0; i < EXAMPLES; i++) {
      float[] expected = Questions.answer(examples, i);
      labels.read(i, row.clear());
      // three products of numbers below 40 are summed: a few roundings of 2^-24 x 64
      assertThat(row.get(0)).isCloseTo(expected[0], within(2e-5f));
      assertThat(row.get(1)).isCloseTo(expected[1], within(2e-5f));
    }
  }

  @Test
  void read_float16_isWithinHalfAStep() {
    Path exactFile = folder.resolve("exact.safetensors");
    Questions.label(examples, DType.FLOAT32, exactFile);
    SoftLabels exact = SoftLabels.open(exactFile, key(DType.FLOAT32));
    SoftLabels half = SoftLabels.open(labels(DType.FLOAT16), key(DType.FLOAT16));
    FloatBuffer a = FloatBuffer.allocate(2);
    FloatBuffer b = FloatBuffer.allocate(2);
    for (int i = 0; i < EXAMPLES; i++) {
      exact.read(i, a.clear());
      half.read(i, b.clear());
      float largest = Math.max(a.get(0), a.get(1));
      for (int c = 0; c < 2; c++) {
        // 11 significant bits: half a unit in the last place is at most 2^-11 of the value,
        // and 2^-25 below the smallest normal number
        double centred = a.get(c) - largest;
        double bound = Math.max(Math.abs(centred) * 0x1p-11, 0x1p-25);
        assertThat((double) b.get(c)).isCloseTo(centred, within(bound));
      }
    }
  }

  @Test
  void read_bufferAndIndex_areTreatedAsPromised() {
    SoftLabels labels = SoftLabels.open(labels(DType.FLOAT16), key(DType.FLOAT16));
    FloatBuffer rows = FloatBuffer.allocate(5).position(1);
    labels.read(0, rows);
    labels.read(1, rows);
    assertThat(rows.position()).isEqualTo(5);
    for (long wrong : new long[] {-1, EXAMPLES}) {
      assertThatThrownBy(() -> labels.read(wrong, rows))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("example: " + wrong + " (expected: 0 <= index < 1000)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLOAT16", "FLOAT32"})
  void read_manyTimes_allocatesNothing(DType type) {
    SoftLabels labels = SoftLabels.open(labels(type), key(type));
    FloatBuffer row = FloatBuffer.allocate(2);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    for (int i = 0; i < 20_000; i++) {
      labels.read(i % EXAMPLES, row.clear());
    }
    long before = threads.getThreadAllocatedBytes(self);
    for (int i = 0; i < 100_000; i++) {
      labels.read(i % EXAMPLES, row.clear());
    }
    // one object per read would be at least 1.6 MB
    assertThat(threads.getThreadAllocatedBytes(self) - before).isLessThan(100_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLOAT16", "FLOAT32"})
  void open_byDeepJavaLibrary_givesTheSameLogits(DType type) throws IOException {
    Path file = labels(type);
    SoftLabels labels = SoftLabels.open(file, key(type));
    NDList list = NDList.decode(PassthroughNDManager.INSTANCE, Files.readAllBytes(file));
    NDArray logits = list.singletonOrThrow();
    assertThat(logits.getName()).isEqualTo("logits");
    assertThat(logits.getShape().getShape()).containsExactly(EXAMPLES, 2);
    float[] theirs = logits.toFloatArray();
    FloatBuffer ours = FloatBuffer.allocate(2 * EXAMPLES);
    for (int i = 0; i < EXAMPLES; i++) {
      labels.read(i, ours);
    }
    assertThat(ours.array()).isEqualTo(theirs);
  }

  @Test
  void sha256_ofTheLabels_isTheFiles() {
    Path file = labels(DType.FLOAT16);
    assertThat(SoftLabels.open(file, key(DType.FLOAT16)).sha256()).isEqualTo(Sha256.of(file));
  }

  @Test
  void open_anotherQuestion_saysWhichPartDiffers() {
    Path file = labels(DType.FLOAT16);
    LabelKey key = key(DType.FLOAT16);
    String other = Sha256.ofTexts("other");
    assertStale(
        file,
        new LabelKey(other, key.data(), key.preprocessing(), "plain", DType.FLOAT16),
        "stale labels, teacher: %s (expected: %s);"
            .formatted(key.teacher().substring(0, 12), other.substring(0, 12)));
    assertStale(
        file,
        new LabelKey(key.teacher(), other, key.preprocessing(), "plain", DType.FLOAT16),
        "stale labels, data: ");
    assertStale(
        file,
        new LabelKey(key.teacher(), key.data(), Preprocessing.NONE, "plain", DType.FLOAT16),
        "preprocessing: {\"scale\": 0.5, \"mean\": [0.0], \"std\": [1.0]} (expected: {\"scale\": 1.0,");
    assertStale(
        file,
        new LabelKey(key.teacher(), key.data(), key.preprocessing(), "view-3", DType.FLOAT32),
        "stale labels, view: plain (expected: view-3), type: FLOAT16 (expected: FLOAT32); delete");
  }

  private static void assertStale(Path file, LabelKey wanted, String line) {
    assertThatThrownBy(() -> SoftLabels.open(file, wanted))
        .isInstanceOf(InputFault.class)
        .message()
        .contains(line)
        .endsWith("delete it to label again, or choose another file")
        .doesNotContain("\n");
  }

  @Test
  void open_cutOffAnywhere_isRefusedInOneLine() throws IOException {
    Path file = labels(DType.FLOAT16);
    byte[] bytes = Files.readAllBytes(file);
    for (int length : new int[] {0, 7, 8, 100, bytes.length / 2, bytes.length - 1}) {
      Files.write(replaced(file), Arrays.copyOf(bytes, length));
      assertDamaged(file, "expected");
    }
    Files.write(replaced(file), Arrays.copyOf(bytes, bytes.length + 1));
    assertDamaged(file, "4001 bytes of data (expected: 4000, as the header says");
  }

  @Test
  void open_aFlippedBit_saysWhichExamplesAreDamaged() throws IOException {
    Path file = labels(DType.FLOAT16);
    byte[] bytes = Files.readAllBytes(file);
    byte[] altered = bytes.clone();
    altered[bytes.length - 4 * EXAMPLES + 4 * 300] ^= 0x10; // example 300 lies in 256..383
    Files.write(replaced(file), altered);
    assertDamaged(file, "is damaged: examples 256 to 383 do not match their checksum");
    altered = bytes.clone();
    altered[bytes.length - 1] ^= 1;
    Files.write(replaced(file), altered);
    assertDamaged(file, "examples 896 to 999 do not match");
  }

  @Test
  void open_damagedSums_areRefused() throws IOException {
    Path file = labels(DType.FLOAT16);
    Path sums = folder.resolve("labels.safetensors.sums");
    String text = Files.readString(sums);
    for (String damaged :
        new String[] {
          "",
          text.substring(0, text.length() - 1),
          text.replace("soft-label", "other"),
          text.replace("\nfile ", "\n8 00000000\nfile "),
          text + "\n",
          text.replace("chunk ", "chunk 0")
        }) {
      Files.writeString(sums, damaged);
      assertDamaged(file, "delete");
    }
    Files.writeString(sums, text.replaceFirst("file ....", "file 0000"));
    assertDamaged(file, "its header or its checksums do not match");
    Files.delete(sums);
    assertDamaged(file, "labels.safetensors.sums: cannot be read");
  }

  private void assertDamaged(Path file, String line) {
    assertThatThrownBy(() -> SoftLabels.open(file, key(DType.FLOAT16)))
        .isInstanceOf(RunFault.class)
        .message()
        .startsWith(file.toString())
        .contains(line)
        .contains("delete")
        .doesNotContain("\n");
  }

  /** A new file under the name: the old one may still be mapped. */
  private static Path replaced(Path file) throws IOException {
    Files.delete(file);
    return file;
  }

  @Test
  void open_nothing_saysWhatToDo() {
    Path absent = folder.resolve("absent.safetensors");
    assertThatThrownBy(() -> SoftLabels.open(absent, key(DType.FLOAT16)))
        .isInstanceOf(InputFault.class)
        .hasMessage(absent + ": is not there (expected: soft labels; label the data first)");
  }

  /** 100 million rows of 12 float32, 4.8 GB of a sparse file: every window boundary is crossed. */
  @Test
  void read_fromMoreThan4GB_findsEveryRow() throws IOException {
    LabelKey key = key(DType.FLOAT32);
    long rows = 100_000_000;
    SafetensorsHeader header = SoftLabels.header(key, DType.FLOAT32, rows, 12);
    Path file = folder.resolve("large.safetensors");
    int perWindow = (1 << 28) / 48;
    long[] marked = {0, 1, perWindow - 1, perWindow, 44_739_242, 44_739_243, 89_478_485, rows - 1};
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      channel.write(ByteBuffer.wrap(header.toBytes()));
      for (long row : marked) {
        ByteBuffer value = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        channel.write(value.putFloat(row + 0.5f).flip(), header.dataStart() + 48 * row + 44);
      }
      channel.write(ByteBuffer.allocate(1), header.fileSize() - 49);
    }
    SoftLabels labels = SoftLabels.openUnverified(file, key);
    FloatBuffer row = FloatBuffer.allocate(12);
    for (long index : marked) {
      labels.read(index, row.clear());
      assertThat(row.get(11)).as("row %d", index).isEqualTo(index + 0.5f);
      assertThat(row.get(0)).isZero();
    }
  }
}
