package org.distill4j.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.function.DoubleConsumer;
import java.util.function.LongConsumer;

/**
 * Walks over the fields of one protobuf message. Nothing is copied: byte strings are views of the
 * mapped file. A message is read this way, instead of by the generated parsers, so that every count
 * and size is checked before anything is allocated.
 */
final class ProtobufFields {
  private final String what;
  private final ModelSource source;
  private final CodedInputStream in;
  private int tag;

  /**
   * @param what names the message in faults, such as {@code node 3}
   */
  ProtobufFields(ByteString message, String what, ModelSource source) {
    this.what = what;
    this.source = source;
    this.in = message.newCodedInput();
    in.enableAliasing(true);
  }

  /** Moves to the next field; the value of the one before must have been read or skipped. */
  boolean next() {
    try {
      tag = in.readTag();
      return tag != 0;
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  /** The number of the field. */
  int number() {
    return WireFormat.getTagFieldNumber(tag);
  }

  /** Whether the field holds a byte string: a message, a text, or packed numbers. */
  boolean isBytes() {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  /** The bytes of a message or of packed numbers. */
  ByteString bytes() {
    expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    try {
      return in.readBytes();
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  /** A text in UTF-8. */
  String text() {
    ByteString bytes = bytes();
    source.require(bytes.isValidUtf8(), what + ": field " + number() + " is no text in UTF-8");
    source.take(96 + 2L * bytes.size());
    return bytes.toStringUtf8();
  }

  /** An integer of any declared width. */
  long integer() {
    expect(WireFormat.WIRETYPE_VARINT);
    try {
      return in.readInt64();
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  /** A float32. */
  float real() {
    expect(WireFormat.WIRETYPE_FIXED32);
    try {
      return in.readFloat();
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  /** A float64. */
  double longReal() {
    expect(WireFormat.WIRETYPE_FIXED64);
    try {
      return in.readDouble();
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  /** Hands on each integer of a repeated field, spelled one by one or packed. */
  void integers(LongConsumer each) {
    if (isBytes()) {
      packed(in -> each.accept(in.readInt64()));
    } else {
      each.accept(integer());
    }
  }

  /** Hands on each float32 of a repeated field, spelled one by one or packed. */
  void reals(DoubleConsumer each) {
    if (isBytes()) {
      packed(in -> each.accept(in.readFloat()));
    } else {
      each.accept(real());
    }
  }

  /** Hands on each float64 of a repeated field, spelled one by one or packed. */
  void longReals(DoubleConsumer each) {
    if (isBytes()) {
      packed(in -> each.accept(in.readDouble()));
    } else {
      each.accept(longReal());
    }
  }

  private interface Reading {
    void one(CodedInputStream in) throws IOException;
  }

  private void packed(Reading reading) {
    CodedInputStream numbers = bytes().newCodedInput();
    try {
      while (!numbers.isAtEnd()) {
        reading.one(numbers);
      }
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  /** Skips the field's value. */
  void skip() {
    try {
      source.require(in.skipField(tag), what + ": ends a group that it does not begin");
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  private void expect(int wireType) {
    int actual = WireFormat.getTagWireType(tag);
    if (actual != wireType) {
      throw source.fault(
          what
              + ": field "
              + number()
              + " has wire type "
              + actual
              + " (expected: "
              + wireType
              + "); the file is damaged or no ONNX model");
    }
  }

  private RuntimeException damaged(IOException e) {
    return source.fault(
        what
            + ": cut off or damaged at its byte "
            + in.getTotalBytesRead()
            + " (expected: an ONNX model); copy or export it again",
        e);
  }
}
