package org.distill4j.images;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * An image as bytes 0..255 in the order channel, row, column; one channel is grey, three are red,
 * green and blue. Transparency is dropped.
 */
public final class Pixels {
  /** Larger images are refused before they fill the heap: 100 million pixels. */
  private static final long MOST_PIXELS = 100_000_000;

  private final int channels;
  private final int height;
  private final int width;
  private final byte[] values;

  /**
   * Takes the bytes as they are, without copying.
   *
   * @param values of length {@code channels * height * width}
   */
  Pixels(int channels, int height, int width, byte[] values) {
    if (channels < 1 || height < 1 || width < 1 || values.length != channels * height * width) {
      throw new IllegalArgumentException(
          "values: %d (expected: %d x %d x %d)".formatted(values.length, channels, height, width));
    }
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.values = values;
  }

  /** 1 for grey, 3 for red, green and blue. */
  public int channels() {
    return channels;
  }

  /** How many rows there are. */
  public int height() {
    return height;
  }

  /** How many columns there are. */
  public int width() {
    return width;
  }

  /** The bytes themselves, not to be written to. */
  public byte[] values() {
    return values;
  }

  /**
   * Reads a PNG, JPEG, BMP or GIF, with the channels it has.
   *
   * @throws IOException if it is none, damaged, cut off or too large; the message says which
   */
  public static Pixels read(byte[] file) throws IOException {
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new IOException("no image that can be read (expected: PNG, JPEG, BMP or GIF)");
      }
      ImageReader reader = readers.next();
      try {
        return read(reader, in);
      } catch (RuntimeException e) { // damaged headers make readers throw all sorts
        throw new IOException("damaged: " + e.getMessage(), e);
      } finally {
        reader.dispose();
      }
    }
  }

  private static Pixels read(ImageReader reader, ImageInputStream in) throws IOException {
    String[] warnings = new String[1];
    reader.addIIOReadWarningListener((source, warning) -> warnings[0] = warning);
    reader.setInput(in, true, true);
    long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
    if (pixels > MOST_PIXELS) {
      throw new IOException("%,d pixels (expected: at most %,d)".formatted(pixels, MOST_PIXELS));
    }
    BufferedImage image = reader.read(0);
    if (warnings[0] != null && warnings[0].contains("remature end")) {
      throw new IOException("cut off (" + warnings[0] + ")");
    }
    return of(image);
  }

  /** An image in memory: grey if its colours are, else red, green and blue. */
  static Pixels of(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    // getRGB would take stored greys for linear light and brighten them
    boolean stored = image.getColorModel().getColorSpace().getNumComponents() == 1;
    if (stored && image.getColorModel() instanceof ComponentColorModel) {
      return grey(image.getRaster(), image.getColorModel().getComponentSize(0), height, width);
    }
    byte[] values = new byte[3 * height * width];
    int[] row = new int[width];
    boolean grey = true;
    int plane = height * width;
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        int red = row[x] >> 16 & 0xff;
        int green = row[x] >> 8 & 0xff;
        int blue = row[x] & 0xff;
        grey &= red == green && green == blue;
        int at = y * width + x;
        values[at] = (byte) red;
        values[plane + at] = (byte) green;
        values[2 * plane + at] = (byte) blue;
      }
    }
    boolean palette = image.getColorModel() instanceof IndexColorModel;
    return new Pixels(
        palette && grey ? 1 : 3,
        height,
        width,
        palette && grey ? Arrays.copyOf(values, plane) : values);
  }

  private static Pixels grey(Raster raster, int bits, int height, int width) {
    byte[] values = new byte[height * width];
    int[] row = new int[width];
    int most = (1 << bits) - 1;
    for (int y = 0; y < height; y++) {
      raster.getSamples(0, y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        values[y * width + x] = (byte) (bits == 8 ? row[x] : Math.round(255.0 * row[x] / most));
      }
    }
    return new Pixels(1, height, width, values);
  }

  /**
   * The same image with so many channels: grey is repeated, or is {@code 0.299 red + 0.587 green +
   * 0.114 blue} (ITU-R BT.601).
   *
   * @param wanted 1 or 3
   */
  public Pixels channels(int wanted) {
    if (wanted == channels) {
      return this;
    }
    int plane = height * width;
    byte[] converted = new byte[wanted * plane];
    for (int i = 0; i < plane; i++) {
      if (wanted == 1) {
        int red = values[i] & 0xff;
        int green = values[plane + i] & 0xff;
        int blue = values[2 * plane + i] & 0xff;
        converted[i] = (byte) ((299 * red + 587 * green + 114 * blue + 500) / 1000);
      } else {
        for (int c = 0; c < wanted; c++) {
          converted[c * plane + i] = values[i];
        }
      }
    }
    return new Pixels(wanted, height, width, converted);
  }

  /** The same image in another size; itself if it has that size. */
  public Pixels size(int wantedHeight, int wantedWidth, ResizeMode fit) {
    Pixels part = fit == ResizeMode.CROP ? middle((double) wantedWidth / wantedHeight) : this;
    return part.height == wantedHeight && part.width == wantedWidth
        ? part
        : Resampling.apply(part, wantedHeight, wantedWidth);
  }

  /** The largest part around the middle whose width is so many times its height. */
  private Pixels middle(double proportion) {
    int w = (int) Math.max(1, Math.min(width, Math.round(height * proportion)));
    int h = (int) Math.max(1, Math.min(height, Math.round(width / proportion)));
    if (w == width && h == height) {
      return this;
    }
    byte[] cut = new byte[channels * h * w];
    int top = (height - h) / 2;
    int left = (width - w) / 2;
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < h; y++) {
        System.arraycopy(values, (c * height + top + y) * width + left, cut, (c * h + y) * w, w);
      }
    }
    return new Pixels(channels, h, w, cut);
  }
}
