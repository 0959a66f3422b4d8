package org.distill4j.data.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Small idx files for tests. */
public final class IdxBytes {
  private IdxBytes() {}

  /** {@code count} images of 2 x 3 pixels; pixel p of image i is (10 i + p) mod 256. */
  public static byte[] images(int count) {
    ByteBuffer file = ByteBuffer.allocate(16 + 6 * count);
    file.putInt(0x803).putInt(count).putInt(2).putInt(3);
    for (int i = 0; i < count; i++) {
      for (int p = 0; p < 6; p++) {
        file.put((byte) (10 * i + p));
      }
    }
    return file.array();
  }

  /** {@code count} labels; that of example i is i mod {@code classes}. */
  public static byte[] labels(int count, int classes) {
    ByteBuffer file = ByteBuffer.allocate(8 + count).putInt(0x801).putInt(count);
    for (int i = 0; i < count; i++) {
      file.put((byte) (i % classes));
    }
    return file.array();
  }

  public static byte[] gzip(byte[] raw) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(raw);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  public static Path write(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
