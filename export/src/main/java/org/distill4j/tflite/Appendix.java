package org.distill4j.tflite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The zip archive behind a file's flatbuffer that TFLite's metadata keep their files in: one entry,
 * stored, without a time. Its offsets count from the start of the whole file.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">The zip format</a>
 */
final class Appendix {
  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int FIRST_OF_JANUARY_1980 = 0x21;
  private static final short VERSION = 20;

  private Appendix() {}

  /** The model with {@code labels.txt} behind it, or as it is if there are no labels. */
  static byte[] append(byte[] model, Optional<String> labels) {
    if (labels.isEmpty()) {
      return model;
    }
    byte[] name = ModelMetadata.LABELS.getBytes(StandardCharsets.UTF_8);
    byte[] content = labels.get().getBytes(StandardCharsets.UTF_8);
    int local = 30 + name.length + content.length;
    int central = 46 + name.length;
    ByteBuffer out =
        ByteBuffer.allocate(model.length + local + central + 22).order(ByteOrder.LITTLE_ENDIAN);
    out.put(model);
    out.putInt(LOCAL);
    common(out, name, content);
    out.put(name).put(content);
    out.putInt(CENTRAL).putShort(VERSION);
    common(out, name, content);
    out.putShort((short) 0).putShort((short) 0).putShort((short) 0); // comment, disk, attributes
    out.putInt(0).putInt(model.length).put(name);
    out.putInt(END).putShort((short) 0).putShort((short) 0);
    out.putShort((short) 1).putShort((short) 1);
    out.putInt(central).putInt(model.length + local).putShort((short) 0);
    return out.array();
  }

  private static void common(ByteBuffer out, byte[] name, byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    out.putShort(VERSION).putShort((short) 0).putShort((short) 0); // needed, flags, stored
    out.putShort((short) 0).putShort((short) FIRST_OF_JANUARY_1980);
    out.putInt((int) crc.getValue()).putInt(content.length).putInt(content.length);
    out.putShort((short) name.length).putShort((short) 0);
  }
}
