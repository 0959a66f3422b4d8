package org.distill4j.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.util.ByteBufferBackedInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.safetensors.SafetensorsHeader.Entry;
import org.distill4j.storage.MappedFile;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Shape;

/** Reads a header token by token and believes nothing that does not fit the file. */
final class HeaderReader {
  private static final int MAX_RANK = 64;
  private static final int MAX_SHOWN = 120;
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final MappedFile file;
  private final JsonParser json;

  private HeaderReader(MappedFile file, JsonParser json) {
    this.file = file;
    this.json = json;
  }

  static SafetensorsHeader read(MappedFile file) {
    int length = SafetensorsHeader.LENGTH_BYTES;
    if (file.size() < length) {
      throw new InputFault(
          "%s: %s bytes (expected: a safetensors file, which has at least %s)"
              .formatted(file.path(), file.size(), length));
    }
    long claimed = file.slice(0, length).getLong();
    long room = Math.min(SafetensorsHeader.MAX_BYTES, file.size() - length);
    if (claimed < 2 || claimed > room) {
      throw new InputFault(
          "%s header: %s bytes (expected: 2 to %s; the file is cut off or no safetensors file)"
              .formatted(file.path(), Long.toUnsignedString(claimed), room));
    }
    try (JsonParser json = JSON.createParser(text(file.slice(length, (int) claimed)))) {
      return new HeaderReader(file, json).header(length + claimed);
    } catch (JsonProcessingException e) {
      throw new InputFault(
          "%s header: %s (expected: JSON; the file is damaged or no safetensors file)"
              .formatted(file.path(), shown(e.getOriginalMessage())),
          e);
    } catch (IOException e) {
      throw new InputFault( // a mapped file is read without input or output
          file.path()
              + " header: is no UTF-8 (expected: JSON; the file is damaged or no safetensors file)",
          e);
    }
  }

  /** In the format's encoding alone: JSON's own guess would take zeros in front for UTF-32. */
  private static Reader text(ByteBuffer bytes) {
    return new InputStreamReader(
        new ByteBufferBackedInputStream(bytes), StandardCharsets.UTF_8.newDecoder());
  }

  private SafetensorsHeader header(long dataStart) throws IOException {
    List<Entry> entries = new ArrayList<>();
    Map<String, String> metadata = new HashMap<>();
    expect(json.nextToken(), JsonToken.START_OBJECT, "the header", "an object");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      if (name.equals(SafetensorsHeader.METADATA)) {
        readMetadata(metadata);
      } else {
        entries.add(entry(name));
      }
    }
    if (json.nextToken() != null) {
      throw fault("behind the header's object", json.getText(), "only spaces");
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    checkContiguous(entries, file.size() - dataStart);
    return new SafetensorsHeader(entries, metadata, dataStart);
  }

  private void readMetadata(Map<String, String> metadata) throws IOException {
    expect(json.currentToken(), JsonToken.START_OBJECT, SafetensorsHeader.METADATA, "an object");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      expect(json.nextToken(), JsonToken.VALUE_STRING, "metadata '" + key + "'", "a text");
      metadata.put(key, json.getText());
    }
  }

  private Entry entry(String name) throws IOException {
    String what = "array '" + name + "'";
    expect(json.currentToken(), JsonToken.START_OBJECT, what, "an object");
    DType type = null;
    long[] shape = null;
    long[] offsets = null;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      json.nextToken();
      switch (key) {
        case "dtype" -> type = type(what);
        case "shape" -> shape = numbers(what + " shape");
        case "data_offsets" -> offsets = numbers(what + " data_offsets");
        default -> throw fault(what, "'" + key + "'", "dtype, shape and data_offsets");
      }
    }
    if (type == null || shape == null || offsets == null || offsets.length != 2) {
      throw fault(what, "incomplete", "dtype, shape and two data_offsets");
    }
    checkBytes(what, type, shape, offsets);
    return new Entry(name, type, Shape.of(shape), offsets[0], offsets[1]);
  }

  private DType type(String what) throws IOException {
    expect(json.currentToken(), JsonToken.VALUE_STRING, what + " dtype", "a text");
    String code = json.getText();
    return SafetensorsTypeCode.type(code)
        .orElseThrow(() -> fault(what + " dtype", code, "F32, F16, I64 or the like"));
  }

  private long[] numbers(String what) throws IOException {
    expect(json.currentToken(), JsonToken.START_ARRAY, what, "an array of numbers");
    long[] numbers = new long[MAX_RANK];
    int n = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT, what, "whole numbers");
      if (n == MAX_RANK
          || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
          || json.getLongValue() < 0) {
        throw fault(what, json.getText(), "at most " + MAX_RANK + " numbers, each 0 to 2^63 - 1");
      }
      numbers[n++] = json.getLongValue();
    }
    return Arrays.copyOf(numbers, n);
  }

  private void checkBytes(String what, DType type, long[] shape, long[] offsets) {
    long bytes;
    try {
      bytes = Math.multiplyExact(Shape.of(shape).elements(), (long) type.bytes());
    } catch (ArithmeticException e) {
      throw fault(what + " shape", Shape.of(shape), "less than 2^63 bytes");
    }
    if (offsets[0] > offsets[1] || offsets[1] - offsets[0] != bytes) {
      throw fault(
          what + " data_offsets",
          "[" + offsets[0] + ", " + offsets[1] + "]",
          bytes + " bytes for " + type + " " + Shape.of(shape));
    }
  }

  private void checkContiguous(List<Entry> entries, long dataBytes) {
    long at = 0;
    for (Entry entry : entries) {
      if (entry.begin() != at) {
        throw fault(
            "array '" + entry.name() + "' data_offsets",
            "[" + entry.begin() + ", " + entry.end() + "]",
            "a begin at " + at + ", where the array before it ends");
      }
      at = entry.end();
    }
    if (at != dataBytes) {
      throw new InputFault(
          "%s: %s bytes of data (expected: %s, as the header says; the file is cut off or damaged)"
              .formatted(file.path(), dataBytes, at));
    }
  }

  private void expect(JsonToken token, JsonToken wanted, String what, String expected)
      throws IOException {
    if (token != wanted) {
      throw fault(what, token == null ? "nothing" : json.getText(), expected);
    }
  }

  private InputFault fault(String what, Object value, String expected) {
    return new InputFault(
        "%s %s: %s (expected: %s)"
            .formatted(file.path(), shown(what), shown(value.toString()), expected));
  }

  /** A damaged file may say anything at any length: what is shown of it stays on one line. */
  private static String shown(String text) {
    String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ");
    return line.length() <= MAX_SHOWN ? line : line.substring(0, MAX_SHOWN) + "...";
  }
}
