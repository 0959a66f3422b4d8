package org.distill4j.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Shape;

/**
 * The header of a safetensors file: which arrays it holds and where each lies.
 *
 * <p>The layout follows from names, types, shapes and texts alone, so a file can be laid out before
 * its values exist: arrays of wide elements first, then by name, without holes; texts by key; the
 * data start at a multiple of 8. Every element is therefore aligned to its size.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class SafetensorsHeader {
  /** A header may have at most this many bytes, as in the format's own reader. */
  public static final int MAX_BYTES = 100_000_000;

  /** The header's length stands in front of it; itself a multiple of the alignment. */
  static final int LENGTH_BYTES = 8;

  static final String METADATA = "__metadata__";

  private static final int ALIGNMENT = 8;

  /**
   * One array.
   *
   * @param shape static
   * @param begin where its bytes begin, counted from {@link #dataStart}
   * @param end where they end
   */
  public record Entry(String name, DType type, Shape shape, long begin, long end) {}

  private final List<Entry> entries;
  private final Map<String, Entry> byName = new HashMap<>();
  private final Map<String, String> metadata;
  private final long dataStart;

  SafetensorsHeader(List<Entry> entries, Map<String, String> metadata, long dataStart) {
    this.entries = List.copyOf(entries);
    entries.forEach(e -> byName.put(e.name(), e));
    this.metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    this.dataStart = dataStart;
  }

  /**
   * Lays a file out.
   *
   * @param arrays with static shapes and different names
   * @param metadata texts by key
   */
  public static SafetensorsHeader of(List<Value> arrays, Map<String, String> metadata) {
    List<Value> sorted = new ArrayList<>(arrays);
    sorted.sort(Comparator.comparingInt((Value v) -> -v.type().bytes()).thenComparing(Value::name));
    List<Entry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>(Set.of(METADATA));
    long at = 0;
    for (Value v : sorted) {
      if (!names.add(v.name())) {
        throw new IllegalArgumentException(
            "array '" + v.name() + "': its name is taken (expected: a name of its own)");
      }
      long end = Math.addExact(at, Math.multiplyExact(v.shape().elements(), v.type().bytes()));
      entries.add(new Entry(v.name(), v.type(), v.shape(), at, end));
      at = end;
    }
    int json = json(entries, metadata).length;
    return new SafetensorsHeader(entries, metadata, LENGTH_BYTES + padded(json));
  }

  /** The arrays in the order of their bytes. */
  public List<Entry> entries() {
    return entries;
  }

  /** One array. */
  public Optional<Entry> entry(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** The texts, by key. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** Where the arrays' bytes begin in the file; a multiple of 8 in files written here. */
  public long dataStart() {
    return dataStart;
  }

  /** The length of the whole file in bytes. */
  public long fileSize() {
    return dataStart + (entries.isEmpty() ? 0 : entries.get(entries.size() - 1).end());
  }

  /** The file's first {@link #dataStart} bytes: length, JSON, spaces. */
  public byte[] toBytes() {
    byte[] json = json(entries, metadata);
    int padded = padded(json.length);
    ByteBuffer bytes =
        ByteBuffer.allocate(LENGTH_BYTES + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded);
    bytes.put(json);
    while (bytes.hasRemaining()) {
      bytes.put((byte) ' ');
    }
    return bytes.array();
  }

  private static int padded(int jsonBytes) {
    int padded = (jsonBytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (padded > MAX_BYTES) {
      throw new IllegalArgumentException(
          "header: " + padded + " bytes (expected: at most " + MAX_BYTES + ")");
    }
    return padded;
  }

  private static byte[] json(List<Entry> entries, Map<String, String> metadata) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(METADATA);
        for (Map.Entry<String, String> text : new TreeMap<>(metadata).entrySet()) {
          json.writeStringField(text.getKey(), text.getValue());
        }
        json.writeEndObject();
      }
      for (Entry entry : entries) {
        json.writeObjectFieldStart(entry.name());
        json.writeStringField("dtype", SafetensorsTypeCode.of(entry.type()));
        json.writeFieldName("shape");
        json.writeArray(entry.shape().sizes(), 0, entry.shape().rank());
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {entry.begin(), entry.end()}, 0, 2);
        json.writeEndObject();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new AssertionError("memory does not fail to be written", e);
    }
    return bytes.toByteArray();
  }
}
