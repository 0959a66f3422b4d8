package org.distill4j.images;

import java.awt.image.Raster;

/**
 * Pictures in cyan, magenta, yellow and black as red, green and blue, with whole numbers as libjpeg
 * and Pillow compute them:
 *
 * <pre>{@code
 * red = (255 - cyan) (255 - black) / 255
 * 255 - cyan = Y + 1.402 (Cr - 128)                             (YCCK alone)
 * 255 - magenta = Y - 0.344136 (Cb - 128) - 0.714136 (Cr - 128)
 * 255 - yellow = Y + 1.772 (Cb - 128)
 * }</pre>
 *
 * <p>A file with an Adobe marker stores 255 - cyan in the place of cyan, and so on.
 */
final class FourInks {
  private static final int HALF = 1 << 15;

  private FourInks() {}

  /**
   * @param transformed whether the components are Y, Cb, Cr and black
   * @param complements whether what is stored as an ink is 255 less the ink
   */
  static Pixels of(Raster raster, boolean transformed, boolean complements) {
    int height = raster.getHeight();
    int width = raster.getWidth();
    int plane = height * width;
    byte[] values = new byte[3 * plane];
    int[] row = new int[4 * width];
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        if (transformed) {
          toInks(row, 4 * x);
        }
        int black = row[4 * x + 3];
        int left = complements ? black : 255 - black;
        for (int c = 0; c < 3; c++) {
          int ink = row[4 * x + c];
          int light = left * (complements ? ink : 255 - ink) + 128;
          values[c * plane + y * width + x] =
              (byte) (((light >> 8) + light) >> 8); // by 255, rounded
        }
      }
    }
    return new Pixels(3, height, width, values);
  }

  private static void toInks(int[] row, int at) {
    int luminance = row[at];
    int blue = row[at + 1] - 128;
    int red = row[at + 2] - 128;
    row[at] = 255 - bounded(luminance + ((91881 * red + HALF) >> 16));
    row[at + 1] = 255 - bounded(luminance + ((-22554 * blue - 46802 * red + HALF) >> 16));
    row[at + 2] = 255 - bounded(luminance + ((116130 * blue + HALF) >> 16));
  }

  private static int bounded(int value) {
    return Math.max(0, Math.min(255, value));
  }
}
