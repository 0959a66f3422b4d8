package org.distill4j.distill;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.Shape;

/**
 * Examples that take no memory: each value is computed when it is read, from a pattern of its class
 * and noise from -1 to 1.
 */
class Computed implements Dataset {
  private final Shape shape;
  private final List<String> classes;
  private final long first;
  private final long size;

  /** Examples by number from the first on: where numbers differ, so do examples. */
  Computed(Shape shape, List<String> classes, long first, long size) {
    this.shape = shape;
    this.classes = classes;
    this.first = first;
    this.size = size;
  }

  /** Ten classes; as many training examples as asked for, 1,000 of each other kind. */
  static Splits splits(Shape shape, long size) {
    List<String> classes = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    return Splits.of(
        new Computed(shape, classes, 0, size),
        new Computed(shape, classes, size, 1000),
        new Computed(shape, classes, size + 1000, 1000));
  }

  @Override
  public String name() {
    return "computed";
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int label(long index) {
    return (int) Long.remainderUnsigned(mix(first + index), classes.size());
  }

  @Override
  public void read(long index, FloatBuffer target) {
    long pattern = mix(-1 - label(index));
    long noise = mix(first + index + (1L << 40));
    for (int i = 0; i < shape.elements(); i++) {
      target.put(unit(mix(pattern + i)) + unit(mix(noise + i)));
    }
  }

  /** From -1 to 1. */
  private static float unit(long bits) {
    return (bits >> 40) / (float) (1 << 23);
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood, 2014). */
  private static long mix(long z) {
    z = (z + 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Known without reading it all. */
  @Override
  public String sha256() {
    return Sha256.ofTexts("computed", shape.toString(), "" + first, "" + size);
  }
}
