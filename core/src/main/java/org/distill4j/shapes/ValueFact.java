package org.distill4j.shapes;

import java.util.ArrayList;
import java.util.List;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * What is known of a value.
 *
 * @param type null if unknown
 * @param shape possibly unranked
 * @param elements the elements of a small array of integers in row-major order, each possibly
 *     unknown; null if they are not followed
 */
record ValueFact(DType type, Shape shape, List<SymbolicExtent> elements) {
  static final ValueFact UNKNOWN = of(null, Shape.UNRANKED);

  /** The longest array whose elements are followed; shapes and axes are much shorter. */
  static final int MOST_ELEMENTS = 1024;

  static ValueFact of(DType type, Shape shape) {
    return new ValueFact(type, shape, null);
  }

  static ValueFact of(DType type, List<Dim> dims) {
    return of(type, Shape.of(dims));
  }

  static ValueFact of(HostTensor tensor) {
    ValueFact fact = of(tensor.type(), tensor.shape());
    if (tensor.type().isFloating() || tensor.elements() > MOST_ELEMENTS) {
      return fact;
    }
    List<SymbolicExtent> elements = new ArrayList<>();
    for (long element : tensor.toLongs()) {
      elements.add(SymbolicExtent.of(element));
    }
    return fact.withElements(elements);
  }

  static ValueFact ofLongs(List<SymbolicExtent> elements) {
    return of(DType.INT64, Shape.of(elements.size())).withElements(elements);
  }

  /** The same with known elements, if their number fits the shape and is small. */
  ValueFact withElements(List<SymbolicExtent> known) {
    boolean fits =
        known != null
            && known.size() <= MOST_ELEMENTS
            && shape.isStatic()
            && shape.elements() == known.size();
    return new ValueFact(type, shape, fits ? List.copyOf(known) : null);
  }

  boolean ranked() {
    return shape.isRanked();
  }

  int rank() {
    return shape.rank();
  }

  Dim dim(int axis) {
    return shape.dim(axis);
  }

  /** The elements if each is a number, otherwise null. */
  long[] numbers() {
    if (elements == null || !elements.stream().allMatch(SymbolicExtent::isNumber)) {
      return null;
    }
    return elements.stream().mapToLong(SymbolicExtent::factor).toArray();
  }

  /** Whether two extents cannot be the same number. */
  static boolean differ(Dim a, Dim b) {
    return a.isKnown() && b.isKnown() && a.size() != b.size();
  }

  /** What is known of an extent that is described twice. */
  static Dim merge(Dim a, Dim b) {
    if (a.isKnown() || (a.isSymbol() && !b.isKnown())) {
      return a;
    }
    return b;
  }

  /** As in error messages: {@code FLOAT32 [batch, 8]}. */
  @Override
  public String toString() {
    return type == null ? shape.toString() : type + " " + shape;
  }
}
