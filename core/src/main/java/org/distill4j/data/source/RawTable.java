package org.distill4j.data.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.distill4j.data.store.RowFile;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.fault.InputFault;

/**
 * A table as its file has it, parsed once: per row a float for each column, then the truth. A cell
 * of numbers is the number, NaN if it is empty; a cell of names is the name's place in the column's
 * dictionary, -1 if it is empty.
 */
final class RawTable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A column.
   *
   * @param numeric whether its cells are numbers
   * @param dictionary the names it has; none for numbers
   */
  record RawColumn(String name, boolean numeric, List<String> dictionary) {
    RawColumn {
      dictionary = List.copyOf(dictionary);
    }
  }

  /**
   * What a file says of itself.
   *
   * @param columns those the model may see
   * @param label the columns of the truth
   * @param names what the answers are called
   */
  record Head(List<RawColumn> columns, List<String> label, List<String> names) {
    Head {
      columns = List.copyOf(columns);
      label = List.copyOf(label);
      names = List.copyOf(names);
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

  Head head() {
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
  float cell(long row, int column) {
    return rows.floatAt(row, Float.BYTES * column);
  }
}
