package org.distill4j.images;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * What stands before the first scan of a JPEG file: the frame, and the markers that tell what its
 * components are. Read as libjpeg reads it, which Pillow, torchvision and TensorFlow use.
 *
 * @param jfif whether it has a JFIF marker
 * @param adobe the colour transform that its Adobe marker names; -1 without one
 * @param first the identifier of the first component
 * @param scan where the first scan begins
 */
record JpegHead(
    int components, int height, int width, boolean jfif, int adobe, int first, long scan) {
  /** What the components of a file are. */
  enum Colours {
    GREY,
    RGB,
    /** Luminance and two differences of colour. */
    YCC,
    CMYK,
    /** As YCC, but of the complements of cyan, magenta and yellow, and with black beside it. */
    YCCK
  }

  private static final int START = 0xd8;
  private static final int SCAN = 0xda;
  private static final int APP0 = 0xe0;
  private static final int APP14 = 0xee;
  private static final int APP15 = 0xef;
  private static final int COMMENT = 0xfe;
  private static final byte[] JFIF = {
    (byte) 0xff, (byte) APP0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
  };
  private static final byte[] ADOBE_WITHOUT_TRANSFORM = {
    (byte) 0xff, (byte) APP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
  };

  /** Hears of each segment before the first scan. */
  private interface Segment {
    /** Gets the marker, and where its segment's content begins and ends. */
    void at(int marker, long from, long to) throws IOException;
  }

  static JpegHead read(HeadBytes in) throws IOException {
    int[] frame = new int[4]; // components, height, width, the first one's identifier
    int[] adobe = {-1};
    boolean[] jfif = new boolean[1];
    long scan =
        walk(
            in,
            (marker, from, to) -> {
              if (isFrame(marker)) {
                frame[0] = in.u8(from + 5);
                frame[1] = in.u16(from + 1);
                frame[2] = in.u16(from + 3);
                frame[3] = in.u8(from + 6);
              } else if (marker == APP0 && to - from >= 14 && in.says(from, "JFIF\0")) {
                jfif[0] = true;
              } else if (marker == APP14 && to - from >= 12 && in.says(from, "Adobe")) {
                adobe[0] = in.u8(from + 11);
              }
            });
    if (frame[0] == 0 || frame[1] == 0 || frame[2] == 0) {
      throw new IOException("damaged: no frame before the first scan");
    }
    return new JpegHead(frame[0], frame[1], frame[2], jfif[0], adobe[0], frame[3], scan);
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  /** Walks over the segments before the first scan, and returns where that begins. */
  private static long walk(HeadBytes in, Segment segments) throws IOException {
    for (long at = 2; ; ) {
      while (in.u8(at) != 0xff || in.u8(at + 1) == 0xff || in.u8(at + 1) == 0) {
        at++; // bytes between segments
      }
      int marker = in.u8(at + 1);
      if (marker == SCAN) {
        return at;
      }
      if (marker == 0xd9) {
        throw new IOException("damaged: it ends before the first scan");
      }
      if (marker == 0x01 || (marker >= 0xd0 && marker <= START)) {
        at += 2; // a marker without content
        continue;
      }
      long next = at + 2 + Math.max(2, in.u16(at + 2));
      segments.at(marker, at + 4, next);
      at = next;
    }
  }

  /** libjpeg's rules (jdapimin.c, default_decompress_parms). */
  Colours colours() throws IOException {
    return switch (components) {
      case 1 -> Colours.GREY;
      case 3 -> jfif || adobe > 0 || (adobe < 0 && first != 'R') ? Colours.YCC : Colours.RGB;
      case 4 -> adobe > 0 ? Colours.YCCK : Colours.CMYK;
      default ->
          throw new IOException(components + " components (expected: 1, 3 or 4 in a JPEG file)");
    };
  }

  /**
   * The same file with no markers of applications but one, so that it is read as {@link #colours}
   * says, without colour profiles; four components are left as they are stored.
   */
  byte[] plain(byte[] file) throws IOException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream(file.length + JFIF.length);
    plain.write(0xff);
    plain.write(START);
    Colours colours = colours();
    plain.writeBytes(
        colours == Colours.GREY || colours == Colours.YCC ? JFIF : ADOBE_WITHOUT_TRANSFORM);
    walk(
        HeadBytes.of(file),
        (marker, from, to) -> {
          if ((marker < APP0 || marker > APP15) && marker != COMMENT) {
            plain.write(file, (int) from - 4, (int) (Math.min(to, file.length) - from + 4));
          }
        });
    plain.write(file, (int) scan, (int) (file.length - scan));
    return plain.toByteArray();
  }
}
