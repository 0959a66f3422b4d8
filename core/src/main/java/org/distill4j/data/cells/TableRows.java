package org.distill4j.data.cells;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distill4j.data.store.ByteSource;
import org.distill4j.data.text.CellFile;
import org.distill4j.data.text.CellReader;
import org.distill4j.data.text.Header;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.table.Cells;
import org.distill4j.table.Dialect;
import org.distill4j.table.Table;

/**
 * Rows of a CSV or TSV file as a model takes them, whatever else the file has.
 *
 * @param rows one per line, each of the table's width
 * @param truths what the file says of each, as it is spelled; blank where it says nothing
 * @param notes how many of their cells no training example is like, a sentence each
 * @param leftOut how many rows more the file has
 */
public record TableRows(List<float[]> rows, List<String> truths, List<String> notes, long leftOut) {
  /** Takes copies. */
  public TableRows {
    rows = List.copyOf(rows);
    truths = List.copyOf(truths);
    notes = List.copyOf(notes);
  }

  /**
   * Reads the first rows of a file for a model that takes rows of a table or of numbers. The file
   * is written as those are that the model was trained on. Its header names the columns, in any
   * order; without a header it has just the columns that the model takes, or those of the training
   * file; where that had none either, columns go by their places.
   *
   * @param most how many rows to read, at least 1
   * @throws InputFault if a column is missing, a number is none, or there are no rows
   */
  public static TableRows read(Path file, Graph model, int most) {
    Dialect dialect = Metadata.dialect(model).orElse(Dialect.USUAL);
    return Metadata.table(model)
        .map(table -> read(file, table, dialect, most))
        .orElseGet(() -> NumberRows.read(file, model, dialect, most));
  }

  public static TableRows read(Path file, Table table, Dialect dialect, int most) {
    ByteSource source = ByteSource.of(file);
    CellFile written = CellFile.of(source, dialect);
    List<List<String>> first = written.first(Header.LOOKED_AT);
    if (first.isEmpty()) {
      throw new InputFault(file + ": no lines (expected: rows)");
    }
    Header header =
        Header.taking(table.names(), first, dialect.header(), table.missing())
            .distinct(file.toString());
    try (CellReader lines = written.open()) {
      List<String> names = header.names();
      int[] places = places(file, table, names);
      int[] truths = table.label().stream().mapToInt(names::indexOf).toArray();
      int count = names.size();
      List<float[]> rows = new ArrayList<>();
      List<String> said = new ArrayList<>();
      UnseenCells unseen = new UnseenCells();
      List<String> cells = lines.next();
      cells = header.inFile() ? lines.next() : cells;
      for (; cells != null && rows.size() < most; cells = lines.next()) {
        if (cells.size() != count) {
          throw lines.otherLength(cells.size(), header.expected());
        }
        List<String> taken = picked(cells, places);
        rows.add(table.encode(taken, file + ":" + lines.number()));
        unseen.add(table, taken);
        said.add(said(picked(cells, truths), table));
      }
      if (rows.isEmpty()) {
        throw new InputFault(file + ": a header only (expected: rows)");
      }
      long leftOut = 0;
      for (; cells != null; cells = lines.next()) {
        leftOut++;
      }
      return new TableRows(rows, said, unseen.notes(file.toString(), table, rows.size()), leftOut);
    } catch (IOException e) {
      throw source.unreadable(e);
    }
  }

  /**
   * The name that a cell of the truth means, such as {@code 1} for {@code 1.0} or {@code True}; the
   * cell itself if it means none.
   */
  public static String meant(String cell, List<String> names) {
    int place = new ClassNames(names, false).place(cell);
    return place < 0 ? cell : names.get(place);
  }

  private static int[] places(Path file, Table table, List<String> header) {
    Map<String, Integer> named = Header.places(header);
    return table.names().stream()
        .mapToInt(
            name -> {
              Integer place = named.get(name);
              if (place == null) {
                throw new InputFault(
                    "%s: no column '%s' (expected: the columns the model takes: %s)"
                        .formatted(file, name, Header.shown(table.names())));
              }
              return place;
            })
        .toArray();
  }

  /** What a row says of the truth, counted from where the table counts it. */
  private static String said(List<String> cells, Table table) {
    List<String> said = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      double number =
          cells.size() == table.origins().size() ? Cells.wide(cells.get(i)) : Double.NaN;
      said.add(Double.isNaN(number) ? cells.get(i) : "" + (float) (number - table.origin(i)));
    }
    return String.join(", ", said);
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
