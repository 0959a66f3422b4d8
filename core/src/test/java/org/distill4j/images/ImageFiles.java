package org.distill4j.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Image files as other programs write them, put together from their parts. */
public final class ImageFiles {
  private ImageFiles() {}

  /** An image as a file of a format. */
  public static byte[] encoded(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, bytes)).isTrue();
    return bytes.toByteArray();
  }

  /** An image of one colour. */
  public static BufferedImage flat(int height, int width, int rgb) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < height * width; i++) {
      image.setRGB(i % width, i / width, rgb);
    }
    return image;
  }

  /** An image of random colours. */
  public static BufferedImage noise(int height, int width, Random random) {
    BufferedImage image = flat(height, width, 0);
    for (int i = 0; i < height * width; i++) {
      image.setRGB(i % width, i / width, random.nextInt(1 << 24));
    }
    return image;
  }

  /** A JPEG file of one colour in four components, quantized in steps of one: nothing is lost. */
  static byte[] jpegOfFour(int height, int width, int[] components) throws IOException {
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, height, 4, null);
    for (int i = 0; i < height * width; i++) {
      raster.setPixel(i % width, i / width, components);
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      ImageWriteParam best = writer.getDefaultWriteParam();
      best.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      best.setCompressionQuality(1);
      writer.write(null, new IIOImage(raster, null, null), best);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** The same JPEG file with a segment more at its front. */
  static byte[] segment(byte[] jpeg, int marker, byte[] content) {
    return ByteBuffer.allocate(jpeg.length + 4 + content.length)
        .put(jpeg, 0, 2)
        .put((byte) 0xff)
        .put((byte) marker)
        .putShort((short) (2 + content.length))
        .put(content)
        .put(jpeg, 2, jpeg.length - 2)
        .array();
  }

  /** The same JPEG file without segments of a marker, which stand before its frame. */
  static byte[] without(byte[] jpeg, int marker) {
    ByteBuffer left = ByteBuffer.allocate(jpeg.length).put(jpeg, 0, 2);
    int at = 2;
    for (int next; (jpeg[at + 1] & 0xff) != 0xda; at = next) {
      next = at + 2 + (((jpeg[at + 2] & 0xff) << 8) | (jpeg[at + 3] & 0xff));
      if ((jpeg[at + 1] & 0xff) != marker) {
        left.put(jpeg, at, next - at);
      }
    }
    left.put(jpeg, at, jpeg.length - at);
    return Arrays.copyOf(left.array(), left.position());
  }

  /** An Adobe marker's content. */
  static byte[] adobe(int transform) {
    return new byte[] {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform};
  }

  /** A colour profile in an APP2 segment's content. */
  static byte[] profile(byte[] icc) {
    byte[] head = "ICC_PROFILE\0\1\1".getBytes(ISO_8859_1);
    return ByteBuffer.allocate(head.length + icc.length).put(head).put(icc).array();
  }

  /** A PNG file of rows of samples, with other chunks before them. */
  static byte[] png(int height, int width, int bits, int kind, byte[] samples, byte[]... chunks)
      throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes("\u0089PNG\r\n\u001a\n".getBytes(ISO_8859_1));
    ByteBuffer head = ByteBuffer.allocate(13).putInt(width).putInt(height);
    file.writeBytes(chunk("IHDR", head.put((byte) bits).put((byte) kind).array()));
    for (byte[] chunk : chunks) {
      file.writeBytes(chunk);
    }
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    int length = samples.length / height;
    for (int y = 0; y < height; y++) {
      rows.write(0); // no filter
      rows.write(samples, y * length, length);
    }
    file.writeBytes(chunk("IDAT", deflated(rows.toByteArray())));
    file.writeBytes(chunk("IEND", new byte[0]));
    return file.toByteArray();
  }

  /** A chunk of a PNG file. */
  static byte[] chunk(String kind, byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(kind.getBytes(ISO_8859_1));
    crc.update(content);
    return ByteBuffer.allocate(12 + content.length)
        .putInt(content.length)
        .put(kind.getBytes(ISO_8859_1))
        .put(content)
        .putInt((int) crc.getValue())
        .array();
  }

  /** Bytes as zlib packs them. */
  static byte[] deflated(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  /** The same GIF file with its frame at a place of a larger screen. */
  static byte[] onScreen(byte[] gif, int height, int width, int top, int left) {
    byte[] moved = gif.clone();
    ByteBuffer to = ByteBuffer.wrap(moved).order(ByteOrder.LITTLE_ENDIAN);
    to.putShort(6, (short) width).putShort(8, (short) height);
    int at = 13 + ((gif[10] & 0x80) == 0 ? 0 : 3 * (2 << (gif[10] & 7)));
    while (gif[at] == 0x21) {
      for (at += 2; gif[at] != 0; ) {
        at += (gif[at] & 0xff) + 1;
      }
      at++;
    }
    assertThat(gif[at]).isEqualTo((byte) 0x2c);
    to.putShort(at + 1, (short) left).putShort(at + 3, (short) top);
    return moved;
  }

  /** The values as numbers from 0 to 255. */
  static int[] unsigned(Pixels pixels) {
    int[] values = new int[pixels.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = pixels.values()[i] & 0xff;
    }
    return values;
  }
}
