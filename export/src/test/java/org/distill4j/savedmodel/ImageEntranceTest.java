package org.distill4j.savedmodel;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.distill4j.Seeds;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.images.ResizeMode;
import org.distill4j.lowered.LoweredGraph;
import org.distill4j.lowered.Lowering;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pixels that a served picture becomes, against the triangle filter written down here. */
class ImageEntranceTest {
  private static final int ROWS = 6;
  private static final int COLUMNS = 9;

  @TempDir private Path folder;

  /** A model that gives back its pixels. */
  private static Graph pixels(int channels) {
    GraphBuilder g = new GraphBuilder("pixels");
    String x = g.input("x", DType.FLOAT32, Shape.of(1, channels, ROWS, COLUMNS));
    float[] unit = new float[channels * channels];
    for (int c = 0; c < channels; c++) {
      unit[c * channels + c] = 1;
    }
    String w = g.initializer("w", HostTensor.ofFloats(Shape.of(channels, channels, 1, 1), unit));
    g.output(g.addNamed("y", "Conv", Map.of(), x, w), DType.FLOAT32, Shape.UNRANKED);
    return Metadata.withPreprocessing(g.build(), Preprocessing.scale(1));
  }

  /** One pixel of a plane resized: all old ones weighed by their distance along both sides. */
  private static double resized(double[][] plane, int row, int column) {
    double down = (double) plane.length / ROWS;
    double across = (double) plane[0].length / COLUMNS;
    double sum = 0;
    double weights = 0;
    for (int y = 0; y < plane.length; y++) {
      double vertical = 1 - Math.abs(y + 0.5 - (row + 0.5) * down) / Math.max(1, down);
      for (int x = 0; x < plane[0].length; x++) {
        double level = 1 - Math.abs(x + 0.5 - (column + 0.5) * across) / Math.max(1, across);
        double weight = Math.max(0, vertical) * Math.max(0, level);
        sum += weight * plane[y][x];
        weights += weight;
      }
    }
    return sum / weights;
  }

  @ParameterizedTest
  @CsvSource({
    "3, 6, 9, STRETCH",
    "3, 31, 12, STRETCH",
    "3, 4, 40, STRETCH",
    "3, 3, 5, STRETCH",
    "1, 6, 9, STRETCH",
    "1, 13, 13, STRETCH",
    "3, 20, 21, CROP",
    "1, 7, 50, CROP",
    "3, 33, 9, CROP"
  })
  void ask_pictureOfAnySize_seesThePixelsOfPredict(
      int channels, int height, int width, ResizeMode fit) throws IOException {
    LoweredGraph lowered = Lowering.of(Metadata.withFit(pixels(channels), fit));
    SavedModelWriter.write(lowered, folder);
    SplittableRandom random = new SplittableRandom(Seeds.of(height * 100L + width));
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    double[][][] planes = new double[3][height][width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int packed = 0;
        for (int c = 0; c < 3; c++) {
          int value = random.nextInt(256);
          planes[c][y][x] = value;
          packed = (packed << 8) + value;
        }
        picture.setRGB(x, y, packed);
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", png);

    float[] found =
        ImageEntrance.ask(folder, lowered.outputs(), List.of(png.toByteArray()))
            .get(0)
            .get("y")
            .toFloats();

    for (int c = 0; c < channels; c++) {
      double[][] plane = part(channels == 1 ? grey(planes) : planes[c], fit);
      for (int i = 0; i < ROWS * COLUMNS; i++) {
        double wanted = resized(plane, i / COLUMNS, i % COLUMNS);
        assertThat((double) found[c * ROWS * COLUMNS + i])
            .isBetween(wanted - 0.501, wanted + 0.501);
      }
    }
  }

  private static double[][] grey(double[][][] planes) {
    double[][] grey = new double[planes[0].length][planes[0][0].length];
    for (int y = 0; y < grey.length; y++) {
      for (int x = 0; x < grey[0].length; x++) {
        grey[y][x] =
            Math.floor(
                0.299 * planes[0][y][x]
                    + 0.587 * planes[1][y][x]
                    + 0.114 * planes[2][y][x]
                    + 0.5
                    + 1e-9);
      }
    }
    return grey;
  }

  /** The middle of the model's proportions. */
  private static double[][] part(double[][] plane, ResizeMode fit) {
    if (fit == ResizeMode.STRETCH) {
      return plane;
    }
    int height = plane.length;
    int width = plane[0].length;
    int h = (int) Math.min(height, Math.round((double) width * ROWS / COLUMNS));
    int w = (int) Math.min(width, Math.round((double) height * COLUMNS / ROWS));
    double[][] part = new double[h][w];
    for (int y = 0; y < h; y++) {
      System.arraycopy(plane[(height - h) / 2 + y], (width - w) / 2, part[y], 0, w);
    }
    return part;
  }
}
