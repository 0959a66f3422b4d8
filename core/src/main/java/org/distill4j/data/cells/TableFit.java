package org.distill4j.data.cells;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.distill4j.data.Dataset;
import org.distill4j.data.Subset;
import org.distill4j.graph.TaskType;
import org.distill4j.table.Column;
import org.distill4j.table.ColumnFit;
import org.distill4j.table.Scaling;
import org.distill4j.table.Table;

/** Fits the columns of a parsed file on the rows that a model is trained on. */
public record TableFit(RawTable raw, TableSettings settings, TaskType task) {
  /** So many steps of 32 bits a deviation of the truth has to have at least. */
  private static final double STEPS = 256;

  /** So many rows tell whether a scaling holds numbers apart. */
  private static final long LOOKED_AT = 2_000;

  /** Fewer different numbers are not looked at. */
  private static final int ENOUGH = 10;

  private static long row(Dataset train, long index) {
    return train instanceof Subset subset ? subset.indexInAll(index) : index;
  }

  /** What the columns are by these rows of the file. */
  public Table on(Dataset train) {
    List<ColumnFit> fits = raw.head().columns().stream().map(this::fit).toList();
    for (long i = 0; i < train.size(); i++) {
      long row = row(train, i);
      for (int c = 0; c < fits.size(); c++) {
        double cell = raw.cell(row, c);
        if (fits.get(c) instanceof ColumnFit.Numbers numbers) {
          numbers.add(cell);
        } else if (fits.get(c) instanceof ColumnFit.Names names) {
          names.add((int) cell);
        }
      }
    }
    Table table =
        new Table(
            fits.stream().map(ColumnFit::column).toList(), raw.head().label(), settings.missing());
    return task == TaskType.REGRESSION ? table.origins(origins(train)) : table;
  }

  /** Where the truth is counted from; empty where 32 bits hold it as it is. */
  private List<Double> origins(Dataset train) {
    List<Double> origins = new ArrayList<>();
    for (int k = 0; k < raw.head().label().size(); k++) {
      origins.add(origin(train, k));
    }
    return origins.stream().allMatch(origin -> origin == 0) ? List.of() : origins;
  }

  private double origin(Dataset train, int truth) {
    Column.Scaled plain = new Column.Quantity("truth", false, 0, 1, false);
    ColumnFit.Numbers fit = new ColumnFit.Numbers(plain, Scaling.STANDARD);
    double largest = 0;
    for (long i = 0; i < train.size(); i++) {
      double value = raw.truth(row(train, i), truth);
      fit.add(value);
      largest = Math.max(largest, Math.abs(value));
    }
    Column.Scaled fitted = (Column.Scaled) fit.column();
    boolean held = Math.ulp((float) largest) <= fitted.scale() / STEPS;
    if (held || largest > Float.MAX_VALUE) {
      return 0;
    }
    // as many digits as tell the deviation's size
    int digits = (int) Math.floor(Math.log10(fitted.scale()));
    return new BigDecimal(fitted.offset()).setScale(-digits, RoundingMode.HALF_EVEN).doubleValue();
  }

  private ColumnFit fit(RawTable.RawColumn column) {
    return column.column() instanceof Column.Scaled scaled
        ? new ColumnFit.Numbers(scaled, settings.scaling())
        : new ColumnFit.Names(column.name(), column.dictionary(), settings.categories());
  }

  /** Columns whose numbers the scaling does not hold apart, a sentence each. */
  public List<String> notes(Table fitted, Dataset train) {
    List<String> notes = new ArrayList<>();
    if (!fitted.origins().isEmpty()) {
      notes.add(
          "the numbers of %s lie too close together beside their size for 32 bits: the answer is %s"
              .formatted(fitted.label(), fitted.answers(fitted.label())));
    }
    for (int c = 0; c < fitted.columns().size(); c++) {
      if (fitted.columns().get(c) instanceof Column.Scaled scaled) {
        Set<Double> before = new HashSet<>();
        Set<Float> after = new HashSet<>();
        float[] encoded = new float[2];
        for (long i = 0; i < Math.min(LOOKED_AT, train.size()); i++) {
          double cell = raw.cell(row(train, i), c);
          if (!Double.isNaN(cell)) {
            scaled.put(cell, encoded, 0);
            before.add(cell);
            after.add(encoded[0]);
          }
        }
        if (before.size() >= ENOUGH && 2 * after.size() < before.size()) {
          notes.add(
              String.format(
                  Locale.ROOT,
                  "column '%s': %,d different numbers become %,d, as scaled they lie too close"
                      + " together for 32 bits; is one of them a placeholder?",
                  scaled.name(),
                  before.size(),
                  after.size()));
        }
      }
    }
    return notes;
  }
}
