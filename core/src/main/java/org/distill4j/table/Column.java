package org.distill4j.table;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.distill4j.settings.DigestedAs;

/**
 * One column of a table as a model sees it: how many numbers a cell becomes, and which. All that is
 * in it was fitted on training examples.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Column.Numeric.class, name = "numeric"),
  @JsonSubTypes.Type(value = Column.Categorical.class, name = "categorical")
})
public sealed interface Column {
  /** As in the header. */
  String name();

  /** How many numbers a cell becomes, at least 0. */
  int width();

  /** What each of these numbers is called: {@code age}, {@code job=clerk}, {@code job missing}. */
  List<String> features();

  /**
   * A number.
   *
   * <pre>{@code x = (f(raw) - offset) / scale,  f(raw) = sign(raw) ln(1 + |raw|) or raw itself}
   * </pre>
   *
   * <p>A missing number becomes 0, which is the mean of standardised ones, and 1 in a second number
   * where training examples lack it too.
   *
   * @param log whether the logarithm is taken first
   * @param offset finite
   * @param scale finite, greater than 0
   * @param missing whether a second number tells that the cell is empty
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @DigestedAs("Numeric[name, log, offset, scale, missing]")
  record Numeric(String name, boolean log, double offset, double scale, boolean missing)
      implements Column {
    /** Checks the bounds. */
    public Numeric {
      if (!Double.isFinite(offset) || !(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "offset, scale: " + offset + ", " + scale + " (expected: finite, scale > 0)");
      }
    }

    @Override
    public int width() {
      return missing ? 2 : 1;
    }

    @Override
    public List<String> features() {
      return missing ? List.of(name, name + " missing") : List.of(name);
    }

    /**
     * Writes a cell.
     *
     * @param raw NaN for a missing one
     * @param target zeros, of which {@link #width} from {@code at} on are this column's
     */
    public void put(float raw, float[] target, int at) {
      if (Float.isNaN(raw)) {
        if (missing) {
          target[at + 1] = 1;
        }
      } else {
        target[at] = (float) ((curved(raw) - offset) / scale);
      }
    }

    /** The raw value that became a number; what {@link #put} did, undone. */
    public double raw(double encoded) {
      double curved = encoded * scale + offset;
      return log ? Math.signum(curved) * Math.expm1(Math.abs(curved)) : curved;
    }

    /** {@code f(raw)}. */
    double curved(double raw) {
      return log ? Math.signum(raw) * Math.log1p(Math.abs(raw)) : raw;
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

    /** The place of a name that is not empty, from 0; -1 for none. */
    public int place(String value) {
      int known = values.indexOf(value);
      return known >= 0 ? known : other ? values.size() : -1;
    }

    /** The place of an empty cell, from 0; -1 for none. */
    public int missingPlace() {
      return missing ? width() - 1 : -1;
    }
  }
}
