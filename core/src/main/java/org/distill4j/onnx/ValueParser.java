package org.distill4j.onnx;

import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/** Reads what a file declares about a value: its name, element type and shape. */
final class ValueParser {
  /** More axes than any runtime takes. */
  static final int MAX_RANK = 64;

  /** What some exporters write for an extent that is unknown. */
  private static final long UNKNOWN = -1;

  private final ModelSource source;
  private final String what;
  private String name = "";
  private long elementType;
  private boolean isTensor;
  private Shape shape = Shape.UNRANKED;

  private ValueParser(ModelSource source, String what) {
    this.source = source;
    this.what = what;
  }

  /**
   * An input or output of the model, which must be a tensor of a type this project has.
   *
   * @param what {@code input} or {@code output}
   */
  static Value required(ByteString message, String what, ModelSource source) {
    ValueParser parser = new ValueParser(source, what);
    parser.value(message);
    source.require(
        parser.isTensor, parser.label() + ": is no dense tensor (expected: a tensor of numbers)");
    DType type =
        ElementType.of(parser.elementType)
            .orElseThrow(
                () ->
                    source.fault(
                        parser.label() + ": " + ElementType.unsupported(parser.elementType)));
    return new Value(parser.name, type, parser.shape);
  }

  /** A value inside the model; empty for what is no tensor of a type this project has. */
  static Optional<Value> optional(ByteString message, ModelSource source) {
    ValueParser parser = new ValueParser(source, "value");
    parser.value(message);
    return ElementType.of(parser.elementType)
        .filter(type -> parser.isTensor)
        .map(type -> new Value(parser.name, type, parser.shape));
  }

  private void value(ByteString message) {
    source.take(96);
    ByteString type = ByteString.EMPTY;
    ProtobufFields fields = new ProtobufFields(message, what, source);
    while (fields.next()) {
      switch (fields.number()) {
        case ValueInfoProto.NAME_FIELD_NUMBER -> name = fields.text();
        case ValueInfoProto.TYPE_FIELD_NUMBER -> type = fields.bytes();
        default -> fields.skip();
      }
    }
    source.require(!name.isEmpty(), what + ": has no name (expected: a unique one)");
    type(type);
  }

  private String label() {
    return what + " '" + name + "'";
  }

  private void type(ByteString message) {
    ProtobufFields fields = new ProtobufFields(message, label(), source);
    while (fields.next()) {
      if (fields.number() == TypeProto.TENSOR_TYPE_FIELD_NUMBER) {
        isTensor = true;
        tensor(fields.bytes());
      } else {
        fields.skip();
      }
    }
  }

  private void tensor(ByteString message) {
    ProtobufFields fields = new ProtobufFields(message, label(), source);
    while (fields.next()) {
      switch (fields.number()) {
        case TypeProto.Tensor.ELEM_TYPE_FIELD_NUMBER -> elementType = fields.integer();
        case TypeProto.Tensor.SHAPE_FIELD_NUMBER -> shape = shape(fields.bytes());
        default -> fields.skip();
      }
    }
  }

  private Shape shape(ByteString message) {
    List<Dim> dims = new ArrayList<>();
    ProtobufFields fields = new ProtobufFields(message, label(), source);
    while (fields.next()) {
      if (fields.number() == TensorShapeProto.DIM_FIELD_NUMBER) {
        source.require(
            dims.size() < MAX_RANK,
            label() + ": has more than " + MAX_RANK + " axes (expected: at most " + MAX_RANK + ")");
        dims.add(dim(fields.bytes()));
      } else {
        fields.skip();
      }
    }
    checkExtents(dims);
    return Shape.of(dims);
  }

  private Dim dim(ByteString message) {
    Dim dim = Dim.UNKNOWN;
    ProtobufFields fields = new ProtobufFields(message, label(), source);
    while (fields.next()) {
      switch (fields.number()) {
        case TensorShapeProto.Dimension.DIM_VALUE_FIELD_NUMBER -> {
          long size = fields.integer();
          source.require(
              size >= UNKNOWN,
              label()
                  + ": has an extent of "
                  + size
                  + " (expected: >= 0, or a symbol where it is unknown)");
          dim = size == UNKNOWN ? Dim.UNKNOWN : Dim.of(size);
        }
        case TensorShapeProto.Dimension.DIM_PARAM_FIELD_NUMBER -> {
          String symbol = fields.text();
          dim = symbol.isEmpty() ? Dim.UNKNOWN : Dim.of(symbol);
        }
        default -> fields.skip();
      }
    }
    return dim;
  }

  /** The known extents alone must not make more elements than an integer counts. */
  private void checkExtents(List<Dim> dims) {
    long elements = 1;
    for (Dim dim : dims) {
      long size = Math.max(1, dim.isKnown() ? dim.size() : 1);
      source.require(
          elements <= Long.MAX_VALUE / 8 / size,
          label() + ": shape " + Shape.of(dims) + " has too many elements (expected: below 2^60)");
      elements *= size;
    }
  }
}
