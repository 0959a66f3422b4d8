package org.distill4j.data.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.distill4j.data.store.ByteSource;
import org.distill4j.fault.InputFault;

/**
 * The lines of a CSV file in UTF-8 as cells: separated by commas or another character, blanks
 * around them dropped, in double quotes where they hold a separator. A cell ends with its line.
 * Blank lines are passed over, and those that start as comments do.
 */
final class CsvLines implements AutoCloseable {
  /** Longer lines are refused before they fill the heap: 16 million characters. */
  private static final int MAX_LINE = 1 << 24;

  private final ByteSource source;
  private final BufferedReader reader;
  private final char separator;
  private final String comment;
  private final StringBuilder line = new StringBuilder();
  private long number;

  CsvLines(ByteSource source) {
    this(source, ',', null);
  }

  /**
   * Opens a file.
   *
   * @param comment how lines begin that are passed over, or null
   */
  CsvLines(ByteSource source, char separator, String comment) {
    this.source = source;
    this.separator = separator;
    this.comment = comment;
    this.reader = new BufferedReader(new InputStreamReader(source.open(), StandardCharsets.UTF_8));
  }

  /** The number of the line that was read last, counting from 1. */
  long number() {
    return number;
  }

  /** The cells of the next line that is not blank; null at the end. */
  List<String> next() {
    try {
      while (readLine()) {
        number++;
        boolean passed = comment != null && line.indexOf(comment) == 0;
        if (!passed && !line.toString().isBlank()) {
          return cells();
        }
      }
      return null;
    } catch (IOException e) {
      throw source.unreadable(e);
    }
  }

  private boolean readLine() throws IOException {
    line.setLength(0);
    int c = reader.read();
    if (c < 0) {
      return false;
    }
    for (; c >= 0 && c != '\n'; c = reader.read()) {
      boolean byteOrderMark = c == '\ufeff' && number == 0 && line.isEmpty();
      if (c != '\r' && !byteOrderMark) {
        line.append((char) c);
      }
      if (line.length() > MAX_LINE) {
        throw new InputFault(
            "%s:%d: longer than %d characters (expected: CSV)"
                .formatted(source.name(), number + 1, MAX_LINE));
      }
    }
    return true;
  }

  private List<String> cells() {
    List<String> cells = new ArrayList<>();
    int at = 0;
    while (at <= line.length()) {
      int end = cellEnd(at);
      cells.add(unquoted(line.substring(at, end).strip()));
      at = end + 1;
    }
    return cells;
  }

  /** Where the separator behind the cell is, or the end of the line. */
  private int cellEnd(int start) {
    boolean quoted = false;
    int at = start;
    while (at < line.length() && (quoted || line.charAt(at) != separator)) {
      quoted ^= line.charAt(at) == '"';
      at++;
    }
    return at;
  }

  private static String unquoted(String cell) {
    boolean quoted = cell.length() >= 2 && cell.startsWith("\"") && cell.endsWith("\"");
    return quoted ? cell.substring(1, cell.length() - 1).replace("\"\"", "\"") : cell;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
