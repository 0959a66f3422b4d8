package org.distill4j.images;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/**
 * An image as bytes 0..255 in the order channel, row, column; one channel is grey, three are red,
 * green and blue. Transparency is dropped.
 */
public final class Pixels {
  /** Images of more pixels are refused before they fill the heap. */
  public static final long MOST = 100_000_000;

  private final int channels;
  private final int height;
  private final int width;
  private final byte[] values;

  /**
   * Takes the bytes as they are, without copying.
   *
   * @param values of length {@code channels * height * width}
   */
  public Pixels(int channels, int height, int width, byte[] values) {
    if (channels < 1 || height < 1 || width < 1 || values.length != channels * height * width) {
      throw new IllegalArgumentException(
          "values: %s (expected: %s x %s x %s)".formatted(values.length, channels, height, width));
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
    return ImageDecoder.read(file);
  }

  /** The bytes of a PNG file of it. */
  public byte[] png() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int plane = height * width;
    for (int i = 0; i < plane; i++) {
      int colour = 0;
      for (int c = 0; c < 3; c++) {
        colour = (colour << 8) | (values[(channels == 3 ? c : 0) * plane + i] & 0xff);
      }
      image.setRGB(i % width, i / width, colour);
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", file);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory is always written
    }
    return file.toByteArray();
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
