package org.distill4j.data.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.distill4j.data.store.ByteSource;
import org.distill4j.data.text.CellFile;
import org.distill4j.data.text.CellReader;
import org.distill4j.fault.InputFault;
import org.distill4j.table.Dialect;
import org.distill4j.table.Table;

/**
 * Rows of a CSV or TSV file as a model takes them, whatever else the file has.
 *
 * @param rows one per line, each of the table's width
 * @param truths what the file says of each, as it is spelled; blank where it says nothing
 * @param leftOut how many rows more the file has
 */
public record TableRows(List<float[]> rows, List<String> truths, long leftOut) {
  /** Takes copies. */
  public TableRows {
    rows = List.copyOf(rows);
    truths = List.copyOf(truths);
  }

  /**
   * Reads the first rows of a file. Its header names the columns, in any order; without a header it
   * has just the table's columns.
   *
   * @param most how many rows to read, at least 1
   * @throws InputFault if a column is missing, a number is none, or there are no rows
   */
  public static TableRows read(Path file, Table table, int most) {
    ByteSource source = ByteSource.of(file);
    try (CellReader lines = CellFile.of(source, Dialect.USUAL).open()) {
      List<String> first = lines.next();
      if (first == null) {
        throw new InputFault(file + ": no lines (expected: rows)");
      }
      boolean header = first.stream().anyMatch(table.names()::contains);
      int[] places = places(file, table, header ? first : table.names());
      int[] truths = table.label().stream().mapToInt(header ? first::indexOf : l -> -1).toArray();
      int count = header ? first.size() : places.length;
      List<float[]> rows = new ArrayList<>();
      List<String> said = new ArrayList<>();
      List<String> cells = header ? lines.next() : first;
      for (; cells != null && rows.size() < most; cells = lines.next()) {
        if (cells.size() != count) {
          throw lines.otherLength(cells.size(), "" + count);
        }
        rows.add(table.encode(picked(cells, places), file + ":" + lines.number()));
        said.add(String.join(", ", picked(cells, truths)));
      }
      if (rows.isEmpty()) {
        throw new InputFault(file + ": a header only (expected: rows)");
      }
      long leftOut = 0;
      for (; cells != null; cells = lines.next()) {
        leftOut++;
      }
      return new TableRows(rows, said, leftOut);
    } catch (IOException e) {
      throw source.unreadable(e);
    }
  }

  private static int[] places(Path file, Table table, List<String> header) {
    return table.names().stream()
        .mapToInt(
            name -> {
              int place = header.indexOf(name);
              if (place < 0) {
                throw new InputFault(
                    "%s: no column '%s' (expected: the columns the model takes: %s)"
                        .formatted(file, name, table.names()));
              }
              return place;
            })
        .toArray();
  }

  private static List<String> picked(List<String> cells, int[] places) {
    List<String> picked = new ArrayList<>();
    for (int place : places) {
      if (place >= 0) {
        picked.add(cells.get(place));
      }
    }
    return picked;
  }
}
