package org.distill4j.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The statistics of one column of the training examples, counted up cell by cell. */
public sealed interface ColumnFit {
  /** The column as it was counted. */
  Column column();

  /** Counts a column of numbers. */
  final class Numbers implements ColumnFit {
    private final Column.Scaled plain;
    private final Scaling scaling;
    private final double unit; // of what is counted, so that squares stay within 64 bits
    private long count;
    private long empty;
    private double mean;
    private double squares; // of the distances to the mean
    private double least = Double.POSITIVE_INFINITY;
    private double most = Double.NEGATIVE_INFINITY;

    /**
     * Begins.
     *
     * @param column as it is read, with the size of its numbers; its scale is found here
     */
    public Numbers(Column.Scaled column, Scaling scaling) {
      this.plain = column;
      this.scaling = scaling;
      this.unit = column.log() ? 1 : column.scale();
    }

    /**
     * Adds a cell: mean and squares by Welford's recurrence, which loses nothing where the mean is
     * large beside the deviations.
     *
     * @param raw NaN for a missing one
     */
    public void add(double raw) {
      if (Double.isNaN(raw)) {
        empty++;
        return;
      }
      double x = plain.curved(raw) / unit;
      count++;
      double distance = x - mean;
      mean += distance / count;
      squares += distance * (x - mean);
      least = Math.min(least, x);
      most = Math.max(most, x);
    }

    @Override
    public Column column() {
      double deviation = Math.sqrt(squares / Math.max(1, count));
      double offset = 0;
      double scale = 1;
      if (count > 0 && scaling == Scaling.STANDARD) {
        offset = mean;
        scale = deviation;
      } else if (count > 0 && scaling == Scaling.MIN_MAX) {
        offset = least;
        scale = most - least;
      }
      double size = Math.min(scale * unit, Double.MAX_VALUE);
      return plain.fitted(offset * unit, size > 0 ? size : 1, empty > 0);
    }
  }

  /** Counts a column of names. */
  final class Names implements ColumnFit {
    private final String name;
    private final List<String> dictionary;
    private final long[] counts;
    private final int most;
    private long empty;

    /**
     * Begins.
     *
     * @param dictionary every name there may be; cells are its indices
     * @param most how many names get a place of their own, the commonest first, at least 1
     */
    public Names(String name, List<String> dictionary, int most) {
      this.name = name;
      this.dictionary = List.copyOf(dictionary);
      this.counts = new long[dictionary.size()];
      this.most = most;
    }

    /**
     * Adds a cell.
     *
     * @param code an index into the dictionary, or -1 for a missing one
     */
    public void add(int code) {
      if (code < 0) {
        empty++;
      } else {
        counts[code]++;
      }
    }

    /** Names in alphabetical order; those that training examples do not have are left out. */
    @Override
    public Column column() {
      List<Integer> met =
          IntStream.range(0, counts.length)
              .filter(code -> counts[code] > 0)
              .boxed()
              .sorted(
                  Comparator.<Integer>comparingLong(code -> -counts[code])
                      .thenComparing(dictionary::get))
              .toList();
      List<String> kept = new ArrayList<>();
      met.stream().limit(most).forEach(code -> kept.add(dictionary.get(code)));
      kept.sort(Comparator.naturalOrder());
      return new Column.Categorical(name, kept, met.size() > most, empty > 0);
    }
  }
}
