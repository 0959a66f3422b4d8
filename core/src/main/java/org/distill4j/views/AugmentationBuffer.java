package org.distill4j.views;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.distill4j.graph.Preprocessing;
import org.distill4j.tensor.Shape;

/**
 * The working memory of augmentation: one example's raw values, and as much room beside them for
 * steps that cannot work in place. Made once and used for one example after the other; nothing is
 * allocated on the way.
 */
public final class AugmentationBuffer {
  private static final int FRAME = 3;

  private final int channels;
  private final int height;
  private final int width;
  private final float[] units;
  private final float[] framed; // the values within zeros: one before, two behind each side
  private float[] values;
  private float[] spare;
  private FloatBuffer buffer; // over the values
  private FloatBuffer spareBuffer;

  /**
   * Room for examples of a shape; those that are no images are one column in one channel.
   *
   * @param net how a net takes the raw values, which tells the size of a unit
   */
  AugmentationBuffer(Shape example, Preprocessing net) {
    boolean image = example.rank() == 3;
    int elements = Math.toIntExact(example.elements());
    this.channels = image ? Math.toIntExact(example.size(0)) : 1;
    this.height = image ? Math.toIntExact(example.size(1)) : elements;
    this.width = image ? Math.toIntExact(example.size(2)) : 1;
    this.units = new float[channels];
    for (int c = 0; c < channels; c++) {
      units[net.fits(channels) ? net.source(c) : c] =
          net.fits(channels) ? 1 / Math.abs(net.factor(c)) : 1;
    }
    this.framed = image ? new float[channels * (height + FRAME) * (width + FRAME)] : new float[0];
    this.values = new float[elements];
    this.spare = new float[elements];
    this.buffer = FloatBuffer.wrap(values);
    this.spareBuffer = FloatBuffer.wrap(spare);
  }

  int channels() {
    return channels;
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  /** How much of a raw value is 1 to a net. */
  float unit(int channel) {
    return units[channel];
  }

  /** [channels, height, width], to be read and written. */
  float[] values() {
    return values;
  }

  /** The values, to be written from their start. */
  FloatBuffer buffer() {
    return buffer.clear();
  }

  /** As many numbers of no meaning, to be written before {@link #swap}. */
  float[] spare() {
    return spare;
  }

  /** Makes what was spare the values. */
  void swap() {
    float[] old = values;
    values = spare;
    spare = old;
    FloatBuffer oldBuffer = buffer;
    buffer = spareBuffer;
    spareBuffer = oldBuffer;
  }

  /** Sets a rectangle of all channels to a raw value. */
  void fill(int top, int left, int rows, int columns, float value) {
    for (int c = 0; c < channels; c++) {
      for (int y = top; y < top + rows; y++) {
        int start = (c * height + y) * width + left;
        Arrays.fill(values, start, start + columns, value);
      }
    }
  }

  /**
   * Takes each pixel from a place of the image as it was, between four pixels by bilinear
   * interpolation: (column x, row y) from column {@code x0 + xx x + xy y}, row {@code y0 + yx x +
   * yy y}.
   *
   * @param outside true: what lies outside is 0; false: it is as the nearest pixel of the border
   */
  void resample(float x0, float xx, float xy, float y0, float yx, float yy, boolean outside) {
    frame();
    float least = outside ? -1 : 0;
    float mostX = outside ? width : width - 1;
    float mostY = outside ? height : height - 1;
    int stride = width + FRAME;
    int plane = height * width;
    int framedPlane = (height + FRAME) * stride;
    int at = 0;
    for (int y = 0; y < height; y++) {
      float startX = x0 + xy * y;
      float startY = y0 + yy * y;
      for (int x = 0; x < width; x++, at++) {
        float sx = 1 + Math.min(mostX, Math.max(least, startX + xx * x));
        float sy = 1 + Math.min(mostY, Math.max(least, startY + yx * x));
        int left = (int) sx; // floor, for it is not negative
        int top = (int) sy;
        float fx = sx - left;
        float fy = sy - top;
        int corner = top * stride + left;
        for (int c = 0; c < channels; c++, corner += framedPlane) {
          float a = framed[corner];
          float b = framed[corner + 1];
          float d = framed[corner + stride];
          float e = framed[corner + stride + 1];
          float upper = a + fx * (b - a);
          float lower = d + fx * (e - d);
          spare[c * plane + at] = upper + fy * (lower - upper);
        }
      }
    }
    swap();
  }

  /** Copies the values to where each has neighbours on all sides. */
  private void frame() {
    int stride = width + FRAME;
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < height; y++) {
        int to = (c * (height + FRAME) + y + 1) * stride + 1;
        System.arraycopy(values, (c * height + y) * width, framed, to, width);
      }
    }
  }
}
