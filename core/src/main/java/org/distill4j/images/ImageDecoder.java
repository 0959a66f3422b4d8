package org.distill4j.images;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads image files as Pillow, torchvision and TensorFlow do: the numbers that are stored, as red,
 * green and blue or as greys.
 *
 * <ul>
 *   <li>No colour profile, gamma or orientation is applied; transparency is dropped.
 *   <li>Of 16 bits the upper 8 are taken.
 *   <li>CMYK, which files with an Adobe marker store as complements, becomes {@code red = (255 - c)
 *       (255 - k) / 255}, and so on.
 *   <li>The first frame of a GIF stands where its screen has it.
 * </ul>
 */
final class ImageDecoder {
  private ImageDecoder() {}

  /** What is decoded by the reader of a format. */
  private interface Decoding {
    Pixels of(ImageReader reader) throws IOException;
  }

  static Pixels read(byte[] file) throws IOException {
    ImageFormat format = ImageFormat.of(file).orElse(null);
    if (format == null || !format.isRead()) {
      throw notRead(format);
    }
    try {
      return switch (format) {
        case JPEG -> jpeg(file);
        case GIF -> gif(file);
        default -> decoded(file, format, reader -> of(reader.read(0)));
      };
    } catch (RuntimeException e) { // damaged heads make readers throw all sorts
      throw new IOException("damaged: " + e.getMessage(), e);
    }
  }

  static IOException notRead(ImageFormat format) {
    return new IOException(
        "%s (expected: %s)"
            .formatted(
                format == null ? "no image that can be read" : format.spelling() + ", not read",
                ImageFormat.READ));
  }

  private static Pixels decoded(byte[] file, ImageFormat format, Decoding decoding)
      throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName(format.name()).next();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      String[] warnings = new String[1];
      reader.addIIOReadWarningListener((source, warning) -> warnings[0] = warning);
      reader.setInput(in, true, true);
      requireBound(reader.getHeight(0), reader.getWidth(0));
      Pixels pixels = decoding.of(reader);
      if (warnings[0] != null && warnings[0].contains("remature end")) {
        throw new IOException("cut off (" + warnings[0] + ")");
      }
      return pixels;
    } finally {
      reader.dispose();
    }
  }

  /** Refuses what cannot be the size of an image. */
  static void requireBound(long height, long width) throws IOException {
    if (height < 1 || width < 1) {
      throw new IOException("damaged: %s x %s pixels".formatted(height, width));
    }
    if (height * width > Pixels.MOST) {
      throw new IOException(
          String.format(
              Locale.ROOT, "%,d pixels (expected: at most %,d)", height * width, Pixels.MOST));
    }
  }

  private static Pixels jpeg(byte[] file) throws IOException {
    JpegHead head = JpegHead.read(HeadBytes.of(file));
    byte[] plain = head.plain(file);
    if (head.components() < 4) {
      return decoded(plain, ImageFormat.JPEG, reader -> of(reader.read(0)));
    }
    boolean transformed = head.colours() == JpegHead.Colours.YCCK;
    return decoded(
        plain,
        ImageFormat.JPEG,
        reader -> FourInks.of(reader.readRaster(0, null), transformed, head.adobe() >= 0));
  }

  private static Pixels gif(byte[] file) throws IOException {
    GifHead head = GifHead.read(HeadBytes.of(file));
    requireBound(head.height(), head.width());
    return decoded(
        file,
        ImageFormat.GIF,
        reader -> {
          BufferedImage frame = reader.read(0);
          boolean whole = frame.getHeight() == head.height() && frame.getWidth() == head.width();
          return whole ? of(frame) : of(onScreen(frame, head));
        });
  }

  private static BufferedImage onScreen(BufferedImage frame, GifHead head) {
    IndexColorModel palette = (IndexColorModel) frame.getColorModel();
    BufferedImage screen =
        new BufferedImage(
            palette,
            palette.createCompatibleWritableRaster(head.width(), head.height()),
            false,
            null);
    int[] row = new int[head.width()];
    Arrays.fill(row, head.around());
    for (int y = 0; y < head.height(); y++) {
      screen.getRaster().setPixels(0, y, head.width(), 1, row);
    }
    screen.getRaster().setRect(head.left(), head.top(), frame.getRaster());
    return screen;
  }

  /** An image in memory: grey if its colours are, else red, green and blue. */
  static Pixels of(BufferedImage image) {
    if (image.getColorModel() instanceof ComponentColorModel model) {
      int channels = model.getNumColorComponents() == 1 ? 1 : 3;
      return ofBands(image.getRaster(), channels, model.getComponentSize(0));
    }
    return ofColours(image);
  }

  private static Pixels ofBands(Raster raster, int channels, int bits) {
    int height = raster.getHeight();
    int width = raster.getWidth();
    byte[] values = new byte[channels * height * width];
    for (int c = 0; c < channels; c++) {
      int to = c * height * width;
      if (raster.getSampleModel() instanceof ComponentSampleModel layout
          && raster.getDataBuffer() instanceof DataBufferByte stored
          && bits == Byte.SIZE) {
        copyBand(raster, layout, stored, c, values, to);
      } else {
        shorten(raster, c, bits, values, to);
      }
    }
    return new Pixels(channels, height, width, values);
  }

  private static void copyBand(
      Raster raster,
      ComponentSampleModel layout,
      DataBufferByte stored,
      int band,
      byte[] values,
      int to) {
    byte[] from = stored.getData(layout.getBankIndices()[band]);
    int step = layout.getPixelStride();
    int start =
        stored.getOffsets()[layout.getBankIndices()[band]]
            + layout.getOffset(
                -raster.getSampleModelTranslateX(), -raster.getSampleModelTranslateY(), band);
    int width = raster.getWidth();
    for (int y = 0; y < raster.getHeight(); y++) {
      int at = start + y * layout.getScanlineStride();
      for (int x = 0; x < width; x++, at += step) {
        values[to + y * width + x] = from[at];
      }
    }
  }

  private static void shorten(Raster raster, int band, int bits, byte[] values, int to) {
    int width = raster.getWidth();
    int[] row = new int[width];
    int most = (1 << Math.min(bits, DataBuffer.getDataTypeSize(DataBuffer.TYPE_USHORT))) - 1;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(0, y, width, 1, band, row);
      for (int x = 0; x < width; x++) {
        int value = bits >= Byte.SIZE ? row[x] >> (bits - Byte.SIZE) : row[x] * 255 / most;
        values[to + y * width + x] = (byte) value;
      }
    }
  }

  /** A palette, or colours packed in one number each. */
  private static Pixels ofColours(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
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
    return palette && grey
        ? new Pixels(1, height, width, Arrays.copyOf(values, plane))
        : new Pixels(3, height, width, values);
  }
}
