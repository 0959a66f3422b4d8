package org.distill4j.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Reads one array of a file.
 *
 * <p>Raw data and external data stay where they are: the tensor is a view of the mapped file.
 * Numbers in typed fields are counted first, compared with the shape, and only then is memory taken
 * for them.
 */
final class TensorParser {
  private final ModelSource source;
  private final ByteString message;
  private String what;
  private final List<Long> dims = new ArrayList<>();
  private final Map<String, String> external = new HashMap<>();
  private String name = "";
  private long elementType;
  private boolean isExternal;
  private Optional<ByteString> raw = Optional.empty();
  private int typedField;
  private long typedCount;

  private TensorParser(ByteString message, String what, ModelSource source) {
    this.message = message;
    this.what = what;
    this.source = source;
  }

  /** An array that is part of something named: an attribute, a test's input. */
  static HostTensor tensor(ByteString message, String what, ModelSource source) {
    return new TensorParser(message, what, source).survey().tensor();
  }

  /** One of the constants of a model: adds the array to them under its own name. */
  static void initializer(ByteString message, Map<String, HostTensor> into, ModelSource source) {
    TensorParser parser = new TensorParser(message, "initializer", source).survey();
    source.require(!parser.name.isEmpty(), "initializer: has no name (expected: a unique one)");
    parser.what = "initializer '" + parser.name + "'";
    source.require(
        into.put(parser.name, parser.tensor()) == null,
        parser.what + ": is there twice (expected: unique names)");
  }

  private TensorParser survey() {
    source.take(512);
    ProtobufFields fields = new ProtobufFields(message, what, source);
    while (fields.next()) {
      switch (fields.number()) {
        case TensorProto.NAME_FIELD_NUMBER -> name = fields.text();
        case TensorProto.DATA_TYPE_FIELD_NUMBER -> elementType = fields.integer();
        case TensorProto.DIMS_FIELD_NUMBER -> fields.integers(this::addDim);
        case TensorProto.RAW_DATA_FIELD_NUMBER -> raw = Optional.of(fields.bytes());
        case TensorProto.DATA_LOCATION_FIELD_NUMBER ->
            isExternal = fields.integer() == TensorProto.DataLocation.EXTERNAL_VALUE;
        case TensorProto.EXTERNAL_DATA_FIELD_NUMBER -> addExternal(fields.bytes());
        case TensorProto.SEGMENT_FIELD_NUMBER ->
            throw source.fault(what + ": is a segment of a tensor (expected: a whole one)");
        case TensorProto.FLOAT_DATA_FIELD_NUMBER -> count(fields, 4);
        case TensorProto.DOUBLE_DATA_FIELD_NUMBER -> count(fields, 8);
        case TensorProto.INT32_DATA_FIELD_NUMBER,
            TensorProto.INT64_DATA_FIELD_NUMBER,
            TensorProto.UINT64_DATA_FIELD_NUMBER ->
            count(fields, 0);
        default -> fields.skip();
      }
    }
    return this;
  }

  private void addDim(long size) {
    if (dims.size() <= ValueParser.MAX_RANK) { // one more than allowed is enough to refuse it
      dims.add(size);
    }
  }

  private void addExternal(ByteString entry) {
    String key = "";
    String text = "";
    ProtobufFields fields = new ProtobufFields(entry, what + " external data", source);
    while (fields.next()) {
      switch (fields.number()) {
        case StringStringEntryProto.KEY_FIELD_NUMBER -> key = fields.text();
        case StringStringEntryProto.VALUE_FIELD_NUMBER -> text = fields.text();
        default -> fields.skip();
      }
    }
    external.put(key, text);
  }

  /**
   * Counts the numbers of a typed field without decoding them.
   *
   * @param width bytes per number; 0 if it varies: the last byte of each has its upper bit clear
   */
  private void count(ProtobufFields fields, int width) {
    source.require(
        typedField == 0 || typedField == fields.number(),
        what + ": has data in two typed fields (expected: in one)");
    if (!fields.isBytes()) {
      fields.skip();
      typedCount++;
    } else {
      ByteString packed = fields.bytes();
      if (width > 0) {
        typedCount += packed.size() / width;
      } else {
        for (int i = 0; i < packed.size(); i++) {
          typedCount += packed.byteAt(i) >= 0 ? 1 : 0;
        }
      }
    }
    typedField = typedCount > 0 ? fields.number() : typedField;
  }

  private HostTensor tensor() {
    DType type =
        ElementType.of(elementType)
            .orElseThrow(() -> source.fault(what + ": " + ElementType.unsupported(elementType)));
    Shape shape = shape();
    long bytes = shape.elements() * type.bytes();
    if (isExternal) {
      checkSize(type, shape, bytes, bytes);
      return HostTensor.of(type, shape, ExternalData.of(external, what, source).bytes(bytes));
    }
    if (raw.isPresent()) {
      source.require(typedCount == 0, what + ": has raw and typed data (expected: one of the two)");
      checkSize(type, shape, bytes, raw.get().size());
      ByteBuffer data = raw.get().asReadOnlyByteBuffer();
      if (type == DType.BOOL) {
        checkBooleans(data.duplicate());
      }
      return HostTensor.of(type, shape, data);
    }
    source.require(
        typedCount == 0 || typedField == fieldOf(type),
        what + ": has data in a field that is not for " + type + " (expected: in its own)");
    checkSize(type, shape, bytes, typedCount * type.bytes());
    source.take(bytes);
    return HostTensor.of(type, shape, decode(type, (int) bytes));
  }

  /** The shape, whose extents make less than 2^59 elements even where one of them is 0. */
  private Shape shape() {
    source.require(
        dims.size() <= ValueParser.MAX_RANK, what + ": has too many axes (expected: at most 64)");
    long elements = 1;
    for (long size : dims) {
      source.require(size >= 0, what + ": has an extent of " + size + " (expected: >= 0)");
      source.require(
          elements <= (Long.MAX_VALUE >> 4) / Math.max(1, size),
          what + ": shape " + dims + " has too many elements (expected: below 2^59)");
      elements *= Math.max(1, size);
    }
    return Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
  }

  private void checkSize(DType type, Shape shape, long needed, long given) {
    source.require(
        needed == given,
        what
            + ": has "
            + given
            + " bytes (expected: "
            + needed
            + " for "
            + shape
            + " of "
            + type
            + "); the file is cut off or damaged");
    source.require(
        needed <= Integer.MAX_VALUE,
        what + ": has " + needed + " bytes (expected: less than 2 GB in one array)");
  }

  private void checkBooleans(ByteBuffer data) {
    while (data.hasRemaining()) {
      byte b = data.get();
      source.require(b == 0 || b == 1, what + ": holds " + b + " as a boolean (expected: 0 or 1)");
    }
  }

  private static int fieldOf(DType type) {
    return switch (type) {
      case FLOAT32 -> TensorProto.FLOAT_DATA_FIELD_NUMBER;
      case FLOAT64 -> TensorProto.DOUBLE_DATA_FIELD_NUMBER;
      case INT64 -> TensorProto.INT64_DATA_FIELD_NUMBER;
      case UINT32, UINT64 -> TensorProto.UINT64_DATA_FIELD_NUMBER;
      case FLOAT16, BFLOAT16, INT8, UINT8, INT16, UINT16, INT32, BOOL ->
          TensorProto.INT32_DATA_FIELD_NUMBER;
    };
  }

  private ByteBuffer decode(DType type, int bytes) {
    ByteBuffer data = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    ProtobufFields fields = new ProtobufFields(message, what, source);
    while (fields.next()) {
      if (typedCount == 0 || fields.number() != typedField) {
        fields.skip();
      } else if (type == DType.FLOAT32) {
        fields.reals(x -> data.putFloat((float) x));
      } else if (type == DType.FLOAT64) {
        fields.longReals(data::putDouble);
      } else {
        fields.integers(x -> put(type, data, x));
      }
    }
    return data.flip();
  }

  private void put(DType type, ByteBuffer data, long value) {
    int bits = 8 * type.bytes();
    long most = type == DType.BOOL ? 1 : bits == 64 ? Long.MAX_VALUE : (1L << bits) - 1;
    long least = bits == 64 ? Long.MIN_VALUE : -(1L << (bits - 1));
    source.require(
        value >= least && value <= most,
        what + ": holds " + value + " (expected: what " + type + " can hold)");
    switch (type.bytes()) {
      case 1 -> data.put((byte) value);
      case 2 -> data.putShort((short) value);
      case 4 -> data.putInt((int) value);
      default -> data.putLong(value);
    }
  }
}
