package org.distill4j.images;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The formats of image files that are known by name, those among them that are read. */
public enum ImageFormat {
  PNG(true, "PNG", "png"),
  JPEG(true, "JPEG", "jpg", "jpeg"),
  BMP(true, "BMP", "bmp"),
  GIF(true, "GIF", "gif"),
  /** JPEG files by another name, which other libraries pass over too. */
  JFIF(false, "JFIF", "jfif", "jfi", "jif", "jpe"),
  WEBP(false, "WebP", "webp"),
  TIFF(false, "TIFF", "tif", "tiff"),
  HEIF(false, "HEIF", "heic", "heif", "avif"),
  JPEG_2000(false, "JPEG 2000", "jp2", "j2k", "jpx"),
  JPEG_XL(false, "JPEG XL", "jxl"),
  NETPBM(false, "Netpbm", "ppm", "pgm", "pbm", "pnm"),
  OTHER(false, "other image", "tga", "svg", "ico", "psd", "dng", "cr2", "nef", "arw", "exr");

  /** Those that are read, for messages. */
  public static final String READ = "PNG, JPEG, BMP or GIF";

  /** The lengths that the head of a BMP file may have. */
  private static final List<Integer> BMP_HEADS = List.of(12, 16, 40, 52, 56, 64, 108, 124);

  private final boolean read;
  private final String spelling;
  private final String endings; // with a blank on either side of each

  ImageFormat(boolean read, String spelling, String... endings) {
    this.read = read;
    this.spelling = spelling;
    this.endings = " " + String.join(" ", endings) + " ";
  }

  /** Whether its files are read. */
  public boolean isRead() {
    return read;
  }

  /** What people call it. */
  public String spelling() {
    return spelling;
  }

  /** The format that the ending of a file's name stands for. */
  public static Optional<ImageFormat> named(Path file) {
    String name = file.getFileName().toString();
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return name.length() == ending.length()
        ? Optional.empty()
        : Arrays.stream(values())
            .filter(format -> format.endings.contains(" " + ending + " "))
            .findFirst();
  }

  /** The format that bytes start as; none if they are no image, or one that has no known start. */
  public static Optional<ImageFormat> of(byte[] bytes) {
    try {
      return Optional.ofNullable(of(HeadBytes.of(bytes)));
    } catch (IOException e) {
      return Optional.empty(); // cut off in its first bytes
    }
  }

  static ImageFormat of(HeadBytes in) throws IOException {
    if (in.says(0, "\u0089PNG\r\n\u001a\n")) {
      return PNG;
    }
    if (in.says(0, "\u00ff\u00d8\u00ff")) {
      return JPEG;
    }
    if (in.says(0, "GIF87a") || in.says(0, "GIF89a")) {
      return GIF;
    }
    if (in.says(0, "BM") && in.length() > 26) {
      long pixels = in.i32Little(10) & 0xffffffffL;
      return BMP_HEADS.contains(in.i32Little(14)) && pixels < in.length() ? BMP : null;
    }
    return notRead(in);
  }

  private static ImageFormat notRead(HeadBytes in) throws IOException {
    if (in.says(0, "RIFF") && in.says(8, "WEBP")) {
      return WEBP;
    }
    if (in.says(0, "II*\0") || in.says(0, "MM\0*")) {
      return TIFF;
    }
    if (in.says(4, "ftyp") && (in.says(8, "hei") || in.says(8, "avi") || in.says(8, "mif1"))) {
      return HEIF;
    }
    if (in.says(0, "\0\0\0\fjP  ")) {
      return JPEG_2000;
    }
    return in.says(0, "\0\0\0\fJXL ") ? JPEG_XL : null;
  }
}
