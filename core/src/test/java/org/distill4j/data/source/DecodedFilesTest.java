package org.distill4j.data.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.distill4j.data.BlockOrder;
import org.distill4j.data.Cache;
import org.distill4j.data.DataSampling;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.data.image.ImageSettings;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.TaskType;
import org.distill4j.images.ResizeMode;
import org.distill4j.progress.ProgressListener;
import org.distill4j.records.Written;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of images and TFRecord files, from the disk to examples. */
class DecodedFilesTest {
  @TempDir Path folder;

  @Test
  void images_byFolder_haveTheirClassAndPixels() throws IOException {
    for (int i = 0; i < 40; i++) {
      image("train/" + (i % 2 == 0 ? "cat" : "dog") + "/" + i + ".png", i);
    }
    image("test/dog/a.png", 200);
    image("test/cat/b.png", 100);
    Splits splits = open(settings(Cache.DISK, 10));
    assertThat(splits.classes()).containsExactly("cat", "dog");
    assertThat(splits.shape()).isEqualTo(Shape.of(1, 4, 4));
    assertThat(splits.train().size()).isEqualTo(36);
    Dataset test = splits.test().data();
    assertThat(test.label(0)).isZero();
    assertThat(row(test, 0)).containsOnly(100);
    assertThat(row(test, 1)).containsOnly(200);
    for (long i = 0; i < splits.train().size(); i++) {
      Dataset train = splits.train().data();
      assertThat(train.label(i)).isEqualTo((int) row(train, i)[0] % 2);
    }
  }

  @Test
  void images_keptAnywhere_areTheSameToTheBit() throws IOException {
    for (int i = 0; i < 100; i++) {
      image((i % 3) + "/" + i + ".png", i);
    }
    IdxBytes.write(folder.resolve("mine/1/broken.png"), "nothing".getBytes(UTF_8));
    Splits disk = open(settings(Cache.DISK, 10));
    for (Cache cache : Cache.values()) {
      Splits other = open(settings(cache, 10));
      assertThat(other.sha256()).as(cache.name()).isEqualTo(disk.sha256());
      for (long i = 0; i < disk.train().size(); i++) {
        assertThat(row(other.train().data(), i)).isEqualTo(row(disk.train().data(), i));
        assertThat(other.train().data().label(i)).isEqualTo(disk.train().data().label(i));
      }
    }
  }

  @Test
  void images_oneUnreadable_isSkippedCountedAndNamed() throws IOException {
    for (int i = 0; i < 50; i++) {
      image("a/" + i + ".png", i);
    }
    Path broken = IdxBytes.write(folder.resolve("mine/a/25b.png"), "nothing".getBytes(UTF_8));
    Splits splits = open(settings(Cache.DISK, 1));
    assertThat(splits.train().size() + splits.validation().size() + splits.test().size())
        .isEqualTo(50);
    assertThat(splits.notes())
        .contains(
            "data 'mine' mine: 1 of 51 examples skipped as unreadable: "
                + broken
                + ": no image that can be read (expected: PNG, JPEG, BMP or GIF)");
    assertThat(open(settings(Cache.DISK, 1)).notes())
        .isEqualTo(splits.notes()); // said again though nothing is decoded again
    assertThatThrownBy(() -> open(settings(Cache.DISK, 0)))
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith(broken + ": no image")
        .hasMessageContaining("(expected: at most 0); mend them or set images.unreadable")
        .hasMessageNotContaining("\n");
  }

  @Test
  void images_classThatTrainingHasNot_isRefused() throws IOException {
    image("train/cat/1.png", 1);
    image("test/cow/1.png", 1);
    assertThatThrownBy(() -> open(settings(Cache.DISK, 0)))
        .hasMessage(
            folder.resolve("mine/test/cow")
                + ": a folder of no class (expected: one of [cat], as the training images have)");
  }

  @Test
  void records_shards_takeTurns() {
    shard("train-0.tfrecord", 0, 3);
    shard("train-1.tfrecord", 10, 2);
    shard("test.tfrecord", 20, 2);
    shard("validation.tfrecord", 30, 1);
    Splits splits = open(settings(Cache.DISK, 0));
    List<Float> order = new ArrayList<>();
    for (long i = 0; i < splits.train().size(); i++) {
      order.add(row(splits.train().data(), i)[0]);
    }
    assertThat(order).containsExactly(0f, 10f, 1f, 11f, 2f);
    assertThat(splits.shape()).isEqualTo(Shape.of(2));
    assertThat(splits.classes()).containsExactly("0", "1", "2");
    assertThat(splits.test().data().label(1)).isZero(); // 21 % 3
    assertThat(open(settings(Cache.MEMORY, 0)).sha256()).isEqualTo(splits.sha256());
    assertThat(open(settings(Cache.NONE, 0)).sha256()).isEqualTo(splits.sha256());
  }

  @Test
  void records_images_areDecoded() throws IOException {
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      records.add(
          Written.example(
              "label", Written.bytes((i % 2 == 0 ? "cat" : "dog").getBytes(UTF_8)),
              "image", Written.bytes(png(i))));
    }
    IdxBytes.write(folder.resolve("mine/all.tfrecords"), Written.file(records));
    Splits splits = open(settings(Cache.DISK, 0));
    assertThat(splits.classes()).containsExactly("cat", "dog");
    assertThat(splits.shape()).isEqualTo(Shape.of(1, 4, 4));
    assertThat(splits.train().data().preprocessing().scale()).isEqualTo(1.0 / 255);
  }

  @Test
  void records_severalLabelsAndNumbers_followTheTask() {
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      records.add(Written.example("x", Written.floats(i), "label", Written.ints(i % 2 == 0, 0, 2)));
    }
    IdxBytes.write(folder.resolve("mine/all.tfrecord"), Written.file(records));
    Dataset several = open(task(TaskType.MULTI_LABEL)).train().data();
    FloatBuffer targets = FloatBuffer.allocate(3);
    several.targets(0, targets);
    assertThat(targets.array()).containsExactly(1, 0, 1);
    assertThat(open(task(TaskType.REGRESSION)).classes()).containsExactly("label 0", "label 1");
    assertThatThrownBy(() -> open(settings(Cache.DISK, 0)))
        .hasMessageEndingWith(
            "feature 'label' has 2 values (expected: 1; several need task: multi-label)");
  }

  @Test
  void shuffle_inBlocks_meetsEveryExampleOnceAndStaysNear() {
    long size = 1003;
    Set<Long> seen = new HashSet<>();
    BlockOrder order = new BlockOrder(size, 7, 3, 100);
    for (long start = 0; start < 1000; start += 100) {
      long first = order.applyAsLong(start);
      for (long p = start; p < start + 100; p++) {
        long index = order.applyAsLong(p);
        seen.add(index);
        long away = Math.floorMod(index - first, size);
        assertThat(Math.min(away, size - away)).isLessThan(100);
      }
    }
    for (long p = 1000; p < size; p++) {
      seen.add(order.applyAsLong(p));
    }
    assertThat(seen).hasSize(1003);
    assertThat(new BlockOrder(size, 7, 4, 100).applyAsLong(0)).isNotEqualTo(order.applyAsLong(0));
    assertThat(new BlockOrder(size, 7, 3, 100).applyAsLong(777)).isEqualTo(order.applyAsLong(777));
  }

  private void shard(String name, int first, int count) {
    List<byte[]> records = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      records.add(
          Written.example("x", Written.floats(i, 0.5f), "label", Written.ints(true, i % 3)));
    }
    IdxBytes.write(folder.resolve("mine").resolve(name), Written.file(records));
  }

  private void image(String name, int grey) throws IOException {
    IdxBytes.write(folder.resolve("mine").resolve(name), png(grey));
  }

  private static byte[] png(int grey) throws IOException {
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 16; i++) {
      image.getRaster().setSample(i % 4, i / 4, 0, grey);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  private DataSettings task(TaskType task) {
    DataColumns columns = DataColumns.USUAL.task(task, Optional.empty());
    return new DataSettings(settings(Cache.DISK, 0).source(), columns, DataSampling.USUAL);
  }

  private DataSettings settings(Cache cache, int unreadable) {
    ImageSettings images =
        new ImageSettings(Optional.empty(), Optional.empty(), ResizeMode.STRETCH, unreadable);
    DataSource source = DataSettings.at(folder.resolve("mine")).source().images(images, cache);
    return new DataSettings(source, DataColumns.USUAL, DataSampling.USUAL);
  }

  private Splits open(DataSettings settings) {
    return new DataCatalog(
            new DataLocations(Optional.empty(), folder.resolve("cache"), true),
            ProgressListener.NONE)
        .open(settings);
  }

  private static float[] row(Dataset data, long index) {
    FloatBuffer target = FloatBuffer.allocate((int) data.shape().elements());
    data.read(index, target);
    return target.array();
  }
}
