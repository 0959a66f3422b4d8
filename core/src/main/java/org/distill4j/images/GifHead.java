package org.distill4j.images;

import java.io.IOException;

/**
 * Where the first frame of a GIF file stands on its screen.
 *
 * @param height of the screen, which is as large as the frame needs
 * @param width of the screen
 * @param top the frame's first row
 * @param left the frame's first column
 * @param around the number of the colour around it: that which is transparent, else the first
 * @param grey whether its palette has greys alone
 */
record GifHead(int height, int width, int top, int left, int around, boolean grey) {
  static GifHead read(HeadBytes in) throws IOException {
    int flags = in.u8(10);
    long global = 13;
    long at = global + ((flags & 0x80) == 0 ? 0 : 3L * size(flags));
    int around = 0;
    for (int block = in.u8(at); block != 0x2c; block = in.u8(at)) {
      if (block != 0x21) {
        throw new IOException("damaged: no frame");
      }
      boolean control = in.u8(at + 1) == 0xf9;
      if (control && (in.u8(at + 3) & 1) == 1) {
        around = in.u8(at + 6);
      }
      at += 2;
      while (in.u8(at) != 0) {
        at += in.u8(at) + 1L;
      }
      at++;
    }
    int left = in.u16Little(at + 1);
    int top = in.u16Little(at + 3);
    int width = in.u16Little(at + 5);
    int height = in.u16Little(at + 7);
    int own = in.u8(at + 9);
    boolean local = (own & 0x80) != 0;
    return new GifHead(
        Math.max(in.u16Little(8), top + height),
        Math.max(in.u16Little(6), left + width),
        top,
        left,
        around,
        ImageHead.grey(in, local ? at + 10 : global, local ? size(own) : size(flags), 3));
  }

  private static int size(int flags) {
    return 2 << (flags & 7);
  }
}
