package org.distill4j.graph;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.distill4j.tensor.HostTensor;

/** An attribute of a node: a constant setting, as ONNX has it. */
public sealed interface Attribute {
  /** One integer. */
  record Int(long value) implements Attribute {}

  /** One float. */
  record Real(float value) implements Attribute {}

  /** One text. */
  record Text(String value) implements Attribute {}

  /** One array. */
  record Array(HostTensor value) implements Attribute {}

  /** Several integers. */
  record Ints(List<Long> values) implements Attribute {
    /** Takes a copy. */
    public Ints {
      values = List.copyOf(values);
    }

    /** The integers as an array. */
    public long[] toArray() {
      return values.stream().mapToLong(Long::longValue).toArray();
    }
  }

  /** Several floats. */
  record Reals(List<Float> values) implements Attribute {
    /** Takes a copy. */
    public Reals {
      values = List.copyOf(values);
    }
  }

  /** Several texts. */
  record Texts(List<String> values) implements Attribute {
    /** Takes a copy. */
    public Texts {
      values = List.copyOf(values);
    }
  }

  /** One integer. */
  static Attribute of(long value) {
    return new Int(value);
  }

  /** One float. */
  static Attribute of(float value) {
    return new Real(value);
  }

  /** One text. */
  static Attribute of(String value) {
    return new Text(value);
  }

  /** One array. */
  static Attribute of(HostTensor value) {
    return new Array(value);
  }

  /** Several integers. */
  static Attribute ofInts(long... values) {
    return new Ints(LongStream.of(values).boxed().toList());
  }

  /** Several texts. */
  static Attribute ofTexts(String... values) {
    return new Texts(Arrays.asList(values));
  }
}
