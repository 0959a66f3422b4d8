package org.distill4j.records;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Records and examples as other programs write them, spelled out byte by byte. */
public final class Written {
  private Written() {}

  /** One record with its checksums, by a CRC computed bit by bit. */
  public static byte[] record(byte[] bytes) {
    ByteBuffer all = ByteBuffer.allocate(bytes.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    all.putLong(bytes.length);
    all.putInt(masked(Arrays.copyOf(all.array(), 8)));
    return all.put(bytes).putInt(masked(bytes)).array();
  }

  /** All records behind each other. */
  public static byte[] file(List<byte[]> records) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    records.forEach(record -> all.writeBytes(record(record)));
    return all.toByteArray();
  }

  static int masked(byte[] bytes) {
    int crc = -1;
    for (byte b : bytes) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 1 ? crc >>> 1 ^ 0x82f63b78 : crc >>> 1;
      }
    }
    crc = ~crc;
    return (crc >>> 15 | crc << 17) + 0xa282ead8;
  }

  /** An example of features made by the methods below: name, feature, name, feature, ... */
  public static byte[] example(Object... namesAndFeatures) {
    ByteArrayOutputStream features = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndFeatures.length; i += 2) {
      byte[] name = ((String) namesAndFeatures[i]).getBytes(StandardCharsets.UTF_8);
      byte[] feature = (byte[]) namesAndFeatures[i + 1];
      features.writeBytes(field(1, join(field(1, name), field(2, feature))));
    }
    return field(1, features.toByteArray());
  }

  /** A list of pieces of bytes. */
  public static byte[] bytes(byte[]... pieces) {
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      list.writeBytes(field(1, piece));
    }
    return field(1, list.toByteArray());
  }

  /** A packed list of floats. */
  public static byte[] floats(float... values) {
    ByteBuffer packed = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      packed.putFloat(value);
    }
    return field(2, field(1, packed.array()));
  }

  /** A list of whole numbers, one by one or packed. */
  public static byte[] ints(boolean isPacked, long... values) {
    return field(
        3,
        written(
            out -> {
              if (isPacked) {
                byte[] packed =
                    written(
                        inner -> {
                          for (long value : values) {
                            inner.writeInt64NoTag(value);
                          }
                        });
                out.writeByteArray(1, packed);
              } else {
                for (long value : values) {
                  out.writeInt64(1, value);
                }
              }
            }));
  }

  private interface Writing {
    void to(CodedOutputStream out) throws IOException;
  }

  private static byte[] written(Writing writing) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      writing.to(out);
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] field(int number, byte[] content) {
    return written(out -> out.writeByteArray(number, content));
  }

  private static byte[] join(byte[] a, byte[] b) {
    return ByteBuffer.allocate(a.length + b.length).put(a).put(b).array();
  }
}
