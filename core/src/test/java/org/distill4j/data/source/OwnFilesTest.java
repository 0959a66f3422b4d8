package org.distill4j.data.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.distill4j.data.source.IdxBytes.gzip;
import static org.distill4j.data.source.IdxBytes.images;
import static org.distill4j.data.source.IdxBytes.labels;
import static org.distill4j.data.source.IdxBytes.write;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.distill4j.Seeds;
import org.distill4j.data.DataSampling;
import org.distill4j.data.Split;
import org.distill4j.data.Splits;
import org.distill4j.fault.InputFault;
import org.distill4j.progress.ProgressListener;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFilesTest {
  @TempDir Path folder;

  @Test
  void open_idxFolder_keepsATenthForValidation() {
    idx("train", 40);
    idx("t10k", 5);
    Splits splits = catalog().open(folder.resolve("mine").toString());
    assertThat(splits.train().data().size()).isEqualTo(36);
    assertThat(splits.validation().data().size()).isEqualTo(4);
    assertThat(splits.test().data().size()).isEqualTo(5);
    assertThat(splits.train().data().name()).isEqualTo("mine");
    assertThat(splits.train().data().preprocessing().scale()).isEqualTo(1.0 / 255);
  }

  @Test
  void open_folderWithAllParts_takesThemAsTheyAre() {
    csv("train.csv", "1,0\n2,1\n3,1\n");
    csv("validation.csv", "4,0\n");
    csv("test.csv.gz", "5,0\n6,1\n");
    Splits splits = catalog().open(folder.resolve("mine").toString());
    assertThat(splits.train().data().size()).isEqualTo(3);
    assertThat(splits.validation().data().size()).isEqualTo(1);
    assertThat(splits.test().data().label(1)).isEqualTo(1);
    DataSettings settings = mine().validation(1);
    assertThatThrownBy(() -> catalog().open(settings))
        .hasMessage("validation: 1 (expected: absent, as data 'mine' has a file for it)");
  }

  @Test
  void open_endingsInCapitals_areTheSame() {
    String rows = "a,b,y\n" + "1,5,0\n2,7,1\n".repeat(10);
    for (String name : List.of("ALL.CSV", "all.Csv")) {
      assertThat(catalog().open(csv(name, rows).toString()).classes()).containsExactly("0", "1");
    }
    Path tabs = csv("MINE.TSV", rows.replace(',', '\t').replace("1\t5", "1, 5\t5"));
    assertThat(catalog().open(tabs.toString()).train().data().table().orElseThrow().names())
        .containsExactly("a", "b");
    Path packed = write(folder.resolve("P.CSV.GZ"), gzip(rows.getBytes(UTF_8)));
    Splits splits = catalog().open(packed.toString());
    assertThat(splits.shape().elements()).isEqualTo(2);
    assertThat(splits.train().data().name()).isEqualTo("P");
    Path raw = write(folder.resolve("Q.CSV.GZ"), rows.getBytes(UTF_8));
    assertThatThrownBy(() -> catalog().open(raw.toString())).hasMessageContaining("not gzip");
  }

  @Test
  void open_oneCsvFile_isPartedAtRandom() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      text.append(i).append(',').append(i % 3).append('\n');
    }
    Path file = csv("all.csv", text.toString());
    Splits splits = catalog().open(file.toString());
    Set<Float> seen = new HashSet<>();
    for (Split part : List.of(splits.train(), splits.validation(), splits.test())) {
      for (long i = 0; i < part.data().size(); i++) {
        float[] value = new float[1];
        part.data().read(i, FloatBuffer.wrap(value));
        assertThat(part.data().label(i)).isEqualTo((int) value[0] % 3);
        seen.add(value[0]);
      }
    }
    assertThat(seen).hasSize(50);
    assertThat(splits.validation().data().size()).isEqualTo(5);
    assertThat(splits.test().data().size()).isEqualTo(5);
    assertThat(splits.train().data().name()).isEqualTo("all");
    DataSettings counts = counts(20, 7);
    assertThat(catalog().open(counts).train().data().size()).isEqualTo(23);
    DataSettings vast = counts(Long.MAX_VALUE - 1, Long.MAX_VALUE);
    assertThatThrownBy(() -> catalog().open(vast)).hasMessageEndingWith("one left to train on)");
    DataSettings tooMany = counts(40, 10);
    assertThatThrownBy(() -> catalog().open(tooMany))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "data 'mine': 40 for validation and 10 for the test of 50 (expected: one left to train"
                + " on)");
  }

  @Test
  void open_partsByWholeWords_areFoundAndListed() {
    Random random = new Random(Seeds.of(59));
    for (int trial = 0; trial < 4; trial++) {
      String about = trial % 2 == 0 ? "" : "contest-";
      String train = about + drawn(random, "Train", "training", "train_set", "trainData");
      String validation = about + drawn(random, "val", "Valid", "dev", "validation_set");
      String test = about + drawn(random, "TEST", "testing", "test-set");
      String at = "mine" + trial + "/";
      write(folder.resolve(at + train + ".csv"), "1,0\n2,1\n3,1\n".getBytes(UTF_8));
      write(folder.resolve(at + validation + ".csv"), "4,0\n".getBytes(UTF_8));
      write(folder.resolve(at + test + ".tsv"), "5\t0\n6\t1\n".getBytes(UTF_8));
      write(folder.resolve(at + "latest.csv"), "5,0\n".getBytes(UTF_8));
      write(folder.resolve(at + "._" + train + ".csv"), new byte[82]);
      Splits splits = catalog().open(folder.resolve(at).toString());
      assertThat(splits.train().size()).isEqualTo(3);
      assertThat(splits.validation().size()).isEqualTo(1);
      assertThat(splits.test().size()).isEqualTo(2);
      assertThat(splits.notes())
          .contains(
              "parts: training from %s.csv, validation from %s.csv, test from %s.tsv"
                  .formatted(train, validation, test),
              "passed over beside the parts: latest.csv (expected: names of parts, such as train,"
                  + " val and test)");
    }
  }

  @Test
  void open_partTwice_isRefused() {
    csv("train.csv", "1,0\n2,1\n3,1\n");
    csv("val.csv", "4,0\n");
    csv("valid.csv", "4,0\n");
    assertThatThrownBy(() -> catalog().open(folder.resolve("mine").toString()))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            folder.resolve("mine")
                + ": val.csv and valid.csv are both validation (expected: one file); rename the"
                + " other");
  }

  @Test
  void open_idxOfAnyPrefix_isFound() {
    write(folder.resolve("mine/emnist-letters-Train-images-idx3-ubyte"), images(20));
    write(folder.resolve("mine/emnist-letters-Train-labels-idx1-ubyte"), labels(20, 3));
    write(folder.resolve("mine/emnist-letters-t10k-images.idx3-ubyte.gz"), gzip(images(5)));
    write(folder.resolve("mine/emnist-letters-t10k-labels-idx1-ubyte"), labels(5, 3));
    Splits splits = catalog().open(folder.resolve("mine").toString());
    assertThat(splits.train().size()).isEqualTo(18);
    assertThat(splits.test().size()).isEqualTo(5);
  }

  private static String drawn(Random random, String... names) {
    return names[random.nextInt(names.length)];
  }

  @Test
  void open_shapeOfCsvRows_isTaken() {
    csv("train.csv", "1,2,3,4,0\n".repeat(20));
    csv("test.csv", "1,2,3,4,0\n");
    DataSettings settings = shape(1L, 2L, 2L);
    assertThat(catalog().open(settings).test().data().shape()).isEqualTo(Shape.of(1, 2, 2));
  }

  @Test
  void open_nameInTheSharedFolder_isFound() {
    write(folder.resolve("shared/beans/train.csv"), "1,0\n".repeat(30).getBytes(UTF_8));
    assertThat(catalog().open("beans").train().data().size()).isEqualTo(24);
  }

  @Test
  void open_testLabelThatTrainingHasNot_isRefused() {
    csv("train.csv", "1,0\n2,1\n".repeat(10));
    csv("test.csv", "1,2\n");
    assertThatThrownBy(() -> catalog().open(folder.resolve("mine").toString()))
        .hasMessageContaining("test.csv:1 column 2: '2' (expected: a class, 0 to 1 or one of");
  }

  @Test
  void open_imagesWithoutLabels_isRefused() {
    Path images = write(folder.resolve("mine/train-images-idx3-ubyte"), images(4));
    assertThatThrownBy(() -> catalog().open(folder.resolve("mine").toString()))
        .isInstanceOf(InputFault.class)
        .hasMessage(images + ": no labels beside it (expected: train-labels-idx1-ubyte)");
  }

  @Test
  void open_nothingToTrainOn_isRefused() {
    Path text = write(folder.resolve("mine/notes.txt"), new byte[3]);
    assertThatThrownBy(() -> catalog().open(text.getParent().toString()))
        .hasMessageStartingWith(text.getParent() + ": no train-images-idx3-ubyte, no train.csv");
    assertThatThrownBy(() -> catalog().open(text.toString()))
        .hasMessage(text + ": not .csv or .csv.gz (expected: a CSV file or a folder)");
    assertThatThrownBy(() -> catalog().open(folder.resolve("none.csv").toString()))
        .isInstanceOf(InputFault.class)
        .hasMessage(folder.resolve("none.csv") + ": not there (expected: a CSV file or a folder)");
  }

  @Test
  void settings_nonsense_isRefusedAtBirth() {
    assertThatThrownBy(() -> DataSettings.named("a/b"))
        .hasMessageStartingWith("name: a/b (expected: letters, digits");
    assertThatThrownBy(() -> mine().validation(0)).hasMessage("validation: 0 (expected: >= 1)");
    assertThatThrownBy(() -> shape(0L)).hasMessage("shape: [0] (expected: each > 0)");
    assertThatThrownBy(() -> shape(1L << 40, 1L << 40))
        .hasMessage(
            "shape: [1099511627776, 1099511627776] (expected: at most 268,435,456 numbers)");
  }

  private DataSettings mine() {
    return DataSettings.at(folder.resolve("mine"));
  }

  private DataSettings counts(long validation, long test) {
    DataSampling sampling = DataSampling.USUAL.validation(validation).test(test);
    return new DataSettings(mine().source(), DataColumns.USUAL, sampling);
  }

  private DataSettings shape(Long... extents) {
    DataColumns columns = DataColumns.USUAL.shape(List.of(extents));
    return new DataSettings(mine().source(), columns, DataSampling.USUAL);
  }

  private void idx(String part, int count) {
    write(folder.resolve("mine/" + part + "-images-idx3-ubyte.gz"), gzip(images(count)));
    write(folder.resolve("mine/" + part + "-labels-idx1-ubyte"), labels(count, 3));
  }

  private Path csv(String name, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return write(folder.resolve("mine/" + name), name.endsWith(".gz") ? gzip(bytes) : bytes);
  }

  private DataCatalog catalog() {
    return new DataCatalog(
        new DataLocations(Optional.of(folder.resolve("shared")), folder.resolve("cache"), true),
        ProgressListener.NONE);
  }
}
