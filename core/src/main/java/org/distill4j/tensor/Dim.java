package org.distill4j.tensor;

/**
 * A dimension of a shape: a number, a symbol such as {@code batch} that stands for the same number
 * wherever it occurs, or unknown.
 *
 * @param size the extent, at least 0; -1 if it is not a number
 * @param symbol the symbol's name; empty for a number and for the unknown
 */
public record Dim(long size, String symbol) {
  /** An extent of which nothing is known. */
  public static final Dim UNKNOWN = new Dim(-1, "");

  /** Checks that it is a number or a symbol, not both. */
  public Dim {
    if (size < -1 || (size >= 0 && !symbol.isEmpty())) {
      throw new IllegalArgumentException(
          "dimension: " + size + " '" + symbol + "' (expected: a number >= 0 or a symbol)");
    }
  }

  /** A number. */
  public static Dim of(long size) {
    if (size < 0) {
      throw new IllegalArgumentException("dimension: " + size + " (expected: >= 0)");
    }
    return new Dim(size, "");
  }

  /** A symbol. */
  public static Dim of(String symbol) {
    return new Dim(-1, symbol);
  }

  /** Whether it is a number. */
  public boolean isKnown() {
    return size >= 0;
  }

  /** Whether it is a named symbol. */
  public boolean isSymbol() {
    return !symbol.isEmpty();
  }

  @Override
  public String toString() {
    return isKnown() ? Long.toString(size) : isSymbol() ? symbol : "?";
  }
}
