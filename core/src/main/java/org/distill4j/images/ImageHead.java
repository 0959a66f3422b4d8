package org.distill4j.images;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What the head of an image file says of it.
 *
 * @param channels 1 for greys, 3 for colours
 */
public record ImageHead(int channels, int height, int width) {
  /**
   * Reads a file's head, and no more of it.
   *
   * @throws IOException if it is no image, cut off in its head, or of no size that is read
   */
  public static ImageHead read(Path file) throws IOException {
    try (HeadBytes in = HeadBytes.open(file)) {
      return read(in);
    }
  }

  /** The same for a file's bytes. */
  public static ImageHead of(byte[] file) throws IOException {
    return read(HeadBytes.of(file));
  }

  private static ImageHead read(HeadBytes in) throws IOException {
    ImageFormat format = ImageFormat.of(in);
    if (format == null || !format.isRead()) {
      throw ImageDecoder.notRead(format);
    }
    ImageHead head = of(format, in);
    ImageDecoder.requireBound(head.height, head.width);
    return head;
  }

  private static ImageHead of(ImageFormat format, HeadBytes in) throws IOException {
    return switch (format) {
      case PNG -> png(in);
      case JPEG -> {
        JpegHead head = JpegHead.read(in);
        yield new ImageHead(head.components() == 1 ? 1 : 3, head.height(), head.width());
      }
      case GIF -> {
        GifHead head = GifHead.read(in);
        yield new ImageHead(head.grey() ? 1 : 3, head.height(), head.width());
      }
      default -> bmp(in);
    };
  }

  private static ImageHead png(HeadBytes in) throws IOException {
    int colours = in.u8(25);
    boolean grey = colours == 3 ? greyPalette(in) : (colours & 2) == 0;
    return new ImageHead(grey ? 1 : 3, (int) in.u32(20), (int) in.u32(16));
  }

  private static boolean greyPalette(HeadBytes in) throws IOException {
    long at = 8;
    while (!in.says(at + 4, "PLTE")) {
      at += 12 + in.u32(at);
    }
    return grey(in, at + 8, (int) (in.u32(at) / 3), 3);
  }

  private static ImageHead bmp(HeadBytes in) throws IOException {
    int head = in.i32Little(14);
    boolean small = head == 12;
    int width = small ? in.u16Little(18) : in.i32Little(18);
    int height = small ? in.u16Little(20) : Math.abs(in.i32Little(22));
    int bits = in.u16Little(small ? 24 : 28);
    int colours = bits > 8 ? 0 : 1 << bits;
    if (!small && head >= 40 && bits <= 8 && in.i32Little(46) != 0) {
      colours = Math.min(colours, in.i32Little(46));
    }
    boolean grey = bits <= 8 && grey(in, 14L + head, colours, small ? 3 : 4);
    return new ImageHead(grey ? 1 : 3, height, width);
  }

  /** Whether a palette, whose colours take so many bytes each, has greys alone. */
  static boolean grey(HeadBytes in, long at, int colours, int bytes) throws IOException {
    for (int i = 0; i < colours; i++) {
      long colour = at + (long) bytes * i;
      int one = in.u8(colour);
      if (one != in.u8(colour + 1) || one != in.u8(colour + 2)) {
        return false;
      }
    }
    return true;
  }
}
