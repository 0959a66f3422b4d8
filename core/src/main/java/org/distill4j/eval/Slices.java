package org.distill4j.eval;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.distill4j.data.Dataset;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.TaskType;
import org.distill4j.table.Column;
import org.distill4j.table.Table;

/**
 * Slices of the data: examples grouped by what they are, to see for whom a model is good; 4 bytes
 * an example.
 */
public final class Slices {
  /** Numbers that are so few are slices each; more are parted into quarters. */
  private static final int FEW = 10;

  /** What is told of one part. */
  public record Slice(String name, Estimate estimate) {}

  private final List<String> names;
  private final int[] of; // the slice of each example

  private Slices(List<String> names, int[] of) {
    this.names = List.copyOf(names);
    this.of = of;
  }

  /**
   * By the class that the data give.
   *
   * @throws InputFault if an example has not just one
   */
  public static Slices byClass(Dataset data) {
    if (data.task() != TaskType.SINGLE_LABEL) {
      throw new InputFault(
          "data '%s' slices by class: task %s (expected: single-label; else a column)"
              .formatted(data.name(), data.task().spelling()));
    }
    int[] of = new int[Math.toIntExact(data.size())];
    Arrays.setAll(of, data::label);
    return new Slices(data.classes(), of);
  }

  /**
   * By a column of a table: each name is a slice; numbers are, if they are at most ten; more are
   * parted into quarters of the examples; empty cells are a slice of their own where the model sees
   * them as such, else they have the column's mean.
   *
   * @throws InputFault if the data have no such column
   */
  public static Slices byColumn(Dataset data, String column) {
    Table table = requireColumn(data, column);
    int place = table.names().indexOf(column);
    int at = table.columns().subList(0, place).stream().mapToInt(Column::width).sum();
    int n = Math.toIntExact(data.size());
    FloatBuffer row = FloatBuffer.allocate(Math.toIntExact(data.shape().elements()));
    if (table.columns().get(place) instanceof Column.Categorical names) {
      int[] of = new int[n];
      for (int i = 0; i < n; i++) {
        data.read(i, row.clear());
        of[i] = names.width();
        for (int k = 0; k < names.width(); k++) {
          if (row.get(at + k) > 0.5) {
            of[i] = k;
          }
        }
      }
      List<String> all = new ArrayList<>();
      names.values().forEach(value -> all.add(column + " = " + value));
      names.features().subList(all.size(), names.width()).forEach(all::add); // other, missing
      all.add(column + " unknown");
      return new Slices(all, of);
    }
    Column.Scaled numeric = (Column.Scaled) table.columns().get(place);
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      data.read(i, row.clear());
      boolean empty = numeric.missing() && row.get(at + 1) > 0.5;
      values[i] = empty ? Double.NaN : numeric.raw(row.get(at));
    }
    return ofNumbers(column, values);
  }

  /**
   * The table of the data, if it has the column.
   *
   * @throws InputFault if it has not, or there is no table
   */
  public static Table requireColumn(Dataset data, String column) {
    Optional<Table> table = data.table();
    if (table.isEmpty()) {
      throw new InputFault(
          "data '%s' slices by '%s': no table (expected: class, or a table's column)"
              .formatted(data.name(), column));
    }
    if (!table.get().names().contains(column)) {
      throw new InputFault(
          "data '%s' slices by '%s': no such column (expected: class, or one of %s)"
              .formatted(data.name(), column, String.join(", ", table.get().names())));
    }
    return table.get();
  }

  private static Slices ofNumbers(String column, double... values) {
    TreeSet<Double> different = new TreeSet<>();
    for (double value : values) {
      if (!Double.isNaN(value) && different.size() <= FEW) {
        different.add(value);
      }
    }
    List<String> names = new ArrayList<>();
    int[] of = new int[values.length];
    if (different.size() <= FEW) {
      List<Double> all = List.copyOf(different);
      all.forEach(v -> names.add(column + " = " + spelled(v)));
      Arrays.setAll(of, i -> Double.isNaN(values[i]) ? all.size() : all.indexOf(values[i]));
    } else {
      double[] sorted = Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
      List<Double> ends = new ArrayList<>(); // of the first three quarters
      for (int q = 1; q < 4; q++) {
        double end = sorted[(int) ((long) sorted.length * q / 4)];
        if (end < sorted[sorted.length - 1] && !ends.contains(end)) {
          ends.add(end);
        }
      }
      for (int q = 0; q <= ends.size(); q++) {
        names.add(
            q == 0
                ? column + " <= " + spelled(ends.get(0))
                : q == ends.size()
                    ? column + " > " + spelled(ends.get(q - 1))
                    : spelled(ends.get(q - 1)) + " < " + column + " <= " + spelled(ends.get(q)));
      }
      for (int i = 0; i < of.length; i++) {
        int q = 0;
        while (q < ends.size() && values[i] > ends.get(q)) {
          q++;
        }
        of[i] = Double.isNaN(values[i]) ? names.size() : q;
      }
    }
    names.add(column + " missing");
    return new Slices(names, of);
  }

  /** Six digits, without those that say nothing. */
  private static String spelled(double value) {
    return value == 0
        ? "0"
        : new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros().toPlainString();
  }

  /**
   * How good a model is on each slice that has at least so many examples, the worst first:
   * accuracy, or mean absolute error where numbers are asked for.
   *
   * @param seeds one evaluation for each, on the examples that were parted
   * @param smallest at least 1
   */
  public List<Slice> of(List<Evaluation> seeds, int smallest) {
    boolean numbers = seeds.get(0).task() == TaskType.REGRESSION;
    List<Slice> slices = new ArrayList<>();
    for (int k = 0; k < names.size(); k++) {
      int slice = k;
      int n = (int) Arrays.stream(of).filter(s -> s == slice).count();
      if (n >= Math.max(1, smallest)) {
        Estimate estimate =
            Estimate.pooled(seeds.stream().map(e -> one(e, slice, n, numbers)).toList())
                .within(0, numbers ? Double.POSITIVE_INFINITY : 1);
        slices.add(new Slice(names.get(k), estimate));
      }
    }
    Comparator<Slice> byValue = Comparator.comparingDouble(s -> s.estimate().value());
    slices.sort(numbers ? byValue.reversed() : byValue);
    return slices;
  }

  private Estimate one(Evaluation evaluation, int slice, int n, boolean numbers) {
    if (evaluation.n() != of.length) {
      throw new IllegalArgumentException(
          "evaluation: n=" + evaluation.n() + " (expected: " + of.length + ", as was parted)");
    }
    long right = 0;
    double mean = 0;
    double squares = 0;
    int seen = 0;
    for (int i = 0; i < of.length; i++) {
      if (of[i] == slice) {
        right += evaluation.predictions().isRight(i) ? 1 : 0;
        double before = evaluation.predictions().distance(i) - mean;
        mean += before / ++seen;
        squares += before * (evaluation.predictions().distance(i) - mean);
      }
    }
    return numbers
        ? Estimate.normal(mean, Math.sqrt(squares / Math.max(1, n - 1) / n), n)
        : Estimate.share(right, n);
  }
}
