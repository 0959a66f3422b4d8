package org.distill4j.data.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.distill4j.data.image.ImageSettings;
import org.distill4j.data.record.RecordReader.Form;
import org.distill4j.data.store.Rows;
import org.distill4j.fault.InputFault;
import org.distill4j.images.ImageFormat;
import org.distill4j.images.ImageHead;
import org.distill4j.images.Pixels;
import org.distill4j.images.ResizeMode;
import org.distill4j.records.Example;
import org.distill4j.records.RawFeature;
import org.distill4j.records.RawFeature.NumberType;
import org.distill4j.settings.DigestText;
import org.distill4j.table.Column;
import org.distill4j.tensor.Shape;

/**
 * The feature of a record that a model sees, and what its values are.
 *
 * @param feature its name
 * @param type how numbers are stored where it is bytes and no image
 * @param fit how an image is brought to the form's size
 * @param scaled how each number is scaled before it is shortened; none: they are as they are
 */
record RecordInput(
    String feature, Form form, NumberType type, ResizeMode fit, List<Column> scaled) {
  /** So many records are looked at for one that is an image. */
  private static final int LOOKED_AT = 16;

  RecordInput {
    scaled = List.copyOf(scaled);
  }

  /** What is decided by records: the form, or that they are images of any form. */
  static Optional<RecordInput> of(
      InterleavedRecords records, String feature, List<Long> extents, Optional<RawFeature> raw) {
    String record = records.name(0);
    Example.Feature first = feature(records.example(0), feature, record);
    if (first instanceof Example.Numbers numbers) {
      if (raw.isPresent()) {
        throw new InputFault(
            String.format(
                Locale.ROOT,
                "%s: feature '%s' is %,d numbers, not bytes (expected: no records.feature beside it)",
                record,
                feature,
                numbers.count()));
      }
      Shape shape = extents.isEmpty() ? Shape.of(numbers.count()) : shape(extents);
      return Optional.of(numbers(feature, shape, NumberType.FLOAT32));
    }
    byte[] bytes = only(first, feature, record);
    if (raw.isPresent()) {
      List<Long> said = raw.get().shape().isEmpty() ? extents : raw.get().shape();
      if (!extents.isEmpty() && !extents.equals(said)) {
        throw new InputFault(
            "shape: %s beside records.feature.shape %s (expected: one of them, or the same)"
                .formatted(extents, said));
      }
      NumberType type = raw.get().type();
      return Optional.of(
          numbers(
              feature,
              said.isEmpty() ? Shape.of(Math.max(1, bytes.length / type.bytes())) : shape(said),
              type));
    }
    if (isImage(records, feature)) {
      if (!extents.isEmpty()) {
        throw new InputFault(
            "shape: %s, but feature '%s' is images (expected: absent; images: {size: [height, width], channels: 3} sets it)"
                .formatted(extents, feature));
      }
      return Optional.empty();
    }
    if (extents.isEmpty()) {
      throw unknown(record, feature, bytes);
    }
    boolean floats = bytes.length == Float.BYTES * shape(extents).elements();
    if (floats) {
      requireFloats(records, feature, extents);
    }
    return Optional.of(
        numbers(feature, shape(extents), floats ? NumberType.FLOAT32 : NumberType.UINT8));
  }

  /** Refuses four bytes a number that make sense as whole numbers alone. */
  private static void requireFloats(
      InterleavedRecords records, String feature, List<Long> extents) {
    for (int i = 0; i < Math.min(LOOKED_AT, records.count()); i++) {
      String record = records.name(i);
      byte[] bytes = only(feature(records.example(i), feature, record), feature, record);
      ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      while (from.remaining() >= Float.BYTES) {
        float number = from.getFloat();
        if (number != 0 && !(Math.abs(number) >= Float.MIN_NORMAL)) {
          throw new InputFault(
              String.format(
                  Locale.ROOT,
                  "%s: feature '%s' is %,d bytes, which are %s as floats (expected: their type: records: {feature: {type: int32, shape: %s}}, or float32)",
                  record,
                  feature,
                  bytes.length,
                  number,
                  extents));
        }
      }
    }
  }

  private static Shape shape(List<Long> extents) {
    return Shape.of(extents.stream().mapToLong(d -> d).toArray());
  }

  private static RecordInput numbers(String feature, Shape shape, NumberType type) {
    Form form = new Form(shape, type == NumberType.UINT8, false);
    return new RecordInput(feature, form, type, ResizeMode.STRETCH, List.of());
  }

  /** Images that are brought to one form. */
  static RecordInput images(String feature, ImageSettings images) {
    List<Integer> size = images.size().get();
    Shape shape = Shape.of(images.channels().get(), size.get(0), size.get(1));
    return new RecordInput(
        feature, new Form(shape, true, true), NumberType.UINT8, images.fit(), List.of());
  }

  /** The same, scaled so. */
  RecordInput scaled(List<Column> columns) {
    return new RecordInput(feature, form, type, fit, columns);
  }

  /** Whether some of its numbers may be none that floats hold. */
  boolean isWide(InterleavedRecords records) {
    Example.Feature first = feature(records.example(0), feature, records.name(0));
    if (!form.image() && first instanceof Example.Numbers numbers) {
      return numbers.areWhole();
    }
    return type.isWide();
  }

  /** What its numbers are called as columns: {@code x}, or {@code x 1} to {@code x 4}. */
  List<String> columnNames() {
    int count = Math.toIntExact(form.shape().elements());
    return count == 1
        ? List.of(feature)
        : IntStream.rangeClosed(1, count).mapToObj(n -> feature + " " + n).toList();
  }

  static boolean isImage(InterleavedRecords records, String feature) {
    for (int i = 0; i < Math.min(LOOKED_AT, records.count()); i++) {
      Example.Feature values = feature(records.example(i), feature, records.name(i));
      if (!(values instanceof Example.Numbers)
          && ImageFormat.of(only(values, feature, records.name(i)))
              .filter(ImageFormat::isRead)
              .isPresent()) {
        return true;
      }
    }
    return false;
  }

  private static InputFault unknown(String record, String feature, byte[] bytes) {
    int n = bytes.length;
    String what =
        ImageFormat.of(bytes)
            .map(format -> format.spelling() + ", which is not read")
            .orElse(String.format(Locale.ROOT, "%,d bytes that are no image", n));
    String floats = n % 4 == 0 ? "{type: float32, shape: [%s]} or ".formatted(n / 4) : "";
    return new InputFault(
        "%s: feature '%s' is %s (expected: %s, or their type and shape: records: {feature: %s{type: uint8, shape: [%s]}})"
            .formatted(record, feature, what, ImageFormat.READ, floats, n));
  }

  /** The head of a record's image. */
  static ImageHead head(InterleavedRecords records, int index, String feature) throws IOException {
    String record = records.name(index);
    return ImageHead.of(only(feature(records.example(index), feature, record), feature, record));
  }

  /** All that the input's values are a function of beside the files. */
  String describe() {
    String plain = feature + " " + DigestText.of(form) + " " + type + " " + fit;
    return scaled.isEmpty() ? plain : plain + " " + DigestText.of(scaled);
  }

  /** A feature of an example; a fault in one line if it is not there. */
  static Example.Feature feature(Example example, String feature, String record) {
    Example.Feature found = example.features().get(feature);
    if (found == null) {
      throw new InputFault(
          "%s: no feature '%s' (expected: it, among %s)"
              .formatted(record, feature, example.features().keySet()));
    }
    if (found.count() == 0) {
      throw new InputFault(
          "%s: feature '%s' is empty (expected: at least one value)".formatted(record, feature));
    }
    return found;
  }

  private static byte[] only(Example.Feature feature, String name, String record) {
    if (feature instanceof Example.Bytes bytes && bytes.count() == 1) {
      return bytes.values().get(0);
    }
    throw new InputFault(
        "%s: feature '%s' has %s values (expected: one piece of bytes)"
            .formatted(record, name, feature.count()));
  }

  /** The numbers of an example that is no image, in 64 bits. */
  double[] numbers(Example example, String record) {
    Example.Feature values = feature(example, feature, record);
    if (values instanceof Example.Numbers numbers) {
      if (form.bytes()) {
        throw new InputFault(
            String.format(
                Locale.ROOT,
                "%s: feature '%s' is %,d numbers (expected: bytes, as in the first record)",
                record,
                feature,
                numbers.count()));
      }
      requireCount(record, numbers.count(), form.shape().elements());
      double[] wide = new double[numbers.count()];
      for (int i = 0; i < wide.length; i++) {
        wide[i] = numbers.wide(i);
      }
      return wide;
    }
    byte[] bytes = only(values, feature, record);
    requireCount(record, bytes.length, form.shape().elements() * type.bytes());
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    double[] wide = new double[bytes.length / type.bytes()];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = type.next(from);
    }
    return wide;
  }

  /** Writes the values of an example into its row. */
  void put(Example example, String record, ByteBuffer row) throws Rows.Undecodable {
    if (form.bytes() && feature(example, feature, record) instanceof Example.Bytes bytes) {
      byte[] values = only(bytes, feature, record);
      if (form.image()) {
        row.put(pixels(values, record));
      } else {
        requireCount(record, values.length, form.shape().elements());
        row.put(values);
      }
      return;
    }
    double[] numbers = numbers(example, record);
    float[] scaledTo = new float[1];
    for (int i = 0; i < numbers.length; i++) {
      if (scaled.isEmpty()) {
        row.putFloat(finite((float) numbers[i], record));
        continue;
      }
      ((Column.Scaled) scaled.get(i)).put(finite(numbers[i], record), scaledTo, 0);
      row.putFloat(finite(scaledTo[0], record));
    }
  }

  private double finite(double number, String record) {
    if (!Double.isFinite(number)) {
      throw notFinite(number, record);
    }
    return number;
  }

  private float finite(float number, String record) {
    if (!Float.isFinite(number)) {
      throw notFinite(number, record);
    }
    return number;
  }

  private InputFault notFinite(double number, String record) {
    return new InputFault(
        "%s: feature '%s' has %s (expected: finite numbers); mend it or leave the record out"
            .formatted(record, feature, number));
  }

  private byte[] pixels(byte[] bytes, String record) throws Rows.Undecodable {
    try {
      return Pixels.read(bytes)
          .channels((int) form.shape().size(0))
          .size((int) form.shape().size(1), (int) form.shape().size(2), fit)
          .values();
    } catch (IOException e) {
      throw new Rows.Undecodable(record + ": " + e.getMessage());
    }
  }

  private void requireCount(String record, long count, long expected) {
    if (count != expected) {
      throw new InputFault(
          String.format(
              Locale.ROOT,
              "%s: feature '%s' has %,d values (expected: %,d, as %s)",
              record,
              feature,
              count,
              expected,
              form.bytes() || type == NumberType.FLOAT32
                  ? "the first record's, for " + form.shape()
                  : form.shape() + " of " + type.name().toLowerCase(Locale.ROOT)));
    }
  }
}
