package org.distill4j.data.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.distill4j.data.store.Rows;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.TaskType;
import org.distill4j.images.Pixels;
import org.distill4j.records.Example;
import org.distill4j.settings.DigestText;
import org.distill4j.settings.DigestedAs;
import org.distill4j.tensor.Shape;

/**
 * Makes rows of records.
 *
 * @param input the feature a model sees
 * @param label the feature that is the truth
 * @param form what the input's values are
 */
public record RecordReader(
    InterleavedRecords records,
    String input,
    String label,
    TaskType task,
    List<String> classes,
    Form form,
    ImageSettings images)
    implements Rows.Source {
  /**
   * What the values of an input are.
   *
   * @param shape of one example
   * @param bytes whether each is a byte rather than a float
   * @param image whether they are packed as PNG or JPEG
   */
  @DigestedAs("Form[shape, bytes, image]")
  public record Form(Shape shape, boolean bytes, boolean image) {}

  /** Other records with the same features. */
  RecordReader over(InterleavedRecords others) {
    return new RecordReader(others, input, label, task, classes, form, images);
  }

  /** All that the rows are a function of beside the files. */
  String describe() {
    return DigestText.of(List.of(input, label, task, classes, form, images));
  }

  /** What the first record's input is; for images the first that can be read. */
  static Form form(InterleavedRecords records, String input, DataSettings settings) {
    Optional<Shape> asked =
        settings.columns().shape().isEmpty()
            ? Optional.empty()
            : Optional.of(
                Shape.of(settings.columns().shape().stream().mapToLong(d -> d).toArray()));
    Example.Feature first = feature(records.example(0), input, records.name(0));
    if (first instanceof Example.Numbers numbers) {
      return new Form(asked.orElse(Shape.of(numbers.count())), false, false);
    }
    byte[] bytes = only(first, input, records.name(0));
    if (isImage(bytes)) {
      return imageForm(records, input, settings);
    }
    boolean floats = asked.isPresent() && bytes.length == 4 * asked.get().elements();
    return new Form(asked.orElse(Shape.of(bytes.length)), !floats, false);
  }

  private static Form imageForm(InterleavedRecords records, String input, DataSettings settings) {
    ImageSettings images = settings.source().images().orElseGet(ImageSettings::defaults);
    for (int i = 0; i < records.count(); i++) {
      try {
        Pixels first =
            Pixels.read(only(feature(records.example(i), input, records.name(i)), input, ""));
        List<Integer> size = images.size().orElse(List.of(first.height(), first.width()));
        return new Form(
            Shape.of(images.channels().orElse(first.channels()), size.get(0), size.get(1)),
            true,
            true);
      } catch (IOException e) {
        // it is counted and named when all are read
      }
    }
    throw new InputFault(records.name(0) + ": no image that can be read (expected: PNG or JPEG)");
  }

  private static boolean isImage(byte[] bytes) {
    boolean png = bytes.length > 8 && bytes[0] == (byte) 0x89 && bytes[1] == 'P' && bytes[2] == 'N';
    boolean jpeg = bytes.length > 3 && bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xd8;
    return png || jpeg;
  }

  /** A feature of an example; a fault in one line if it is not there. */
  static Example.Feature feature(Example example, String feature, String record) {
    Example.Feature found = example.features().get(feature);
    if (found == null || found.count() == 0) {
      throw new InputFault(
          "%s: no feature '%s' (expected: it, among %s)"
              .formatted(record, feature, example.features().keySet()));
    }
    return found;
  }

  private static byte[] only(Example.Feature feature, String name, String record) {
    if (feature instanceof Example.Bytes bytes && bytes.count() == 1) {
      return bytes.values().get(0);
    }
    throw new InputFault(
        "%s: feature '%s' has %d values (expected: one piece of bytes)"
            .formatted(record, name, feature.count()));
  }

  /** Bytes as UTF-8. */
  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** A number as that of a class. */
  static int classNumber(float number, int classes, String record) {
    if (!(number >= 0 && number < classes) || number != (int) number) {
      throw new InputFault(
          "%s: label %s (expected: a class, 0 to %d)".formatted(record, number, classes - 1));
    }
    return (int) number;
  }

  @Override
  public long count() {
    return records.count();
  }

  @Override
  public int rowBytes() {
    return Math.toIntExact(
        form.shape().elements() * (form.bytes() ? 1 : Float.BYTES) + (long) Float.BYTES * truths());
  }

  @Override
  public int truths() {
    return task == TaskType.SINGLE_LABEL ? 1 : classes.size();
  }

  @Override
  public int mayMiss() {
    return images.unreadable();
  }

  @Override
  public byte[] decode(long index) throws Rows.Undecodable {
    String record = records.name((int) index);
    Example example = records.example((int) index);
    ByteBuffer row = ByteBuffer.allocate(rowBytes()).order(ByteOrder.LITTLE_ENDIAN);
    Example.Feature values = feature(example, input, record);
    if (values instanceof Example.Numbers numbers) {
      requireCount(record, numbers.count(), form.bytes() ? -1 : form.shape().elements());
      for (float number : numbers.values()) {
        row.putFloat(number);
      }
    } else {
      byte[] bytes = only(values, input, record);
      row.put(form.image() ? pixels(bytes, record) : raw(bytes, record));
    }
    putTruth(feature(example, label, record), record, row);
    return row.array();
  }

  private byte[] raw(byte[] bytes, String record) {
    requireCount(record, bytes.length, form.shape().elements() * (form.bytes() ? 1 : Float.BYTES));
    return bytes;
  }

  private byte[] pixels(byte[] bytes, String record) throws Rows.Undecodable {
    try {
      return Pixels.read(bytes)
          .channels((int) form.shape().size(0))
          .size((int) form.shape().size(1), (int) form.shape().size(2), images.fit())
          .values();
    } catch (IOException e) {
      throw new Rows.Undecodable(record + ": " + e.getMessage());
    }
  }

  private void requireCount(String record, long count, long expected) {
    if (count != expected) {
      throw new InputFault(
          "%s: feature '%s' has %,d values (expected: %,d, as the first record's, for %s)"
              .formatted(record, input, count, expected, form.shape()));
    }
  }

  private void putTruth(Example.Feature said, String record, ByteBuffer row) {
    if (task == TaskType.REGRESSION) {
      float[] numbers = said instanceof Example.Numbers n ? n.values() : new float[0];
      if (numbers.length != classes.size()) {
        throw new InputFault(
            "%s: feature '%s' has %d numbers (expected: %d)"
                .formatted(record, label, numbers.length, classes.size()));
      }
      for (float number : numbers) {
        if (!Float.isFinite(number)) {
          throw new InputFault(
              "%s: feature '%s' has %s (expected: a finite number)"
                  .formatted(record, label, number));
        }
        row.putFloat(number);
      }
      return;
    }
    if (task == TaskType.SINGLE_LABEL && said.count() != 1) {
      throw new InputFault(
          "%s: feature '%s' has %d values (expected: 1; several need task: multi-label)"
              .formatted(record, label, said.count()));
    }
    float[] has = new float[classes.size()];
    for (int i = 0; i < said.count(); i++) {
      int number =
          said instanceof Example.Numbers numbers
              ? classNumber(numbers.values()[i], classes.size(), record)
              : named(text(((Example.Bytes) said).values().get(i)), record);
      has[number] = 1;
      if (task == TaskType.SINGLE_LABEL) {
        row.putFloat(number);
        return;
      }
    }
    for (float one : has) {
      row.putFloat(one);
    }
  }

  private int named(String name, String record) {
    int number = classes.indexOf(name);
    if (number < 0) {
      throw new InputFault(
          "%s: label '%s' (expected: one of %s)"
              .formatted(record, name, classes.subList(0, Math.min(10, classes.size()))));
    }
    return number;
  }
}
