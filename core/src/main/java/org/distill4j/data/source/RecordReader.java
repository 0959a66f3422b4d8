package org.distill4j.data.source;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.distill4j.data.store.Rows;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.TaskType;
import org.distill4j.records.Example;
import org.distill4j.settings.DigestText;
import org.distill4j.settings.DigestedAs;
import org.distill4j.tensor.Shape;

/**
 * Makes rows of records.
 *
 * @param input the feature a model sees
 * @param label the feature that is the truth
 * @param mayMiss how many images may be unreadable
 */
public record RecordReader(
    InterleavedRecords records,
    RecordInput input,
    String label,
    TaskType task,
    List<String> classes,
    int mayMiss)
    implements Rows.Source {
  /**
   * What the values of an input are.
   *
   * @param shape of one example
   * @param bytes whether each is a byte rather than a float
   * @param image whether they are packed as PNG, JPEG, BMP or GIF
   */
  @DigestedAs("Form[shape, bytes, image]")
  public record Form(Shape shape, boolean bytes, boolean image) {}

  /** Other records with the same features. */
  RecordReader over(InterleavedRecords others) {
    return new RecordReader(others, input, label, task, classes, mayMiss);
  }

  /** All that the rows are a function of beside the files. */
  String describe() {
    return DigestText.of(List.of(input.describe(), label, task, classes));
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
    long each = input.form().bytes() ? 1 : Float.BYTES;
    return Math.toIntExact(input.form().shape().elements() * each + (long) Float.BYTES * truths());
  }

  @Override
  public int truths() {
    return task == TaskType.SINGLE_LABEL ? 1 : classes.size();
  }

  @Override
  public byte[] decode(long index) throws Rows.Undecodable {
    String record = records.name((int) index);
    Example example = records.example((int) index);
    ByteBuffer row = ByteBuffer.allocate(rowBytes()).order(ByteOrder.LITTLE_ENDIAN);
    input.put(example, record, row);
    putTruth(RecordInput.feature(example, label, record), record, row);
    return row.array();
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
