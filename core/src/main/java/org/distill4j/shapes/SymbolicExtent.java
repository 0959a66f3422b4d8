package org.distill4j.shapes;

import java.util.ArrayList;
import java.util.List;
import org.distill4j.tensor.Dim;

/**
 * A whole number times symbols, such as {@code 7}, {@code batch} or {@code 3*batch}; or unknown.
 *
 * <p>Enough algebra for the batch to pass through Reshape and through the integers that exported
 * graphs compute their shapes with. A product is kept in a {@link Dim} by its spelling.
 *
 * @param known whether anything is known
 * @param factor the number
 * @param symbols sorted; empty for a number
 */
record SymbolicExtent(boolean known, long factor, List<String> symbols) {
  static final SymbolicExtent UNKNOWN = new SymbolicExtent(false, 0, List.of());

  static SymbolicExtent of(long number) {
    return new SymbolicExtent(true, number, List.of());
  }

  static SymbolicExtent of(Dim dim) {
    if (dim.isKnown()) {
      return of(dim.size());
    }
    if (!dim.isSymbol()) {
      return UNKNOWN;
    }
    String spelled = dim.symbol();
    int star = spelled.indexOf('*');
    if (star > 0 && spelled.substring(0, star).matches("\\d{1,18}")) {
      long factor = Long.parseLong(spelled.substring(0, star));
      return new SymbolicExtent(true, factor, factors(spelled.substring(star + 1)));
    }
    return new SymbolicExtent(true, 1, factors(spelled));
  }

  private static List<String> factors(String spelled) {
    return spelled.matches("\\w+(\\*\\w+)*")
        ? List.of(spelled.split("\\*", -1)).stream().sorted().toList()
        : List.of(spelled);
  }

  /** The product of several, 1 of none. */
  static SymbolicExtent product(List<Dim> dims) {
    SymbolicExtent product = of(1);
    for (Dim dim : dims) {
      product = product.times(of(dim));
    }
    return product;
  }

  boolean isNumber() {
    return known && symbols.isEmpty();
  }

  /** Nothing negative hides in it: symbols stand for extents. */
  boolean isNegative() {
    return isNumber() && factor < 0;
  }

  SymbolicExtent times(SymbolicExtent other) {
    if (isZero() || other.isZero()) {
      return of(0);
    }
    if (!known || !other.known) {
      return UNKNOWN;
    }
    List<String> all = new ArrayList<>(symbols);
    all.addAll(other.symbols);
    all.sort(null);
    return new SymbolicExtent(true, Math.multiplyExact(factor, other.factor), List.copyOf(all));
  }

  private boolean isZero() {
    return isNumber() && factor == 0;
  }

  /** The quotient if it is whole whatever the symbols stand for; unknown otherwise. */
  SymbolicExtent over(SymbolicExtent other) {
    if (!known || !other.known || other.factor == 0 || factor % other.factor != 0) {
      return UNKNOWN;
    }
    List<String> left = new ArrayList<>(symbols);
    for (String symbol : other.symbols) {
      if (!left.remove(symbol)) {
        return UNKNOWN;
      }
    }
    return new SymbolicExtent(true, factor / other.factor, List.copyOf(left));
  }

  SymbolicExtent plus(SymbolicExtent other) {
    if (!known || !other.known) {
      return UNKNOWN;
    }
    if (isZero()) {
      return other;
    }
    if (other.isZero()) {
      return this;
    }
    if (!symbols.equals(other.symbols)) {
      return UNKNOWN;
    }
    long sum = Math.addExact(factor, other.factor);
    return sum == 0 ? of(0) : new SymbolicExtent(true, sum, symbols);
  }

  SymbolicExtent negated() {
    return known ? new SymbolicExtent(true, Math.negateExact(factor), symbols) : UNKNOWN;
  }

  /** As an extent of a shape. */
  Dim dim() {
    if (!known || factor < 0) {
      return Dim.UNKNOWN;
    }
    if (symbols.isEmpty()) {
      return Dim.of(factor);
    }
    String product = String.join("*", symbols);
    return Dim.of(factor == 1 ? product : factor + "*" + product);
  }
}
