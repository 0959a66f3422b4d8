package org.distill4j.data.record;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.distill4j.data.store.Rows;
import org.distill4j.records.Example;
import org.distill4j.settings.DigestedAs;
import org.distill4j.tensor.Shape;

/**
 * Makes rows of records.
 *
 * @param input the feature a model sees
 * @param labels the feature that is the truth
 * @param mayMiss how many images may be unreadable
 */
public record RecordReader(
    InterleavedRecords records, RecordInput input, RecordLabels labels, int mayMiss)
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
    return new RecordReader(others, input, labels, mayMiss);
  }

  /** All that the rows are a function of beside the files. */
  String describe() {
    return input.describe() + " " + labels.describe();
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
    return labels.truths();
  }

  @Override
  public byte[] decode(long index) throws Rows.Undecodable {
    String record = records.name((int) index);
    Example example = records.example((int) index);
    ByteBuffer row = ByteBuffer.allocate(rowBytes()).order(ByteOrder.LITTLE_ENDIAN);
    input.put(example, record, row);
    labels.put(example, record, row);
    return row.array();
  }
}
