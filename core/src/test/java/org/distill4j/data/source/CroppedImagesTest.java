package org.distill4j.data.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distill4j.Seeds;
import org.distill4j.data.Cache;
import org.distill4j.data.Dataset;
import org.distill4j.data.ModelDataCheck;
import org.distill4j.data.image.ImageSettings;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.images.ImageFiles;
import org.distill4j.images.ResizeMode;
import org.distill4j.records.Written;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model keeps how images of another size were brought to its own, and is given them so. */
class CroppedImagesTest extends RecordSituation {
  private final int size = 2 * (2 + random.nextInt(5));
  private final List<BufferedImage> wide = new ArrayList<>();

  CroppedImagesTest() {
    super(31);
  }

  /** Noise in a row of rectangles twice as wide as high, as files of one kind. */
  private Path write(String kind) throws IOException {
    for (int i = 0; i < 12; i++) {
      wide.add(ImageFiles.noise(size, 2 * size, random));
    }
    if (kind.equals("records")) {
      Path file = folder.resolve("mine.tfrecord");
      IdxBytes.write(
          file,
          Written.file(examples(12, i -> Written.bytes(ImageFiles.encoded(wide.get(i), "png")))));
      return file;
    }
    for (int i = 0; i < 12; i++) {
      Path of = Files.createDirectories(folder.resolve("mine/" + (i % 2)));
      Files.write(of.resolve("%02d.png".formatted(i)), ImageFiles.encoded(wide.get(i), "png"));
    }
    return folder.resolve("mine");
  }

  /** The levels of the middle of a picture, channel by channel. */
  private float[] middle(BufferedImage picture) {
    float[] levels = new float[3 * size * size];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        int rgb = picture.getRGB(x + size / 2, y);
        for (int c = 0; c < 3; c++) {
          levels[(c * size + y) * size + x] = (rgb >> (16 - 8 * c)) & 0xff;
        }
      }
    }
    return levels;
  }

  private void assertMiddles(Dataset data) {
    List<float[]> middles = wide.stream().map(this::middle).toList();
    for (long i = 0; i < data.size(); i++) {
      float[] row = row(data, i);
      assertThat(middles).as("seed %d", Seeds.of(31)).anySatisfy(m -> assertThat(row).isEqualTo(m));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"folder", "records"})
  void completed_aModelOfCroppedImages_isGivenThemSo(String kind) throws IOException {
    DataSettings usual = DataSettings.at(write(kind));
    ImageSettings crop =
        new ImageSettings(Optional.of(List.of(size, size)), Optional.of(3), ResizeMode.CROP, 0);
    Dataset train =
        open(new DataSettings(
                usual.source().images(crop, Cache.MEMORY), usual.columns(), usual.sampling()))
            .train()
            .data();
    assertMiddles(train);
    Graph net = new Mlp(List.of(2), 0).build(Shape.of(3, size, size), 2, 1);
    Graph told = ModelDataCheck.completed(net, train);
    assertThat(Metadata.fit(told)).contains(ResizeMode.CROP);
    Dataset again = catalog().openWhole(usual, told).test().data();
    assertThat(again.size()).isEqualTo(12);
    assertMiddles(again);
    Dataset stretched = catalog().openWhole(usual, net).test().data();
    assertThat(stretched.shape()).isEqualTo(Shape.of(3, size, size));
    assertThat(ModelDataCheck.completed(net, stretched).metadata().keySet())
        .noneMatch(key -> key.endsWith("fit"));
  }
}
