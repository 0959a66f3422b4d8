package org.distill4j.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PixelsTest {
  @Test
  void read_greyPng_keepsTheStoredValues() throws IOException {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 6; i++) {
      image.getRaster().setSample(i % 3, i / 3, 0, 40 * i);
    }
    Pixels pixels = Pixels.read(encoded(image, "png"));
    assertThat(pixels.channels()).isEqualTo(1);
    assertThat(unsigned(pixels)).containsExactly(0, 40, 80, 120, 160, 200);
  }

  @Test
  void read_colour_isPlanesOfRedGreenBlue() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0x010203);
    image.setRGB(1, 0, 0xfafbfc);
    Pixels pixels = Pixels.read(encoded(image, "png"));
    assertThat(unsigned(pixels)).containsExactly(1, 250, 2, 251, 3, 252);
    // (299 * 1 + 587 * 2 + 114 * 3) / 1000 = 1.8, and 250.8
    assertThat(unsigned(pixels.channels(1))).containsExactly(2, 251);
    assertThat(unsigned(pixels.channels(1).channels(3))).containsExactly(2, 251, 2, 251, 2, 251);
  }

  @Test
  void read_jpeg_isCloseToWhatWasWritten() throws IOException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 256; i++) {
      image.setRGB(i % 16, i / 16, 0x6090c0);
    }
    Pixels pixels = Pixels.read(encoded(image, "jpg"));
    assertThat(pixels.values()[0] & 0xff).isBetween(0x5c, 0x64);
    assertThat(pixels.values()[512] & 0xff).isBetween(0xbc, 0xc4);
  }

  @Test
  void size_shrunk_isTheMeanWhereWeightsAreEqual() {
    Pixels constant = new Pixels(1, 8, 8, filled(64, 77));
    assertThat(unsigned(constant.size(3, 5, ResizeMode.STRETCH))).containsOnly(77);
    // 4 -> 2: the triangle of reach 2 around 1 weighs columns 0..2 by 3, 3, 1
    byte[] row = {0, 70, (byte) 140, (byte) 210};
    Pixels shrunk = new Pixels(1, 1, 4, row).size(1, 2, ResizeMode.STRETCH);
    assertThat(unsigned(shrunk))
        .containsExactly(50, 160); // (3*70 + 140) / 7, (70 + 3*140 + 3*210) / 7
  }

  @Test
  void size_enlarged_isBilinear() {
    Pixels wide = new Pixels(1, 1, 2, new byte[] {0, 100}).size(1, 4, ResizeMode.STRETCH);
    assertThat(unsigned(wide)).containsExactly(0, 25, 75, 100);
  }

  @Test
  void size_crop_takesTheMiddle() {
    byte[] row = {9, 1, 2, 9};
    assertThat(unsigned(new Pixels(1, 1, 4, row).size(1, 2, ResizeMode.CROP))).hasSize(2);
    byte[] square = new byte[2 * 4];
    System.arraycopy(row, 0, square, 0, 4);
    System.arraycopy(row, 0, square, 4, 4);
    assertThat(unsigned(new Pixels(1, 2, 4, square).size(2, 2, ResizeMode.CROP)))
        .containsExactly(1, 2, 1, 2);
  }

  @Test
  void read_whatIsNoImage_saysSo() throws IOException {
    assertThatThrownBy(() -> Pixels.read("hello".getBytes(StandardCharsets.UTF_8)))
        .hasMessage("no image that can be read (expected: PNG, JPEG, BMP or GIF)");
    for (String format : new String[] {"png", "jpg"}) {
      BufferedImage noise = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < 4096; i++) {
        noise.setRGB(i % 64, i / 64, 7919 * i * i);
      }
      byte[] whole = encoded(noise, format);
      byte[] half = Arrays.copyOf(whole, whole.length / 2);
      assertThatThrownBy(() -> Pixels.read(half)).as(format).isInstanceOf(IOException.class);
    }
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] encoded(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, bytes)).isTrue();
    return bytes.toByteArray();
  }

  private static int[] unsigned(Pixels pixels) {
    int[] values = new int[pixels.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = pixels.values()[i] & 0xff;
    }
    return values;
  }
}
