package org.distill4j.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The shape of an array, outermost extent first; some extents may be symbols, and even their number
 * may be unknown.
 */
public final class Shape {
  /** The shape of a single number. */
  public static final Shape SCALAR = new Shape(List.of(), true);

  /** A shape of which not even the rank is known. */
  public static final Shape UNRANKED = new Shape(List.of(), false);

  private final List<Dim> dims;
  private final boolean ranked;

  private Shape(List<Dim> dims, boolean ranked) {
    this.dims = dims;
    this.ranked = ranked;
  }

  /** A shape of numbers, each at least 0. */
  public static Shape of(long... sizes) {
    List<Dim> dims = new ArrayList<>(sizes.length);
    for (long size : sizes) {
      dims.add(Dim.of(size));
    }
    return of(dims);
  }

  /** A shape of numbers and symbols. */
  public static Shape of(List<Dim> dims) {
    return new Shape(List.copyOf(dims), true);
  }

  /**
   * This shape with one more extent in front: {@code [1, 28, 28]} to {@code [batch, 1, 28, 28]}.
   */
  public Shape prepend(Dim outer) {
    List<Dim> all = new ArrayList<>(dims.size() + 1);
    all.add(outer);
    all.addAll(dims());
    return of(all);
  }

  /** This shape with extent {@code axis} replaced. */
  public Shape with(int axis, Dim dim) {
    List<Dim> all = new ArrayList<>(dims());
    all.set(axis, dim);
    return of(all);
  }

  /** This shape without its outermost extent. */
  public Shape dropFirst() {
    return of(dims().subList(1, rank()));
  }

  /** Whether the number of extents is known. */
  public boolean isRanked() {
    return ranked;
  }

  /** Whether every extent is a number. */
  public boolean isStatic() {
    return ranked && dims.stream().allMatch(Dim::isKnown);
  }

  /** The number of extents. */
  public int rank() {
    return dims().size();
  }

  /** The extents. */
  public List<Dim> dims() {
    if (!ranked) {
      throw new IllegalStateException("shape: of unknown rank (expected: a ranked shape)");
    }
    return dims;
  }

  /** One extent. */
  public Dim dim(int axis) {
    return dims().get(axis);
  }

  /** One extent that must be a number. */
  public long size(int axis) {
    Dim dim = dim(axis);
    if (!dim.isKnown()) {
      throw new IllegalStateException("shape: " + this + " axis " + axis + " (expected: a number)");
    }
    return dim.size();
  }

  /** All extents, which must be numbers. */
  public long[] sizes() {
    long[] sizes = new long[rank()];
    Arrays.setAll(sizes, this::size);
    return sizes;
  }

  /** How many elements there are; all extents must be numbers. */
  public long elements() {
    long n = 1;
    for (int i = 0; i < rank(); i++) {
      n = Math.multiplyExact(n, size(i));
    }
    return n;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape s && ranked == s.ranked && dims.equals(s.dims);
  }

  @Override
  public int hashCode() {
    return dims.hashCode() + (ranked ? 1 : 0);
  }

  /** As in error messages: {@code [batch, 3, 32, 32]}, {@code [?]} for an unknown rank. */
  @Override
  public String toString() {
    return ranked
        ? dims.stream().map(Dim::toString).collect(Collectors.joining(", ", "[", "]"))
        : "[...]";
  }
}
