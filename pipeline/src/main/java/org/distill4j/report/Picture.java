package org.distill4j.report;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.distill4j.tensor.Shape;

/**
 * An example as a small picture that a browser shows.
 *
 * @param width in pixels of the picture, at most {@value #LARGEST}
 * @param height likewise
 * @param uri a PNG as {@code data:} address
 */
public record Picture(int width, int height, String uri) {
  /** A longer side is divided by a whole number until it fits. */
  static final int LARGEST = 128;

  /**
   * Draws an example of one channel in grey and of three in colour; empty for anything else.
   *
   * @param shape {@code [channels, height, width]}
   * @param values in that order
   * @param low the value that is black
   * @param high the value that is white
   */
  static Optional<Picture> of(Shape shape, float[] values, float low, float high) {
    if (shape.rank() != 3 || (shape.size(0) != 1 && shape.size(0) != 3) || shape.elements() == 0) {
      return Optional.empty();
    }
    int channels = (int) shape.size(0);
    int rows = Math.toIntExact(shape.size(1));
    int columns = Math.toIntExact(shape.size(2));
    int step = (Math.max(rows, columns) + LARGEST - 1) / LARGEST;
    int height = Math.max(1, rows / step);
    int width = Math.max(1, columns / step);
    BufferedImage image =
        new BufferedImage(
            width,
            height,
            channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
    WritableRaster raster = image.getRaster();
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int corner = (c * rows + y * step) * columns + x * step;
          float mean =
              blockMean(values, corner, columns, step, rows - y * step, columns - x * step);
          float grey = 255 * (mean - low) / Math.max(high - low, Float.MIN_NORMAL);
          raster.setSample(x, y, c, Math.round(Math.max(0, Math.min(255, grey))));
        }
      }
    }
    return Optional.of(new Picture(width, height, "data:image/png;base64," + base64(image)));
  }

  private static float blockMean(
      float[] values, int corner, int columns, int step, int rowsLeft, int columnsLeft) {
    int high = Math.min(step, rowsLeft);
    int wide = Math.min(step, columnsLeft);
    float sum = 0;
    for (int y = 0; y < high; y++) {
      for (int x = 0; x < wide; x++) {
        sum += values[corner + y * columns + x];
      }
    }
    return sum / (high * wide);
  }

  private static String base64(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, "png", bytes)) {
        throw new AssertionError("the JDK's image writers lack PNG");
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
