package org.distill4j.data.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.distill4j.data.DataSampling;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.TaskType;
import org.distill4j.images.ImageFiles;
import org.distill4j.records.RawFeature.NumberType;
import org.distill4j.records.RecordSettings;
import org.distill4j.records.Written;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

/** TFRecord files as others write them: their parts, their packing, and what their bytes are. */
class RecordFilesTest extends RecordSituation {
  private interface Packing {
    OutputStream over(OutputStream out) throws IOException;
  }

  RecordFilesTest() {
    super(53);
  }

  @Test
  void open_partsByWholeWords_areFoundAndListed() {
    for (int trial = 0; trial < 3; trial++) {
      String at = "mine" + trial + "/";
      String train = drawn("device-train", "contest_Train", "valley-training", "latestTrain");
      String validation = drawn("device-val", "x.valid", "protest_dev", "my-validation");
      String test = drawn("device-test", "valley_TEST", "devices.testing", "trainer-test2");
      file(at + train + ".tfrecord", 0, 7);
      file(at + validation + ".tfrecord-00000-of-00001", 7, 9);
      file(at + test + ".tfrecords", 9, 12);
      file(at + "._" + test + ".tfrecords", 9, 12);
      Splits splits = open(at);
      assertThat(splits.train().size()).isEqualTo(7);
      assertThat(splits.validation().size()).isEqualTo(2);
      assertThat(splits.test().size()).isEqualTo(3);
      assertThat(splits.notes())
          .containsExactly(
              "parts: training from %s.tfrecord, validation from %s.tfrecord-00000-of-00001, test from %s.tfrecords"
                  .formatted(train, validation, test));
    }
  }

  @Test
  void open_namesThatOnlyHoldAPart_areToTrainOn() {
    for (String name : List.of("valley-00000", "latest", "device", "contest", "mountain")) {
      file("mine/" + name + ".tfrecord", 0, 4);
    }
    assertThat(total(open("mine"))).isEqualTo(20);
    assertThat(open("mine").train().size()).isEqualTo(16);
  }

  @Test
  void open_foldersNamedAsParts_areParts() {
    file("mine/data/Train/a.tfrecord", 0, 5);
    file("mine/data/Train/b-test.tfrecord", 5, 9);
    file("mine/data/val_set/a.tfrecord", 0, 2);
    Splits splits = open("mine");
    assertThat(splits.train().size() + splits.test().size()).isEqualTo(9);
    assertThat(splits.validation().size()).isEqualTo(2);
    file("other/test/a.tfrecord", 0, 5);
    file("other/dev/a.tfrecord", 0, 5);
    assertThatThrownBy(() -> open("other"))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            folder.resolve("other")
                + ": no TFRecord file to train on, validation from dev/a.tfrecord, test from"
                + " test/a.tfrecord (expected: one whose name has the word train, or no part's)");
  }

  @Test
  void open_packedEitherWay_isUnpacked() throws IOException {
    byte[] plain = Written.file(examples(30, i -> Written.floats(i, -i)));
    String sha256 = null;
    for (Packing packing :
        List.<Packing>of(out -> out, GZIPOutputStream::new, DeflaterOutputStream::new)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (OutputStream out = packing.over(bytes)) {
        out.write(plain);
      }
      IdxBytes.write(folder.resolve("mine.tfrecord"), bytes.toByteArray());
      Splits splits = open("mine.tfrecord");
      assertThat(total(splits)).isEqualTo(30);
      assertThat(sha256 == null || sha256.equals(splits.sha256())).isTrue();
      sha256 = splits.sha256();
    }
    byte[] packed = Files.readAllBytes(folder.resolve("mine.tfrecord"));
    IdxBytes.write(folder.resolve("cut.tfrecord"), Arrays.copyOf(packed, packed.length / 2));
    assertThatThrownBy(() -> open("cut.tfrecord"))
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith(folder.resolve("cut.tfrecord") + ": damaged zlib: ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void open_firstLengthThatLooksPacked_isReadAsItIs() {
    for (int length : new int[] {0x8b1f, 0x0178, 0x5e78, 0x9c78, 0xda78}) {
      int around =
          Written.example("x", Written.bytes(new byte[60_000]), "label", Written.ints(true, 1))
                  .length
              - 60_000;
      List<byte[]> records = new ArrayList<>();
      for (int fill = length - around - 12; fill <= length - around + 12; fill++) {
        byte[] one =
            Written.example(
                "x", Written.bytes(new byte[fill]), "label", Written.ints(true, fill % 2));
        if (one.length == length) {
          for (int i = 0; i < 12; i++) {
            records.add(one);
          }
          IdxBytes.write(folder.resolve("mine.tfrecord"), Written.file(records));
          DataSettings settings = raw(NumberType.UINT8, List.of());
          assertThat(total(open(settings))).as("length %x", length).isEqualTo(12);
          break;
        }
      }
      assertThat(records).as("length %x", length).isNotEmpty();
    }
  }

  @Test
  void open_notANumberInAnyPart_isNamedWithItsRecord() {
    for (String part : List.of("train", "validation", "test")) {
      for (String each : List.of("train", "validation", "test")) {
        file("mine/" + each + ".tfrecord", 0, 20);
      }
      int bad = random.nextInt(20);
      float value = drawnFloat(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
      IdxBytes.write(
          folder.resolve("mine/" + part + ".tfrecord"),
          Written.file(examples(20, i -> Written.floats(1, i == bad ? value : 2))));
      assertThatThrownBy(() -> open("mine"))
          .isInstanceOf(InputFault.class)
          .hasMessage(
              folder.resolve("mine/" + part + ".tfrecord")
                  + ": record %d: feature 'x' has %s (expected: finite numbers); mend it or leave the record out"
                      .formatted(bad, value));
    }
  }

  @Test
  void open_labelsThatBeginAboveZero_areTheClassesThereAre() {
    int first = 1 + random.nextInt(5);
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      records.add(
          Written.example("x", Written.floats(i), "label", Written.ints(true, first + i % 4)));
    }
    IdxBytes.write(folder.resolve("mine.tfrecord"), Written.file(records));
    Splits splits = open("mine.tfrecord");
    assertThat(splits.classes())
        .containsExactly("" + first, "" + (first + 1), "" + (first + 2), "" + (first + 3));
    for (long i = 0; i < splits.train().size(); i++) {
      Dataset train = splits.train().data();
      assertThat(train.label(i)).isEqualTo((int) row(train, i)[0] % 4);
    }
  }

  @Test
  void open_bytesThatAreNoImage_areAskedAbout() throws IOException {
    one(40, i -> Written.bytes(ByteBuffer.allocate(16).putInt(i).array()));
    assertThatThrownBy(() -> open("mine.tfrecord"))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            folder.resolve("mine.tfrecord")
                + ": record 0: feature 'x' is 16 bytes that are no image (expected: PNG, JPEG, BMP"
                + " or GIF, or their type and shape: records: {feature: {type: float32, shape:"
                + " [4]} or {type: uint8, shape: [16]}})");
    one(40, i -> Written.bytes("RIFF\4\0\0\0WEBPVP8 ".getBytes(ISO_8859_1)));
    assertThatThrownBy(() -> open("mine.tfrecord"))
        .hasMessageContaining("feature 'x' is WebP, which is not read (expected: PNG, JPEG, BMP");
  }

  @Test
  void open_bytesWithATypeAndAShape_areTheirNumbers() throws IOException {
    for (NumberType type : NumberType.values()) {
      one(
          20,
          i -> {
            ByteBuffer two = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
            for (int number : new int[] {i, type.name().startsWith("U") ? 90 : -90}) {
              switch (type) {
                case UINT8, INT8 -> two.put((byte) number);
                case UINT16, INT16 -> two.putShort((short) number);
                case INT32 -> two.putInt(number);
                case INT64 -> two.putLong(number);
                case FLOAT32 -> two.putFloat(number);
                case FLOAT64 -> two.putDouble(number);
              }
            }
            return Written.bytes(Arrays.copyOf(two.array(), two.position()));
          });
      Splits splits = open(raw(type, List.of(2L, 1L)));
      assertThat(splits.shape()).isEqualTo(Shape.of(2, 1));
      Dataset train = splits.train().data();
      for (long i = 0; i < train.size(); i++) {
        float[] row = row(train, i);
        assertThat((int) row[0] % 2).as(type.name()).isEqualTo(train.label(i));
        assertThat(row[1]).isEqualTo(type.name().startsWith("U") ? 90 : -90);
      }
      DataSettings wrong = raw(type, List.of(3L));
      assertThatThrownBy(() -> open(wrong))
          .isInstanceOf(InputFault.class)
          .hasMessageContaining("feature 'x' has ");
    }
  }

  @Test
  void open_imagesOfEveryFormat_areDecoded() throws IOException {
    int height = 6 + random.nextInt(9);
    int width = 6 + random.nextInt(9);
    for (String format : List.of("bmp", "gif", "png", "jpg")) {
      one(
          12,
          i ->
              Written.bytes(
                  ImageFiles.encoded(
                      ImageFiles.flat(i == 0 ? 3 : height, width, 0x400000 + 20 * i), format)));
      Splits splits = open("mine.tfrecord");
      assertThat(splits.shape()).as(format).isEqualTo(Shape.of(3, height, width));
      assertThat(splits.notes().get(0))
          .isEqualTo(
              "training images: 11 of %d x %d, 1 of 3 x %d (%s: record 0); all are stretched to %d x %d (images: {size: [height, width]} sets another size)"
                  .formatted(height, width, width, folder.resolve("mine.tfrecord"), height, width));
      assertThat(row(splits.train().data(), 0)[0]).isBetween(0x40 - 4f, 0x40 + 4f);
    }
  }

  @Test
  void open_contentReplacedAtTheSameLengthAndTime_isReadAnew() throws IOException {
    for (int version = 0; version < 2; version++) {
      float value = random.nextFloat();
      one(10, i -> Written.floats(value));
      Files.setLastModifiedTime(
          folder.resolve("mine.tfrecord"), FileTime.fromMillis(315532800000L));
      assertThat(row(open("mine.tfrecord").train().data(), 0)).containsExactly(value);
    }
  }

  private void file(String name, int first, int end) {
    List<byte[]> records = new ArrayList<>();
    for (int i = first; i < end; i++) {
      records.add(
          Written.example("x", Written.floats(i, 0.5f), "label", Written.ints(true, i % 2)));
    }
    IdxBytes.write(folder.resolve(name), Written.file(records));
  }

  private void one(int count, Input input) {
    IdxBytes.write(folder.resolve("mine.tfrecord"), Written.file(examples(count, input)));
  }

  @Test
  void open_labelsThatAreNotUtf8_areRefusedByTheirRecord() {
    List<byte[]> records = new ArrayList<>();
    int bad = random.nextInt(6);
    for (int i = 0; i < 6; i++) {
      byte[] label = i == bad ? new byte[] {'c', (byte) 0xe9} : new byte[] {'a'};
      records.add(Written.example("x", Written.floats(i, 1), "label", Written.bytes(label)));
    }
    Path file = IdxBytes.write(folder.resolve("mine.tfrecord"), Written.file(records));
    assertThatThrownBy(() -> open(file.toString()))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("mine.tfrecord")
        .hasMessageContaining("feature 'label' has the bytes 0x63e9, which are not UTF-8");
  }

  @Test
  void open_recordsWithoutTags_haveNoClassWhereTheyMayHaveSeveral() {
    List<String> tags = List.of("night", "rain", "snow");
    List<List<String>> truths = new ArrayList<>();
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      List<String> has = i % 3 == 0 ? List.of() : i < 3 ? tags : List.of(drawn("rain", "snow"));
      truths.add(has);
      byte[] x = Written.floats(i, 1);
      byte[] label =
          Written.bytes(has.stream().map(t -> t.getBytes(ISO_8859_1)).toArray(byte[][]::new));
      records.add(
          has.isEmpty() && random.nextBoolean()
              ? Written.example("x", x)
              : Written.example("x", x, "label", label));
    }
    IdxBytes.write(folder.resolve("tags/train.tfrecord"), Written.file(records));
    IdxBytes.write(folder.resolve("tags/test.tfrecord"), Written.file(records));
    Dataset test = open(tagged("label")).test().data();
    assertThat(test.classes()).isEqualTo(tags);
    for (int i = 0; i < 30; i++) {
      FloatBuffer targets = FloatBuffer.allocate(3);
      test.targets(i, targets);
      for (int c = 0; c < 3; c++) {
        assertThat(targets.get(c)).isEqualTo(truths.get(i).contains(tags.get(c)) ? 1 : 0);
      }
    }
    assertThatThrownBy(() -> open(tagged("lable"))).hasMessageContaining("no feature 'lable'");
  }

  private DataSettings tagged(String label) {
    RecordSettings records = new RecordSettings(Optional.of("x"), label, Optional.empty());
    DataColumns columns = DataColumns.USUAL.task(TaskType.MULTI_LABEL, Optional.empty());
    DataSettings usual = DataSettings.at(folder.resolve("tags"));
    return new DataSettings(usual.source(), columns.records(records), DataSampling.USUAL);
  }

  private float drawnFloat(float... values) {
    return values[random.nextInt(values.length)];
  }
}
