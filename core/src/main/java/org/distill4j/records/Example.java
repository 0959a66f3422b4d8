package org.distill4j.records;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;

/**
 * A record of a TFRecord file as an example: a {@code tf.train.Example}, features by their names.
 *
 * <pre>{@code
 * Example { Features features = 1 }      Features { map<string, Feature> feature = 1 }
 * Feature { BytesList = 1 | FloatList = 2 | Int64List = 3 }, each { repeated value = 1 }
 * }</pre>
 *
 * @param features in the order they are written
 */
public record Example(Map<String, Feature> features) {
  private static final int FIRST = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  private static final int SECOND = 2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  private static final int THIRD = 3 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  /** The values of one name. */
  public sealed interface Feature {
    /** How many there are. */
    int count();
  }

  /** Pieces of bytes: packed images, texts, raw values. */
  public record Bytes(List<byte[]> values) implements Feature {
    /** Takes a copy of the list. */
    public Bytes {
      values = List.copyOf(values);
    }

    @Override
    public int count() {
      return values.size();
    }
  }

  /** Numbers; whole ones as the nearest float. */
  public static final class Numbers implements Feature {
    private final float[] values;
    private final long[] wholes;
    private final boolean areWhole;

    Numbers(float[] values, long[] wholes, boolean areWhole) {
      this.values = values;
      this.wholes = wholes;
      this.areWhole = areWhole;
    }

    /** Whether they were written as whole numbers, which floats may not hold. */
    public boolean areWhole() {
      return areWhole;
    }

    /** A number before it became a float, in 64 bits. */
    public double wide(int index) {
      return wholes.length == 0 ? values[index] : wholes[index];
    }

    /** The numbers themselves, not to be written to. */
    public float[] values() {
      return values;
    }

    @Override
    public int count() {
      return values.length;
    }
  }

  /**
   * Reads a record.
   *
   * @param name what messages call it
   * @throws InputFault if it is no example
   */
  public static Example read(ByteBuffer record, String name) {
    Map<String, Feature> features = new LinkedHashMap<>();
    try {
      CodedInputStream example = CodedInputStream.newInstance(record);
      for (int tag = example.readTag(); tag != 0; tag = example.readTag()) {
        if (tag == FIRST) {
          within(example, in -> readFeatures(in, features));
        } else {
          example.skipField(tag);
        }
      }
    } catch (IOException e) {
      throw new InputFault(
          name + ": no tf.train.Example (expected: features by name): " + e.getMessage(), e);
    }
    return new Example(features);
  }

  /** Reads a message inside another. */
  private interface Inner {
    void read(CodedInputStream in) throws IOException;
  }

  private static void within(CodedInputStream in, Inner inner) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    inner.read(in);
    in.checkLastTagWas(0);
    in.popLimit(outer);
  }

  private static void readFeatures(CodedInputStream in, Map<String, Feature> features)
      throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == FIRST) {
        within(in, entry -> readEntry(entry, features));
      } else {
        in.skipField(tag);
      }
    }
  }

  private static void readEntry(CodedInputStream in, Map<String, Feature> features)
      throws IOException {
    String[] name = {""};
    Feature[] feature = new Feature[1];
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == FIRST) {
        name[0] = in.readString();
      } else if (tag == SECOND) {
        within(in, value -> feature[0] = readFeature(value));
      } else {
        in.skipField(tag);
      }
    }
    if (feature[0] != null) {
      features.put(name[0], feature[0]);
    }
  }

  /** The one list that a feature has; null if it has none. */
  private static Feature readFeature(CodedInputStream in) throws IOException {
    Feature[] feature = new Feature[1];
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case FIRST -> within(in, list -> feature[0] = readBytes(list));
        case SECOND -> within(in, list -> feature[0] = readNumbers(list, true));
        case THIRD -> within(in, list -> feature[0] = readNumbers(list, false));
        default -> in.skipField(tag);
      }
    }
    return feature[0];
  }

  private static Bytes readBytes(CodedInputStream in) throws IOException {
    List<byte[]> values = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == FIRST) {
        values.add(in.readByteArray());
      } else {
        in.skipField(tag);
      }
    }
    return new Bytes(values);
  }

  /** Packed or one by one. */
  private static Numbers readNumbers(CodedInputStream in, boolean floats) throws IOException {
    float[] values = new float[8];
    long[] wholes = new long[0]; // as long as the values from the first that no float holds
    int count = 0;
    int one = WireFormat.WIRETYPE_VARINT | 1 << 3;
    int oneFloat = WireFormat.WIRETYPE_FIXED32 | 1 << 3;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == FIRST && floats) {
        byte[] bytes = in.readByteArray();
        if (bytes.length % Float.BYTES != 0) {
          throw new IOException("%s bytes of floats, 4 each".formatted(bytes.length));
        }
        FloatBuffer packed = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        values = Arrays.copyOf(values, count + packed.remaining());
        packed.get(values, count, packed.remaining());
        count = values.length;
        continue;
      }
      if (tag != FIRST && tag != (floats ? oneFloat : one)) {
        in.skipField(tag);
        continue;
      }
      int outer = tag == FIRST ? in.pushLimit(in.readRawVarint32()) : -1;
      do {
        if (tag == FIRST && in.getBytesUntilLimit() == 0) {
          break;
        }
        if (count == values.length) {
          values = Arrays.copyOf(values, Math.max(8, 2 * count));
        }
        if (floats) {
          values[count++] = in.readFloat();
          continue;
        }
        long whole = in.readInt64();
        values[count] = whole;
        if (wholes.length > 0 || (long) values[count] != whole) {
          wholes = wholes(wholes, values, count);
          wholes[count] = whole;
        }
        count++;
      } while (tag == FIRST);
      if (tag == FIRST) {
        in.popLimit(outer);
      }
    }
    return new Numbers(Arrays.copyOf(values, count), wholes, !floats);
  }

  private static long[] wholes(long[] before, float[] values, int count) {
    if (count < before.length) {
      return before;
    }
    long[] more = Arrays.copyOf(before, values.length);
    for (int i = before.length; i < count; i++) {
      more[i] = (long) values[i];
    }
    return more;
  }
}
