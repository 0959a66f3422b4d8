package org.distill4j.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.distill4j.data.source.IdxBytes.gzip;
import static org.distill4j.data.source.IdxBytes.images;
import static org.distill4j.data.source.IdxBytes.labels;
import static org.distill4j.data.source.IdxBytes.write;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.distill4j.data.Dataset;
import org.distill4j.data.store.ByteSource;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Preprocessing;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxDatasetTest {
  @TempDir Path folder;

  @Test
  void read_rawAndPacked_giveTheSameBytesAndDigest() {
    Dataset packed = open(gzip(images(5)), gzip(labels(5, 3)));
    Dataset raw = open(images(5), labels(5, 3));
    for (Dataset data : List.of(raw, packed)) {
      assertThat(data.size()).isEqualTo(5);
      assertThat(data.shape()).isEqualTo(Shape.of(1, 2, 3));
      assertThat(data.classes()).containsExactly("0", "1", "2");
      FloatBuffer target = FloatBuffer.allocate(14).position(1);
      data.read(4, target);
      data.read(0, target);
      assertThat(target.array()).containsExactly(0, 40, 41, 42, 43, 44, 45, 0, 1, 2, 3, 4, 5, 0);
      assertThat(target.position()).isEqualTo(13);
      assertThat(data.label(4)).isEqualTo(1);
    }
    assertThat(packed.sha256()).isEqualTo(raw.sha256());
  }

  @Test
  void read_brightPixels_areNotNegative() {
    FloatBuffer target = FloatBuffer.allocate(6);
    open(images(26), labels(26, 3)).read(25, target);
    assertThat(target.array()).containsExactly(250, 251, 252, 253, 254, 255);
  }

  @Test
  void read_outsideTheData_isRefused() {
    Dataset data = open(images(5), labels(5, 3));
    assertThatThrownBy(() -> data.read(5, FloatBuffer.allocate(6)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> data.label(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void read_afterTheFirst_allocatesNothing() {
    Dataset data = open(gzip(images(200)), gzip(labels(200, 3)));
    FloatBuffer target = direct(6);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = 0;
    for (int round = 0; round < 200; round++) {
      before = round == 100 ? threads.getCurrentThreadAllocatedBytes() : before;
      for (int i = 0; i < 200; i++) {
        data.read(i, target.clear());
      }
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(20_000); // 1 per read
  }

  @Test
  void open_packedTwice_unpacksOnce() throws IOException {
    Dataset first = open(gzip(images(5)), labels(5, 3));
    Path kept = unpacked();
    Object key = Files.readAttributes(kept, "unix:ino").get("ino");
    Dataset second = open(gzip(images(5)), labels(5, 3));
    assertThat(Files.readAttributes(kept, "unix:ino").get("ino")).isEqualTo(key);
    assertThat(second.sha256()).isEqualTo(first.sha256());
  }

  @Test
  void open_unpackedFileWasAltered_unpacksAgain() throws IOException {
    String sha256 = open(gzip(images(5)), labels(5, 3)).sha256();
    byte[] bytes = Files.readAllBytes(unpacked());
    bytes[20] ^= 1;
    Files.write(unpacked(), bytes);
    assertThat(open(gzip(images(5)), labels(5, 3)).sha256()).isEqualTo(sha256);
  }

  @Test
  void open_truncatedGzip_isRefusedAndLeavesNothing() {
    byte[] packed = gzip(images(500));
    byte[] cut = Arrays.copyOf(packed, packed.length - 20);
    assertRefused(cut, labels(500, 3), "images: damaged gzip: Unexpected end of ZLIB input stream");
    assertThat(folder.resolve("cache").toFile().list((f, name) -> !name.endsWith(".lock")))
        .isEmpty();
  }

  @Test
  void open_alteredGzip_isRefused() {
    byte[] packed = gzip(images(500));
    packed[packed.length - 7] ^= 1; // in the trailer's CRC
    assertRefused(packed, labels(500, 3), "images: damaged gzip: Corrupt GZIP trailer");
  }

  @Test
  void open_wrongMagic_isRefused() {
    byte[] png = {(byte) 0x89, 'P', 'N', 'G', 0, 0, 0, 0};
    assertRefused(
        png, labels(5, 3), "images: starts with 89504e47 (expected: 000008 and a rank of 01 to 04");
    byte[] floats = images(5);
    floats[2] = 0x0d;
    assertRefused(gzip(floats), labels(5, 3), "images: starts with 00000d03 (expected: 000008");
    assertRefused(new byte[0], labels(5, 3), "images: 0 bytes (expected: an idx file)");
  }

  @Test
  void open_headClaimsMoreThanTheFileHas_isRefusedBeforeAnythingIsMade() {
    byte[] huge = ByteBuffer.wrap(images(5)).putInt(4, 0x7fffffff).array();
    assertRefused(huge, labels(5, 3), "images: 46 bytes (expected: 12884901898, as its head says)");
    assertRefused(gzip(huge), labels(5, 3), "images: its head says 12884901898 bytes (expected: ");
    byte[] absurd = ByteBuffer.wrap(images(5)).putInt(4, -1).putInt(8, -1).putInt(12, -1).array();
    assertRefused(absurd, labels(5, 3), "images: extent 2 is 4294967295 (expected: ");
    byte[] none = ByteBuffer.wrap(images(5)).putInt(4, 0).array();
    assertRefused(none, labels(5, 3), "images: extent 0 is 0 (expected: at least 1");
  }

  @Test
  void open_packedContentEndsEarlyOrLate_isRefused() {
    byte[] shorter = Arrays.copyOf(images(5), 45);
    byte[] longer = Arrays.copyOf(images(5), 47);
    assertRefused(gzip(shorter), labels(5, 3), "images: 45 bytes unpacked (expected: 46");
    assertRefused(gzip(longer), labels(5, 3), "images: is longer than 46 bytes (expected: to end");
    assertRefused(longer, labels(5, 3), "images: 47 bytes (expected: 46, as its head says)");
  }

  @Test
  void of_countsDiffer_isRefused() {
    assertRefused(images(5), labels(4, 3), "labels: 4 labels (expected: as many of both)");
  }

  @Test
  void of_imagesGivenAsLabels_isRefused() {
    assertRefused(images(5), images(5), "labels: extents [5, 2, 3] (expected: one, the number");
    assertRefused(labels(5, 3), labels(5, 3), "images: extents [5] (expected: [n, height, width]");
  }

  @Test
  void of_labelsThatDoNotBeginAtZero_areTheClassesThatThereAre() {
    Random random = new Random(Seeds.of(33));
    for (int first = 1; first < 200; first += 1 + random.nextInt(60)) {
      int count = 2 + random.nextInt(4);
      byte[] labels = labels(12, count);
      for (int i = 8; i < labels.length; i++) {
        labels[i] += (byte) first;
      }
      Dataset data = open(images(12), labels);
      int from = first;
      assertThat(data.classes())
          .isEqualTo(IntStream.range(from, from + count).mapToObj(Integer::toString).toList());
      String[] names = data.classes().toArray(String[]::new);
      Dataset named = open(images(12), labels, names);
      for (int i = 0; i < 12; i++) {
        assertThat(data.label(i)).isEqualTo(i % count);
        assertThat(named.label(i)).isEqualTo(i % count);
      }
    }
    byte[] other = labels(5, 3);
    assertThatThrownBy(() -> open(images(5), other, "1", "2", "3"))
        .hasMessage(folder.resolve("labels") + ": label 0 at index 0 (expected: one of [1, 2, 3])");
  }

  @Test
  void of_labelOutOfRange_isNamedWithFileIndexAndValue() {
    byte[] labels = labels(5, 2);
    labels[8 + 3] = (byte) 200;
    assertThatThrownBy(() -> open(images(5), labels, "cat", "dog"))
        .isInstanceOf(InputFault.class)
        .hasMessage(folder.resolve("labels") + ": label 200 at index 3 (expected: 0 to 1)");
  }

  @Test
  void open_missingFile_isNamed() {
    assertThatThrownBy(
            () ->
                IdxFile.open(ByteSource.of(folder.resolve("none.gz")), new UnpackedFolder(folder)))
        .isInstanceOf(InputFault.class)
        .hasMessage(folder.resolve("none.gz") + ": cannot be read: no such file or folder");
  }

  @Test
  void open_rawContentUnderAPackedName_isRefused() {
    Path file = write(folder.resolve("x.gz"), images(5));
    assertThatThrownBy(() -> IdxFile.open(ByteSource.of(file), new UnpackedFolder(folder)))
        .hasMessage(file + ": not gzip (expected: to start with 1f8b); fetch it again");
  }

  private Path unpacked() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      return files.filter(f -> !f.toString().contains(".")).findFirst().orElseThrow();
    }
  }

  private void assertRefused(byte[] images, byte[] labels, String message) {
    assertThatThrownBy(() -> open(images, labels))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  private Dataset open(byte[] images, byte[] labels, String... classes) {
    UnpackedFolder unpacked = new UnpackedFolder(folder.resolve("cache"));
    return IdxDataset.of(
        "tiny",
        IdxFile.open(ByteSource.of(write(folder.resolve("images"), images)), unpacked),
        IdxFile.open(ByteSource.of(write(folder.resolve("labels"), labels)), unpacked),
        List.of(classes),
        Preprocessing.NONE);
  }

  private static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(4 * floats).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
