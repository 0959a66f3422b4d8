package org.distill4j.table;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.distill4j.settings.DigestedAs;

/**
 * One column of a table as a model sees it: how many numbers a cell becomes, and which. All that is
 * in it was fitted on training examples.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Column.Numeric.class, name = "numeric"),
  @JsonSubTypes.Type(value = Column.Quantity.class, name = "quantity"),
  @JsonSubTypes.Type(value = Column.Dated.class, name = "date"),
  @JsonSubTypes.Type(value = Column.Categorical.class, name = "categorical")
})
public sealed interface Column {
  /** As in the header. */
  String name();

  /** How many numbers a cell becomes, at least 0. */
  int width();

  /** What each of these numbers is called: {@code age}, {@code job=clerk}, {@code job missing}. */
  List<String> features();

  /** Whether one of these numbers tells that the cell is empty. */
  boolean missing();

  /**
   * A number, or what is read as one.
   *
   * <pre>{@code x = (f(raw) - offset) / scale,  f(raw) = sign(raw) ln(1 + |raw|) or raw itself}
   * </pre>
   *
   * <p>All of it is computed in 64 bits; only x is shortened to 32. A missing number becomes 0,
   * which is the mean of standardised ones, and 1 in a second number where training examples lack
   * it too.
   */
  sealed interface Scaled extends Column {
    /** Whether the logarithm is taken first. */
    boolean log();

    /** Finite. */
    double offset();

    /** Finite, greater than 0. */
    double scale();

    /** The raw number that a cell says; NaN if it is none. */
    double number(String cell);

    /** What a cell has to be, for messages. */
    String expected();

    /** The same column, scaled otherwise. */
    Scaled fitted(double offset, double scale, boolean missing);

    @Override
    default int width() {
      return missing() ? 2 : 1;
    }

    @Override
    default List<String> features() {
      return missing() ? List.of(name(), name() + " missing") : List.of(name());
    }

    /**
     * Writes a cell.
     *
     * @param raw NaN for a missing one
     * @param target zeros, of which {@link #width} from {@code at} on are this column's
     */
    default void put(double raw, float[] target, int at) {
      if (Double.isNaN(raw)) {
        if (missing()) {
          target[at + 1] = 1;
        }
      } else {
        target[at] = (float) ((curved(raw) - offset()) / scale());
      }
    }

    /** Whether a raw number, once scaled, is one that 32 bits hold. */
    default boolean holds(double raw) {
      return Math.abs((curved(raw) - offset()) / scale()) <= Float.MAX_VALUE;
    }

    /** The raw value that a number became; what {@link #put} did, undone. */
    default double raw(double encoded) {
      double curved = encoded * scale() + offset();
      return log() ? Math.signum(curved) * Math.expm1(Math.abs(curved)) : curved;
    }

    /** {@code f(raw)}. */
    default double curved(double raw) {
      return log() ? logarithm(raw) : raw;
    }

    /** {@code sign(raw) ln(1 + |raw|)}. */
    static double logarithm(double raw) {
      return Math.signum(raw) * Math.log1p(Math.abs(raw));
    }

    /** Checks the bounds of a scaling. */
    private static void require(double offset, double scale) {
      if (!Double.isFinite(offset) || !(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "offset, scale: " + offset + ", " + scale + " (expected: finite, scale > 0)");
      }
    }
  }

  /**
   * A number whose cells were shortened to 32 bits before they were scaled, as models of version
   * 0.1.0 learned them; new tables have {@link Quantity}.
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @DigestedAs("Numeric[name, log, offset, scale, missing]")
  record Numeric(String name, boolean log, double offset, double scale, boolean missing)
      implements Scaled {
    /** Checks the bounds. */
    public Numeric {
      Scaled.require(offset, scale);
    }

    @Override
    public double number(String cell) {
      return Cells.number(cell);
    }

    @Override
    public String expected() {
      return "a finite number";
    }

    @Override
    public Numeric fitted(double offset, double scale, boolean missing) {
      return new Numeric(name, log, offset, scale, missing);
    }
  }

  /** A number, read in 64 bits. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @DigestedAs("Quantity[name, log, offset, scale, missing]")
  record Quantity(String name, boolean log, double offset, double scale, boolean missing)
      implements Scaled {
    /** Checks the bounds. */
    public Quantity {
      Scaled.require(offset, scale);
    }

    @Override
    public double number(String cell) {
      return Cells.wide(cell);
    }

    @Override
    public String expected() {
      return "a finite number";
    }

    @Override
    public Quantity fitted(double offset, double scale, boolean missing) {
      return new Quantity(name, log, offset, scale, missing);
    }
  }

  /**
   * A date as the number of its days since 1970-01-01, the time of day being their fraction.
   *
   * @param format as {@link DateFormat} takes it
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @DigestedAs("Dated[name, format, offset, scale, missing]")
  record Dated(String name, String format, double offset, double scale, boolean missing)
      implements Scaled {
    /** Checks the bounds. */
    public Dated {
      Scaled.require(offset, scale);
    }

    @Override
    public boolean log() {
      return false;
    }

    @Override
    public double number(String cell) {
      return DateFormat.of(format).days(cell);
    }

    @Override
    public String expected() {
      return "a date as " + format;
    }

    @Override
    public Dated fitted(double offset, double scale, boolean missing) {
      return new Dated(name, format, offset, scale, missing);
    }
  }

  /**
   * A name out of a vocabulary: 1 in the place of the name, 0 in all others.
   *
   * @param values the vocabulary, each name once
   * @param other whether a place behind them is for names that are not in it; without one such a
   *     name is zeros
   * @param missing whether the last place is for an empty cell; without one it is zeros
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @DigestedAs("Categorical[name, values, other, missing]")
  record Categorical(String name, List<String> values, boolean other, boolean missing)
      implements Column {
    /** Takes a copy and checks that no name is there twice. */
    public Categorical {
      values = List.copyOf(values);
      if (new HashSet<>(values).size() != values.size()) {
        throw new IllegalArgumentException("values: " + values + " (expected: each once)");
      }
    }

    @Override
    public int width() {
      return values.size() + (other ? 1 : 0) + (missing ? 1 : 0);
    }

    @Override
    public List<String> features() {
      List<String> names = new ArrayList<>();
      values.forEach(value -> names.add(name + "=" + value));
      if (other) {
        names.add(name + " other");
      }
      if (missing) {
        names.add(name + " missing");
      }
      return names;
    }

    /**
     * The place of a name that is not empty, from 0; -1 for none. A number that is spelled like
     * none of the names, {@code 7.0}, is the name that is the same number, {@code 7}.
     */
    public int place(String value) {
      int known = values.indexOf(value);
      int same = known >= 0 ? known : same(Cells.wide(value));
      return same >= 0 ? same : other ? values.size() : -1;
    }

    private int same(double number) {
      for (int i = 0; !Double.isNaN(number) && i < values.size(); i++) {
        if (Cells.wide(values.get(i)) == number) {
          return i;
        }
      }
      return -1;
    }

    /** {@link #place} of many names, each found at once. */
    public int[] places(List<String> names) {
      Map<String, Integer> spelled = new HashMap<>();
      Map<Double, Integer> numbers = new HashMap<>();
      for (int i = 0; i < values.size(); i++) {
        spelled.put(values.get(i), i);
        numbers.putIfAbsent(Cells.wide(values.get(i)) + 0.0, i); // -0.0 is 0
      }
      numbers.remove(Double.NaN);
      int none = other ? values.size() : -1;
      return names.stream()
          .mapToInt(
              name -> {
                Integer known = spelled.get(name);
                return known != null ? known : numbers.getOrDefault(Cells.wide(name) + 0.0, none);
              })
          .toArray();
    }

    /** The place of an empty cell, from 0; -1 for none. */
    public int missingPlace() {
      return missing ? width() - 1 : -1;
    }

    /** Whether a place is that of a name of the vocabulary. */
    public boolean isKnown(int place) {
      return place >= 0 && place < values.size();
    }
  }
}
