package org.distill4j.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.distill4j.images.ImageFiles.adobe;
import static org.distill4j.images.ImageFiles.chunk;
import static org.distill4j.images.ImageFiles.deflated;
import static org.distill4j.images.ImageFiles.encoded;
import static org.distill4j.images.ImageFiles.jpegOfFour;
import static org.distill4j.images.ImageFiles.noise;
import static org.distill4j.images.ImageFiles.onScreen;
import static org.distill4j.images.ImageFiles.png;
import static org.distill4j.images.ImageFiles.segment;
import static org.distill4j.images.ImageFiles.unsigned;
import static org.distill4j.images.ImageFiles.without;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.distill4j.Seeds;
import org.junit.jupiter.api.Test;

/** What stands in image files is what is read, as Pillow, torchvision and TensorFlow read it. */
class ImageDecoderTest {
  /** Written by Pillow 13.0 from 4 x 4 random pixels: {@code save(quality=95, optimize=True)}. */
  private static final String CMYK_OF_PILLOW =
      "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCgwJ"
          + "CgoK/8AAFAgABAAEBEMRAE0RAFkRAEsRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAcGCP/EACIQAAEEAgMAAgMAAAAAAAAAAAMBAgQFBgcIEhMJ"
          + "ERQhM//aAA4EQwBNAFkASwAAPwBH5FcVsDlZ5LjWWRXhgwshyiNAjBOCKGKJmVXKOaMcYI2N9C+sh36/pIIjeg0GNgBu7f21ODmCahr+N1zW1cPZ"
          + "Wpa/M8ji3WM110qWZJcyud4mso5zjAketitaH0VjOq9Uai/SRNJh+j8BxWnPbcfKDIZlpXokiZLvLusRqQHvpx9QU9hCjp3FWjO9fL7UxzdVYLyC"
          + "Le2lfjE4fbK1dRZdtPVdRk1rJpoSpY2mNVbSCB+KJQxm+MQaKMI1aEauRxOg2d3kd9vX/9k=";

  private final Random random = new Random(Seeds.of(31));

  @Test
  void read_cmykOfPillow_isWhatPillowReads() throws IOException {
    byte[] file = Base64.getDecoder().decode(CMYK_OF_PILLOW);
    // numpy.array(Image.open(file).convert("RGB")).transpose(2, 0, 1), Pillow 13.0
    assertThat(unsigned(Pixels.read(file)))
        .containsExactly(
            40, 18, 62, 20, 138, 67, 158, 48, 70, 11, 39, 88, 142, 82, 190, 139, 12, 96, 7, 27, 28,
            25, 37, 148, 56, 14, 73, 37, 27, 135, 217, 42, 4, 79, 7, 18, 63, 156, 39, 29, 0, 19, 26,
            195, 70, 69, 161, 96);
    file[new String(file, ISO_8859_1).indexOf("Adobe") + 11] = 2; // YCCK
    assertThat(unsigned(Pixels.read(file)))
        .containsExactly(
            65, 183, 38, 38, 18, 102, 112, 167, 133, 2, 151, 0, 3, 214, 0, 124, 0, 157, 0, 25, 0,
            160, 0, 102, 11, 19, 75, 157, 0, 121, 103, 53, 61, 157, 47, 23, 85, 228, 135, 5, 82, 9,
            117, 197, 80, 113, 0, 228);
  }

  @Test
  void read_fourInks_areWhatTheyLeaveOfLight() throws IOException {
    for (int trial = 0; trial < 40; trial++) {
      int[] stored = random.ints(4, 0, 256).toArray();
      byte[] file = jpegOfFour(1 + random.nextInt(20), 1 + random.nextInt(20), stored);
      double black = stored[3];
      int[] complements = new int[3];
      int[] inks = new int[3];
      for (int c = 0; c < 3; c++) {
        complements[c] = (int) Math.round(stored[c] * black / 255);
        inks[c] = (int) Math.round((255 - stored[c]) * (255 - black) / 255);
      }
      assertPlanes(Pixels.read(segment(file, 0xee, adobe(0))), complements);
      assertPlanes(Pixels.read(file), inks);
      double blue = stored[1] - 128;
      double red = stored[2] - 128;
      double[] complementsOf = {
        stored[0] + 1.402 * red,
        stored[0] - 0.344136 * blue - 0.714136 * red,
        stored[0] + 1.772 * blue
      };
      int[] transformed = new int[3];
      for (int c = 0; c < 3; c++) {
        double ink = 255 - Math.max(0, Math.min(255, complementsOf[c]));
        transformed[c] = (int) Math.round(ink * black / 255);
      }
      assertPlanes(Pixels.read(segment(file, 0xee, adobe(2))), transformed);
    }
  }

  @Test
  void read_colourProfile_isNotApplied() throws IOException {
    byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    for (int trial = 0; trial < 5; trial++) {
      BufferedImage image = noise(1 + random.nextInt(30), 1 + random.nextInt(30), random);
      byte[] jpeg = encoded(image, "jpg");
      assertThat(Pixels.read(segment(jpeg, 0xe2, ImageFiles.profile(profile))).values())
          .isEqualTo(Pixels.read(jpeg).values());
      byte[] samples = new byte[3 * image.getHeight() * image.getWidth()];
      random.nextBytes(samples);
      ByteArrayOutputStream iccp = new ByteArrayOutputStream();
      iccp.writeBytes("name\0\0".getBytes(ISO_8859_1));
      iccp.writeBytes(deflated(profile));
      byte[] gamma = chunk("gAMA", new byte[] {0, 1, (byte) 0x86, (byte) 0xa0});
      byte[] png =
          png(
              image.getHeight(),
              image.getWidth(),
              8,
              2,
              samples,
              chunk("iCCP", iccp.toByteArray()),
              gamma);
      byte[] read = Pixels.read(png).values();
      for (int i = 0; i < samples.length; i++) {
        assertThat(read[i % 3 * samples.length / 3 + i / 3]).isEqualTo(samples[i]);
      }
    }
  }

  @Test
  void read_jpegWithoutMarkers_goesByItsComponents() throws IOException {
    BufferedImage image = ImageFiles.flat(8, 8, 0x6090c0);
    byte[] jpeg = encoded(image, "jpg");
    int[] expected = unsigned(Pixels.read(jpeg));
    byte[] bare = without(jpeg, 0xe0);
    assertThat(unsigned(Pixels.read(bare))).isEqualTo(expected);
    for (int first : new int[] {0, 1, 'Y'}) {
      assertThat(unsigned(Pixels.read(components(bare, first)))).isEqualTo(expected);
    }
    // with 'R' the same numbers are red, green and blue: Y = 0.299 R + 0.587 G + 0.114 B and so on
    int y = (int) Math.round(0.299 * 0x60 + 0.587 * 0x90 + 0.114 * 0xc0);
    int[] stored = unsigned(Pixels.read(components(bare, 'R')));
    assertThat(stored[0]).isCloseTo(y, within(3));
    assertThat(stored[64])
        .isCloseTo((int) Math.round(128 + (0xc0 - (double) y) / 1.772), within(3));
    assertThat(unsigned(Pixels.read(segment(bare, 0xee, adobe(0))))).isEqualTo(stored);
    assertThat(unsigned(Pixels.read(segment(bare, 0xee, adobe(1))))).isEqualTo(expected);
    assertThat(unsigned(Pixels.read(segment(jpeg, 0xee, adobe(0))))).isEqualTo(expected);
  }

  @Test
  void read_sixteenBits_areTheUpperEight() throws IOException {
    int[] channels = {1, 0, 3, 0, 2, 0, 4}; // by PNG's kind of colour
    for (int kind : new int[] {0, 2, 4, 6}) {
      int height = 1 + random.nextInt(20);
      int width = 1 + random.nextInt(20);
      byte[] samples = new byte[2 * channels[kind] * height * width];
      random.nextBytes(samples);
      Pixels pixels = Pixels.read(png(height, width, 16, kind, samples));
      assertThat(pixels.channels()).isEqualTo(channels[kind] > 2 ? 3 : 1);
      for (int c = 0; c < pixels.channels(); c++) {
        for (int i = 0; i < height * width; i++) {
          assertThat(pixels.values()[c * height * width + i])
              .isEqualTo(samples[2 * (channels[kind] * i + c)]);
        }
      }
    }
  }

  @Test
  void read_transparency_isDropped() throws IOException {
    byte[] palette = new byte[3 * 256];
    random.nextBytes(palette);
    byte[] opacity = new byte[256];
    random.nextBytes(opacity);
    byte[] samples = new byte[7 * 9];
    random.nextBytes(samples);
    Pixels pixels =
        Pixels.read(png(7, 9, 8, 3, samples, chunk("PLTE", palette), chunk("tRNS", opacity)));
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < samples.length; i++) {
        assertThat(pixels.values()[c * samples.length + i])
            .isEqualTo(palette[3 * (samples[i] & 0xff) + c]);
      }
    }
    byte[] withAlpha = new byte[4 * 6];
    random.nextBytes(withAlpha);
    Pixels colours = Pixels.read(png(2, 3, 8, 6, withAlpha));
    for (int i = 0; i < 18; i++) {
      assertThat(colours.values()[i]).isEqualTo(withAlpha[4 * (i % 6) + i / 6]);
    }
  }

  @Test
  void read_firstFrame_standsOnItsScreen() throws IOException {
    byte[] reds = new byte[4];
    byte[] greens = new byte[4];
    byte[] blues = new byte[4];
    random.nextBytes(reds);
    random.nextBytes(greens);
    random.nextBytes(blues);
    for (int clear : new int[] {-1, 2}) {
      int height = 1 + random.nextInt(10);
      int width = 1 + random.nextInt(10);
      int top = random.nextInt(6);
      int left = random.nextInt(6);
      BufferedImage frame =
          new BufferedImage(
              width,
              height,
              BufferedImage.TYPE_BYTE_INDEXED,
              new IndexColorModel(2, 4, reds, greens, blues, clear));
      for (int i = 0; i < height * width; i++) {
        frame.getRaster().setSample(i % width, i / width, 0, random.nextInt(4));
      }
      byte[] file = onScreen(encoded(frame, "gif"), height + 7, width + 8, top, left);
      Pixels pixels = Pixels.read(file);
      assertThat(new int[] {pixels.height(), pixels.width()})
          .containsExactly(height + 7, width + 8);
      for (int y = 0; y < pixels.height(); y++) {
        for (int x = 0; x < pixels.width(); x++) {
          boolean inside = y >= top && y < top + height && x >= left && x < left + width;
          int colour =
              inside
                  ? frame.getRaster().getSample(x - left, y - top, 0)
                  : Math.max(0, clear); // as Pillow fills the screen
          assertThat(pixels.values()[y * pixels.width() + x]).isEqualTo(reds[colour]);
        }
      }
      assertThat(ImageHead.of(file)).isEqualTo(new ImageHead(3, height + 7, width + 8));
    }
  }

  @Test
  void head_ofEveryFormat_isThatOfThePixels() throws IOException {
    for (String format : new String[] {"png", "jpg", "bmp", "gif"}) {
      for (int type : new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_BYTE_GRAY}) {
        int height = 1 + random.nextInt(300);
        int width = 1 + random.nextInt(300);
        BufferedImage image = new BufferedImage(width, height, type);
        image.setRGB(0, 0, 0xff0000);
        image.setRGB(width - 1, height - 1, 0x0000ff);
        byte[] file = encoded(image, format);
        Pixels pixels = Pixels.read(file);
        assertThat(ImageHead.of(file))
            .as("%s %d", format, type)
            .isEqualTo(new ImageHead(pixels.channels(), height, width));
        assertThat(pixels.channels()).isEqualTo(type == BufferedImage.TYPE_BYTE_GRAY ? 1 : 3);
      }
    }
  }

  @Test
  void head_behindLargeSegments_isFound() throws IOException {
    byte[] jpeg = encoded(ImageFiles.flat(13, 17, 0x123456), "jpg");
    byte[] large = segment(segment(jpeg, 0xe1, new byte[60_000]), 0xe1, new byte[60_000]);
    assertThat(ImageHead.of(large)).isEqualTo(new ImageHead(3, 13, 17));
    assertThatThrownBy(() -> ImageHead.of(Arrays.copyOf(large, 100_000)))
        .hasMessage("cut off at byte 100000");
  }

  @Test
  void head_ofNoSizeThatIsRead_isRefused() throws IOException {
    for (String format : new String[] {"png", "jpg", "bmp", "gif"}) {
      byte[] file = encoded(ImageFiles.flat(7, 9, 0x123456), format);
      int at = // of height and width, one behind the other
          switch (format) {
            case "png" -> 16;
            case "bmp" -> 18;
            case "gif" -> indexOf(file, (byte) 0x2c) + 5;
            default -> indexOf(file, (byte) 0xc0) + 4;
          };
      byte[] none = file.clone();
      Arrays.fill(none, at, at + (format.equals("png") || format.equals("bmp") ? 8 : 4), (byte) 0);
      if (format.equals("gif")) {
        Arrays.fill(none, 6, 10, (byte) 0); // its screen
      }
      assertThatThrownBy(() -> ImageHead.of(none)).as(format).hasMessageStartingWith("damaged");
      byte[] vast = file.clone();
      Arrays.fill(vast, at, at + (format.equals("png") || format.equals("bmp") ? 8 : 4), (byte) 90);
      assertThatThrownBy(() -> ImageHead.of(vast))
          .as(format)
          .hasMessageEndingWith("pixels (expected: at most 100,000,000)");
    }
  }

  private static int indexOf(byte[] file, byte wanted) {
    int at = 0;
    while (file[at] != wanted || (wanted == (byte) 0xc0 && file[at - 1] != (byte) 0xff)) {
      at++;
    }
    return at;
  }

  @Test
  void read_otherFormats_areNamed() {
    assertThatThrownBy(() -> Pixels.read("RIFF\4\0\0\0WEBPVP8 ".getBytes(ISO_8859_1)))
        .hasMessage("WebP, not read (expected: PNG, JPEG, BMP or GIF)");
    assertThatThrownBy(() -> ImageHead.of("II*\0....".getBytes(ISO_8859_1)))
        .hasMessage("TIFF, not read (expected: PNG, JPEG, BMP or GIF)");
    assertThat(ImageFormat.of("BMing is no head of a picture at all".getBytes(ISO_8859_1)))
        .isEmpty();
    assertThat(ImageFormat.of(new byte[0])).isEmpty();
  }

  /** The same JPEG file with identifiers of its components that begin at one. */
  private static byte[] components(byte[] jpeg, int first) {
    byte[] named = jpeg.clone();
    for (int at = 2; ; at += 2 + (((jpeg[at + 2] & 0xff) << 8) | (jpeg[at + 3] & 0xff))) {
      int marker = jpeg[at + 1] & 0xff;
      for (int i = 0; i < 3; i++) {
        int id = first == 'R' ? "RGB".charAt(i) : first + i;
        if (marker == 0xc0) {
          named[at + 10 + 3 * i] = (byte) id;
        } else if (marker == 0xda) {
          named[at + 5 + 2 * i] = (byte) id;
        }
      }
      if (marker == 0xda) {
        return named;
      }
    }
  }

  private static void assertPlanes(Pixels pixels, int[] expected) {
    int plane = pixels.height() * pixels.width();
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < plane; i++) {
        assertThat(pixels.values()[c * plane + i] & 0xff).isCloseTo(expected[c], within(1));
      }
    }
  }
}
