package org.distill4j.data.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.distill4j.data.DataSampling;
import org.distill4j.data.Dataset;
import org.distill4j.data.ModelDataCheck;
import org.distill4j.data.Splits;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.TaskType;
import org.distill4j.images.ImageFiles;
import org.distill4j.records.RawFeature;
import org.distill4j.records.RawFeature.NumberType;
import org.distill4j.records.RecordSettings;
import org.distill4j.records.Written;
import org.distill4j.table.Table;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;

/** The numbers, labels and shapes of TFRecord files: whether what is learned is what they say. */
class RecordNumbersTest extends RecordSituation {
  RecordNumbersTest() {
    super(59);
  }

  @Test
  void open_timesThatFloatsDoNotTellApart_areScaledBeforeTheyAreShortened() {
    long day = (1_700_000_000_000L + random.nextInt(1_000_000)) >> 20 << 20; // a float holds it
    double[] times = new double[50];
    for (int i = 0; i < 50; i++) {
      times[i] = day + 1000L * i * (1 + random.nextInt(3));
    }
    double mean = Arrays.stream(times).average().orElseThrow();
    double deviation = Math.sqrt(Arrays.stream(times).map(t -> (t - mean) * (t - mean)).sum() / 50);
    List<Input> written =
        List.of(
            i -> Written.ints(true, i, (long) times[i]),
            i -> Written.ints(false, i, (long) times[i]),
            i -> Written.bytes(twoLongs(i, (long) times[i])));
    for (Input input : written) {
      one(50, input);
      DataSettings settings =
          input == written.get(2)
              ? raw(NumberType.INT64, List.of(2L))
              : DataSettings.at(folder.resolve("mine.tfrecord"));
      Splits splits = open(settings);
      Dataset train = splits.train().data();
      Table table = train.table().orElseThrow();
      assertThat(table.names()).containsExactly("x 1", "x 2");
      assertThat(splits.notes()).anyMatch(note -> note.contains("scaled before they are"));
      Graph model = Metadata.withTable(new Mlp(List.of(), 0).build(Shape.of(2), 2, 1), table);
      Dataset all = catalog().openWhole(settings, model).test().data();
      for (int i = 0; i < 50; i++) {
        assertThat(row(all, i)[1])
            .isCloseTo((float) ((times[i] - mean) / deviation), within(1e-4f));
      }
      assertThat(all.table()).contains(table);
      Graph foreign = new Mlp(List.of(), 0).build(Shape.of(2), 2, 1);
      Dataset asTheyAre = catalog().openWhole(settings, foreign).test().data();
      assertThat(row(asTheyAre, 7)).containsExactly(7, (float) times[7]);
    }
    one(50, i -> Written.ints(false, i, 1_000_000_001L * (i + 1)));
    assertThat(total(open("mine.tfrecord"))).isEqualTo(50);
    assertThat(open("mine.tfrecord").train().data().table()).isEmpty();
  }

  private static byte[] twoLongs(long a, long b) {
    return ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(a).putLong(b).array();
  }

  @Test
  void open_timesThatNoScalingCouldTravelWith_areRefusedAfterAllRecords() {
    long day = 1_700_000_000_000L + random.nextInt(1_000_000);
    long least = day >> 20 << 20;
    one(50, i -> Written.bytes(twoLongs(1, i == 0 ? least : day + i * 1000L)));
    assertThatThrownBy(() -> open(raw(NumberType.INT64, List.of(1L, 2L))))
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith(
            folder.resolve("mine.tfrecord")
                + ": feature 'x' goes from %d to %d, in which floats of 32 bits tell"
                    .formatted(least, day + 49_000))
        .hasMessageNotContaining("\n");
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      long when = i == 0 ? least : day + i * 1000L;
      records.add(Written.example("x", Written.floats(i), "label", Written.ints(true, when)));
    }
    IdxBytes.write(folder.resolve("mine.tfrecord"), Written.file(records));
    DataSettings plain = DataSettings.at(folder.resolve("mine.tfrecord"));
    DataColumns asked = plain.columns().task(TaskType.REGRESSION, Optional.empty());
    assertThatThrownBy(() -> open(new DataSettings(plain.source(), asked, plain.sampling())))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("feature 'label' goes from %d to %d".formatted(least, day + 19_000));
  }

  @Test
  void open_labelsThatAreTexts_areMatchedAsNamesOfClassesAre() {
    int[] stars = random.ints(40, 1, 13).toArray();
    stars[0] = 1;
    stars[1] = 10;
    stars[2] = 9;
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String spelled = drawn("%d", "%d.0", "0%d").formatted(stars[i]);
      records.add(
          Written.example(
              "x", Written.floats(i), "label", Written.bytes(spelled.getBytes(ISO_8859_1))));
    }
    IdxBytes.write(folder.resolve("mine.tfrecord"), Written.file(records));
    Splits splits = open("mine.tfrecord");
    List<Integer> sorted = Arrays.stream(stars).distinct().sorted().boxed().toList();
    assertThat(splits.classes().stream().map(Double::parseDouble).map(Double::intValue))
        .isEqualTo(sorted);
    Dataset train = splits.train().data();
    for (int i = 0; i < train.size(); i++) {
      assertThat(sorted.get(train.label(i))).isEqualTo(stars[(int) row(train, i)[0]]);
    }
  }

  @Test
  void open_labelsThatAreTextsHereAndNumbersThere_areTheSameClasses() {
    for (boolean textsFirst : new boolean[] {true, false}) {
      int first = 1 + random.nextInt(5);
      labels("train.tfrecord", textsFirst, i -> first + i % 4);
      labels("test.tfrecord", !textsFirst, i -> first + i % 3);
      Splits splits = open("parts");
      assertThat(splits.classes())
          .containsExactly("" + first, "" + (first + 1), "" + (first + 2), "" + (first + 3));
      Dataset test = splits.test().data();
      for (int i = 0; i < test.size(); i++) {
        assertThat(test.label(i)).isEqualTo((int) row(test, i)[0] % 3);
      }
    }
    List<byte[]> both = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      byte[] text = Written.bytes((i % 4 < 2 ? "cat" : "dog").getBytes(ISO_8859_1));
      byte[] label = i < 20 ? text : Written.ints(true, i % 2);
      both.add(Written.example("x", Written.floats(i), "label", label));
    }
    IdxBytes.write(folder.resolve("mine.tfrecord"), Written.file(both));
    assertThatThrownBy(() -> open("mine.tfrecord"))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("is the number 0 in some records and the text 'cat' in others");
  }

  private void labels(String file, boolean texts, IntUnaryOperator label) {
    List<byte[]> records = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      int number = label.applyAsInt(i);
      byte[] said =
          texts
              ? Written.bytes(("" + number).getBytes(ISO_8859_1))
              : Written.ints(random.nextBoolean(), number);
      records.add(Written.example("x", Written.floats(i), "label", said));
    }
    IdxBytes.write(folder.resolve("parts").resolve(file), Written.file(records));
  }

  @Test
  void open_labelsOfGivenClasses_areMatchedWhateverTheirSpelling() {
    List<List<String>> classes = List.of(List.of("no", "yes"), List.of("2.0", "1.0"));
    for (List<String> names : classes) {
      boolean words = names.get(0).equals("no");
      for (boolean whole : new boolean[] {true, false}) {
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          int number = words ? i % 2 : 2 - i % 2;
          String text = words ? (i % 2 == 1 ? "True" : "False") : "" + number;
          byte[] label =
              whole ? Written.ints(true, number) : Written.bytes(text.getBytes(ISO_8859_1));
          records.add(Written.example("x", Written.floats(i), "label", label));
        }
        IdxBytes.write(folder.resolve("mine.tfrecord"), Written.file(records));
        Graph model = Metadata.withClasses(new Mlp(List.of(), 0).build(Shape.of(1), 2, 1), names);
        Dataset all =
            catalog()
                .openWhole(DataSettings.at(folder.resolve("mine.tfrecord")), model)
                .test()
                .data();
        for (int i = 0; i < 20; i++) {
          assertThat(all.classes().get(all.label(i))).isEqualTo(names.get(i % 2));
        }
      }
    }
  }

  @Test
  void open_wholeNumbersOfFourBytesWithoutAType_areAskedAbout() {
    one(
        20,
        i ->
            Written.bytes(
                ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(-i)
                    .putInt(7)
                    .array()));
    DataSettings plain = DataSettings.at(folder.resolve("mine.tfrecord"));
    DataSettings shaped =
        new DataSettings(plain.source(), plain.columns().shape(List.of(2L)), plain.sampling());
    assertThatThrownBy(() -> open(shaped))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("{type: int32, shape: [2]}");
  }

  @Test
  void open_aShapeBesideWhatSaysAnother_isRefused() throws IOException {
    one(12, i -> Written.bytes(ImageFiles.encoded(ImageFiles.flat(5, 6, 20 * i), "png")));
    DataSettings plain = DataSettings.at(folder.resolve("mine.tfrecord"));
    List<Long> shape = List.of(3L, 9L, 9L);
    DataSettings shaped =
        new DataSettings(plain.source(), plain.columns().shape(shape), plain.sampling());
    assertThatThrownBy(() -> open(shaped)).hasMessageContaining("images: {size: [height, width]");
    DataSettings raw = raw(NumberType.UINT8, List.of(4L));
    DataSettings twice = new DataSettings(raw.source(), raw.columns().shape(shape), raw.sampling());
    assertThatThrownBy(() -> open(twice))
        .hasMessage(
            "shape: [3, 9, 9] beside records.feature.shape [4] (expected: one of them, or the same)");
  }

  @Test
  void open_imagesOfOtherSizesInTheTestPart_areTold() throws IOException {
    int size = 7 + random.nextInt(5);
    for (String part : List.of("train", "test")) {
      List<byte[]> records = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        byte[] image =
            ImageFiles.encoded(
                ImageFiles.flat(part.equals("test") && i < 3 ? 4 : size, size, 9 * i), "png");
        records.add(Written.example("x", Written.bytes(image), "label", Written.ints(true, i % 2)));
      }
      IdxBytes.write(folder.resolve("mine/" + part + ".tfrecord"), Written.file(records));
    }
    assertThat(open("mine").test().data().notes())
        .singleElement()
        .asString()
        .startsWith("test images: 5 of %d x %d, 3 of 4 x %d".formatted(size, size, size));
  }

  private void one(int count, Input input) {
    IdxBytes.write(folder.resolve("mine.tfrecord"), Written.file(examples(count, input)));
  }

  /** A model keeps which features it was trained on, what their bytes are, and their shape. */
  @Test
  void openWhole_forAModelOfDescribedRecords_readsThemAsItsTrainingDid() throws IOException {
    for (NumberType type : List.of(NumberType.INT16, NumberType.FLOAT32, NumberType.UINT8)) {
      for (List<Long> shape : List.of(List.of(4L), List.of(2L, 2L), List.of(1L, 1L, 4L))) {
        double[][] written = new double[12][4];
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
          ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
          for (int n = 0; n < 4; n++) {
            written[i][n] = 1 + random.nextInt(100);
            switch (type) {
              case INT16 -> bytes.putShort((short) written[i][n]);
              case FLOAT32 -> bytes.putFloat((float) written[i][n]);
              default -> bytes.put((byte) written[i][n]);
            }
          }
          records.add(
              Written.example(
                  "id", Written.ints(true, i),
                  "signal", Written.bytes(Arrays.copyOf(bytes.array(), bytes.position())),
                  "truth", Written.ints(true, i % 2)));
        }
        IdxBytes.write(folder.resolve("mine.tfrecord"), Written.file(records));
        DataSettings usual = DataSettings.at(folder.resolve("mine.tfrecord"));
        RecordSettings said =
            new RecordSettings(
                Optional.of("signal"), "truth", Optional.of(new RawFeature(type, shape)));
        Dataset train =
            open(new DataSettings(
                    usual.source(), DataColumns.USUAL.records(said), DataSampling.USUAL))
                .train()
                .data();
        Graph model = new Mlp(List.of(), 0).build(train.shape(), 2, 1);
        Graph told = ModelDataCheck.completed(model, train);
        assertThat(Metadata.records(told)).contains(said);
        Dataset again = catalog().openWhole(usual, told).test().data();
        assertThat(again.shape()).isEqualTo(train.shape());
        for (int i = 0; i < 12; i++) {
          float[] row = row(again, i);
          for (int n = 0; n < 4; n++) {
            assertThat(row[n]).as("%s %s", type, shape).isEqualTo((float) written[i][n]);
          }
          assertThat(again.label(i)).isEqualTo(i % 2);
        }
      }
    }
  }

  /** Lists of numbers take the shape of the model that they are read for. */
  @Test
  void openWhole_numbersForAModelOfImages_areGivenItsShape() throws IOException {
    one(10, i -> Written.floats(i, 1, 2, 3, 4, 5));
    Graph model = new Mlp(List.of(), 0).build(Shape.of(1, 2, 3), 2, 1);
    Dataset all =
        catalog().openWhole(DataSettings.at(folder.resolve("mine.tfrecord")), model).test().data();
    assertThat(all.shape()).isEqualTo(Shape.of(1, 2, 3));
    assertThat(row(all, 3)).containsExactly(3, 1, 2, 3, 4, 5);
    StringBuilder text = new StringBuilder("a,b,c,d,e,f,y\n");
    for (int i = 0; i < 10; i++) {
      text.append(i).append(",1,2,3,4,5,").append(i % 2).append('\n');
    }
    DataSettings file = DataSettings.at(Files.writeString(folder.resolve("f.csv"), text));
    Dataset cells = catalog().openWhole(file, model).test().data();
    assertThat(cells.shape()).isEqualTo(Shape.of(1, 2, 3));
    assertThat(row(cells, 3)).containsExactly(3, 1, 2, 3, 4, 5);
  }
}
