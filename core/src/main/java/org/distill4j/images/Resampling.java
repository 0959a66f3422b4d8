package org.distill4j.images;

/**
 * Another size by a triangle filter, which is as wide as a pixel of the smaller of both images:
 * enlarged it is bilinear interpolation, shrunk every pixel counts.
 *
 * <pre>{@code
 * out[o] = sum of w[i] in[i] / sum of w[i],  w[i] = max(0, 1 - |i + 1/2 - (o + 1/2) s| / max(1, s))
 * }</pre>
 *
 * <p>with s the number of old pixels per new one; first along rows, then along columns.
 */
final class Resampling {
  private Resampling() {}

  /** The weights of old pixels in each new one. */
  private static final class Weights {
    final int[] first;
    final float[][] of;

    Weights(int to) {
      this.first = new int[to];
      this.of = new float[to][];
    }

    static Weights of(int from, int to) {
      double scale = (double) from / to;
      double reach = Math.max(1, scale);
      Weights all = new Weights(to);
      for (int o = 0; o < to; o++) {
        double centre = (o + 0.5) * scale;
        int low = (int) Math.max(0, Math.floor(centre - reach + 0.5));
        int high = (int) Math.min(from, Math.ceil(centre + reach - 0.5) + 1);
        double[] weights = new double[high - low];
        double sum = 0;
        for (int i = low; i < high; i++) {
          weights[i - low] = Math.max(0, 1 - Math.abs(i + 0.5 - centre) / reach);
          sum += weights[i - low];
        }
        all.first[o] = low;
        all.of[o] = new float[weights.length];
        for (int i = 0; i < weights.length; i++) {
          all.of[o][i] = (float) (weights[i] / sum);
        }
      }
      return all;
    }
  }

  static Pixels apply(Pixels image, int height, int width) {
    Weights across = Weights.of(image.width(), width);
    Weights down = Weights.of(image.height(), height);
    byte[] values = new byte[image.channels() * height * width];
    float[] narrow = new float[image.height() * width];
    for (int c = 0; c < image.channels(); c++) {
      for (int y = 0; y < image.height(); y++) {
        int row = (c * image.height() + y) * image.width();
        for (int x = 0; x < width; x++) {
          float sum = 0;
          float[] weights = across.of[x];
          for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * (image.values()[row + across.first[x] + i] & 0xff);
          }
          narrow[y * width + x] = sum;
        }
      }
      for (int y = 0; y < height; y++) {
        float[] weights = down.of[y];
        for (int x = 0; x < width; x++) {
          float sum = 0;
          for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * narrow[(down.first[y] + i) * width + x];
          }
          values[(c * height + y) * width + x] = (byte) Math.min(255, Math.round(sum));
        }
      }
    }
    return new Pixels(image.channels(), height, width, values);
  }
}
