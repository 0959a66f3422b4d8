package org.distill4j.softlabels;

import java.util.Arrays;

/**
 * The assignment of columns to rows, each once, whose counts sum to the most. Of several such, one
 * that leaves the most rows with the column of their own number.
 *
 * <p>Shortest augmenting paths with potentials, in cubic time (Jonker and Volgenant, 1987).
 *
 * @see <a href="https://doi.org/10.1007/BF02278710">Jonker and Volgenant, 1987</a>
 */
final class Assignment {
  private static final int NONE = -1;

  private final long[][] costs;
  private final int n;
  private final long[] rowPotential;
  private final long[] columnPotential;
  private final int[] rowOf;

  private Assignment(int[][] counts) {
    this.n = counts.length;
    this.costs = new long[n][n];
    for (int row = 0; row < n; row++) {
      for (int column = 0; column < n; column++) {
        // a count outweighs all preferences for a row's own column
        costs[row][column] = -((long) counts[row][column] * (n + 1) + (row == column ? 1 : 0));
      }
    }
    this.rowPotential = new long[n];
    this.columnPotential = new long[n];
    this.rowOf = new int[n];
    Arrays.fill(rowOf, NONE);
  }

  /** The column of each row. */
  static int[] of(int[][] counts) {
    Assignment assignment = new Assignment(counts);
    for (int row = 0; row < assignment.n; row++) {
      assignment.add(row);
    }
    int[] columns = new int[assignment.n];
    for (int column = 0; column < assignment.n; column++) {
      columns[assignment.rowOf[column]] = column;
    }
    return columns;
  }

  /** Gives one row more a column, along the shortest path of exchanges to a free one. */
  private void add(int first) {
    long[] distance = new long[n];
    int[] before = new int[n]; // the column before it on the path
    boolean[] done = new boolean[n];
    Arrays.fill(distance, Long.MAX_VALUE);
    Arrays.fill(before, NONE);
    int row = first;
    int last = NONE;
    long sofar = 0;
    while (true) {
      int next = NONE;
      for (int column = 0; column < n; column++) {
        if (!done[column]) {
          long length = sofar + costs[row][column] - rowPotential[row] - columnPotential[column];
          if (length < distance[column]) {
            distance[column] = length;
            before[column] = last;
          }
          next = next == NONE || distance[column] < distance[next] ? column : next;
        }
      }
      sofar = distance[next];
      done[next] = true;
      last = next;
      if (rowOf[next] == NONE) {
        break;
      }
      row = rowOf[next];
    }
    rowPotential[first] += sofar;
    for (int column = 0; column < n; column++) {
      if (done[column] && column != last) {
        rowPotential[rowOf[column]] += sofar - distance[column];
        columnPotential[column] -= sofar - distance[column];
      }
    }
    for (int column = last; column != NONE; column = before[column]) {
      rowOf[column] = before[column] == NONE ? first : rowOf[before[column]];
    }
  }
}
