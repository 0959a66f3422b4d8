package org.distill4j.data.cells;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.distill4j.data.store.RowFile;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.fault.InputFault;
import org.distill4j.table.Column;

/**
 * A table as its file has it, parsed once: per row 64 bits for each column, then for the truth. A
 * cell of numbers is the number, NaN if it is empty; a cell of names is the name's place in the
 * column's dictionary, -1 if it is empty.
 */
public final class RawTable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A column.
   *
   * @param column how its cells are read; fitted only where it is a model's
   * @param dictionary the names it has; none for numbers
   * @param distinct how many different values it has, about; -1 where nobody counted
   * @param empty how many cells have no value; -1 before they are read
   * @param full whether every cell has to have a value
   */
  public record RawColumn(
      Column column, List<String> dictionary, long distinct, long empty, boolean full) {
    public RawColumn {
      dictionary = List.copyOf(dictionary);
    }

    /** As it is read, whatever it was counted or fitted. */
    public static RawColumn of(Column column) {
      return new RawColumn(column, List.of(), -1, -1, false);
    }

    /** One whose every cell has to have a value. */
    public static RawColumn full(Column column) {
      return new RawColumn(column, List.of(), -1, -1, true);
    }

    /** One of which so many values were counted. */
    RawColumn distinct(long values) {
      return new RawColumn(column, dictionary, values, empty, full);
    }

    /** Once its cells are read. */
    RawColumn read(List<String> names, long without) {
      return new RawColumn(column, names, distinct, without, full);
    }

    /** Whether the file it is of was looked over for what its columns are. */
    boolean isSurveyed() {
      return distinct >= 0;
    }

    public String name() {
      return column.name();
    }

    /** All that the reading of its cells depends on. */
    String reading() {
      String kind =
          column instanceof Column.Dated dated
              ? "date " + dated.format()
              : column instanceof Column.Categorical
                  ? "names"
                  : column instanceof Column.Numeric ? "32 bits" : "64 bits";
      return name() + " " + kind + (full ? " full" : "");
    }
  }

  /**
   * A column that a model does not see.
   *
   * @param distinct how many different values it has, about; -1 where nobody counted
   * @param empty how many cells without a value, likewise
   */
  record LeftOut(String name, long distinct, long empty, String why) {}

  /**
   * What a file says of itself.
   *
   * @param columns those the model may see
   * @param leftOut those it may not
   * @param label the columns of the truth
   * @param names what the answers are called
   * @param notes what a person should know of the columns
   */
  public record Head(
      List<RawColumn> columns,
      List<LeftOut> leftOut,
      List<String> label,
      List<String> names,
      List<String> notes) {
    public Head {
      columns = List.copyOf(columns);
      label = List.copyOf(label);
      names = List.copyOf(names);
      leftOut = List.copyOf(leftOut);
      notes = List.copyOf(notes);
    }

    String json() {
      try {
        return JSON.writeValueAsString(this);
      } catch (JsonProcessingException e) {
        throw new AssertionError(e);
      }
    }
  }

  private final String file;
  private final RowFile rows;
  private final Head head;
  private final String sha256;

  /** Opens what {@link TableParser} wrote. */
  RawTable(String file, UnpackedFolder.Unpacked content) {
    this.file = file;
    this.rows = new RowFile(content.file());
    this.sha256 = content.sha256();
    try {
      this.head = JSON.readValue(rows.text(), Head.class);
    } catch (JsonProcessingException e) {
      throw new InputFault(file + ": its parsed form in the cache cannot be read; empty it", e);
    }
  }

  /** What messages call the file. */
  String file() {
    return file;
  }

  public Head head() {
    return head;
  }

  RowFile rows() {
    return rows;
  }

  /** The digest of the parsed content. */
  String sha256() {
    return sha256;
  }

  /** The cell of a column. */
  double cell(long row, int column) {
    int at = Double.BYTES * column;
    long low = rows.intAt(row, at) & 0xffff_ffffL;
    return Double.longBitsToDouble((long) rows.intAt(row, at + Integer.BYTES) << 32 | low);
  }

  /** One of the numbers that are a row's truth. */
  double truth(long row, int place) {
    return cell(row, head.columns().size() + place);
  }
}
