package org.distill4j.cli;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.distill4j.fault.InputFault;
import org.distill4j.tensor.Shape;

/** An image file as raw values: bytes 0..255, channels first, scaled to the size a model takes. */
final class Photo {
  private Photo() {}

  /**
   * Reads an image.
   *
   * @param shape of one example: [1, height, width] gives grey, [3, height, width] red, green, blue
   */
  static float[] read(Path file, Shape shape) {
    if (shape.rank() != 3 || (shape.size(0) != 1 && shape.size(0) != 3)) {
      throw new InputFault(
          file
              + ": the model takes "
              + shape
              + " (expected: [1 or 3, height, width] for an image)");
    }
    BufferedImage source = load(file);
    int height = Math.toIntExact(shape.size(1));
    int width = Math.toIntExact(shape.size(2));
    boolean grey = shape.size(0) == 1;
    BufferedImage scaled =
        new BufferedImage(
            width, height, grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = scaled.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    pen.drawImage(source, 0, 0, width, height, null);
    pen.dispose();
    int channels = grey ? 1 : 3;
    int[] samples = new int[channels];
    float[] values = new float[channels * height * width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        scaled.getRaster().getPixel(x, y, samples);
        for (int c = 0; c < channels; c++) {
          values[(c * height + y) * width + x] = samples[c];
        }
      }
    }
    return values;
  }

  private static BufferedImage load(Path file) {
    try {
      BufferedImage image = ImageIO.read(file.toFile());
      if (image == null) {
        throw new InputFault(
            file + ": is no image that can be read (expected: PNG, JPEG, BMP or GIF)");
      }
      return image;
    } catch (IOException e) {
      throw new InputFault(
          file + ": cannot be read: " + e.getMessage() + " (expected: an image)", e);
    }
  }
}
