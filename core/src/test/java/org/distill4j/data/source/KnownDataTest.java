package org.distill4j.data.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.distill4j.SharedFolder;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.data.store.ByteSource;
import org.distill4j.progress.ProgressListener;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownDataTest {
  @TempDir static Path cache;

  @Test
  void open_fashionMini_hasItsParts() {
    Splits splits = catalog().open("fashion-mini");
    assertThat(splits.train().data().size()).isEqualTo(10_800);
    assertThat(splits.validation().data().size()).isEqualTo(1200);
    assertThat(splits.test().data().size()).isEqualTo(10_000);
    assertThat(splits.test().data().shape()).isEqualTo(Shape.of(1, 28, 28));
    assertThat(splits.test().data().classes()).hasSize(10).startsWith("T-shirt/top", "Trouser");
    // The published test set has 1,000 images of each class.
    assertThat(histogram(splits.test().data())).containsOnly(1000);
  }

  @Test
  void open_digits_hasItsParts() {
    Splits splits = catalog().open("digits");
    assertThat(splits.train().data().size()).isEqualTo(1197);
    assertThat(splits.validation().data().size()).isEqualTo(300);
    assertThat(splits.test().data().size()).isEqualTo(300);
    assertThat(splits.train().data().shape()).isEqualTo(Shape.of(1, 8, 8));
    // The first row of the file: 0,0,5,13,9,1,0,0, ... with the label 0.
    FloatBuffer first = FloatBuffer.allocate(64);
    splits.train().data().read(0, first);
    assertThat(first.array()).startsWith(0, 0, 5, 13, 9, 1, 0, 0).endsWith(6, 13, 10, 0, 0, 0);
    assertThat(splits.train().data().label(0)).isEqualTo(0);
    assertThat(splits.train().data().preprocessing().factor(0)).isEqualTo(1 / 16f);
  }

  @Test
  void open_fashionMini_isTheStartOfFashionMnist() {
    Dataset full = catalog().open(shared("fashion-mnist")).train().data();
    Splits mini = catalog().open("fashion-mini");
    assertSameExamples(mini.train().data(), full, 0);
    assertSameExamples(mini.validation().data(), full, 10_800);
  }

  @Test
  void open_mnist_isTheCanonicalOne() {
    Splits splits = catalog().open(shared("mnist"));
    assertThat(splits.train().data().size()).isEqualTo(55_000);
    assertThat(splits.validation().data().size()).isEqualTo(5000);
    // The label counts of the 10,000 test images, as published with the data.
    assertThat(histogram(splits.test().data()))
        .containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
  }

  @Test
  void licences_ofEmbeddedData_areBesideThem() throws IOException {
    for (String licence : new String[] {"fashion-mini/LICENSE", "digits/LICENSE"}) {
      try (InputStream in = ByteSource.embedded(DataCatalog.class, licence).open()) {
        assertThat(new String(in.readAllBytes(), UTF_8)).contains("Copyright (c)", "WARRANTIES");
      }
    }
  }

  private static DataSettings shared(String name) {
    return DataSettings.named(name, SharedFolder.require("data/" + name));
  }

  private static void assertSameExamples(Dataset part, Dataset full, long from) {
    FloatBuffer mine = FloatBuffer.allocate(784);
    FloatBuffer theirs = FloatBuffer.allocate(784);
    for (long i = 0; i < part.size(); i += 97) {
      part.read(i, mine.clear());
      full.read(from + i, theirs.clear());
      assertThat(mine.flip()).isEqualTo(theirs.flip());
      assertThat(part.label(i)).isEqualTo(full.label(from + i));
    }
  }

  private static int[] histogram(Dataset data) {
    int[] counts = new int[data.classes().size()];
    for (long i = 0; i < data.size(); i++) {
      counts[data.label(i)]++;
    }
    return counts;
  }

  private static DataCatalog catalog() {
    return new DataCatalog(new DataLocations(Optional.empty(), cache, true), ProgressListener.NONE);
  }
}
