package org.distill4j.data.text;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.distill4j.data.store.ByteSource;
import org.distill4j.fault.InputFault;
import org.distill4j.table.Dialect;
import org.distill4j.table.Quotes;

/**
 * The records of a file of cells. Cells are parted by a character, blanks around them are dropped;
 * a cell that begins with a quote ends with one and may hold separators, line breaks and doubled
 * quotes, as RFC 4180 has it; within any other cell a quote is a character. Blank lines are passed
 * over, and those that begin as comments do.
 */
public final class CellReader implements AutoCloseable {
  /** Longer records are refused before they fill the heap: 16 million characters. */
  private static final int LONGEST = 1 << 24;

  private static final int SHOWN = 30;

  /** What a first line {@code sep=;} holds, with which spreadsheets say how cells are parted. */
  private static final List<String> SEPARATOR_TOLD = List.of("sep=", "");

  private final ByteSource source;
  private final TextReader text;
  private final char separator;
  private final String comment;
  private final Quotes quotes;
  private final StringBuilder cell = new StringBuilder();
  private long number;
  private int length;
  private int last; // character behind the cell
  private boolean quoted;
  private boolean backslashed;

  /**
   * Opens a file.
   *
   * @param dialect has its separator
   */
  public CellReader(ByteSource source, Dialect dialect) {
    this.source = source;
    this.separator = dialect.separator().charAt(0);
    this.comment = dialect.comment();
    this.quotes = dialect.quotes();
    this.text = new TextReader(source, dialect.encoding());
  }

  /** The line, counting from 1, in which the record began that was read last. */
  public long number() {
    return number;
  }

  /** The cells of the next record; null at the end. */
  public List<String> next() {
    try {
      while (text.peek() >= 0) {
        number = text.line();
        if (!comment.isEmpty() && text.isNext(comment)) {
          text.passLine();
          continue;
        }
        List<String> cells = record();
        if (cells != null && !(number == 1 && cells.equals(SEPARATOR_TOLD))) {
          return cells;
        }
      }
      return null;
    } catch (IOException e) {
      throw source.unreadable(e);
    }
  }

  /** The cells up to the line's end; null if there is nothing but blanks. */
  private List<String> record() throws IOException {
    List<String> cells = new ArrayList<>();
    boolean blank = true;
    length = 0;
    backslashed = false;
    do {
      cells.add(cell());
      blank &= !quoted && cells.get(cells.size() - 1).isEmpty();
    } while (last == separator);
    text.passEnd(last);
    return blank && (cells.size() == 1 || Character.isWhitespace(separator)) ? null : cells;
  }

  private String cell() throws IOException {
    cell.setLength(0);
    int c = unblank(text.read());
    quoted = c == '"' && quotes != Quotes.NONE;
    if (quoted) {
      readQuoted();
      return cell.toString();
    }
    while (!endsCell(c)) {
      if (c == '\\' && quotes == Quotes.BACKSLASH && !endsCell(text.peek())) {
        c = text.read();
      }
      append(c);
      c = text.read();
    }
    last = c;
    int until = cell.length();
    while (until > 0 && Character.isWhitespace(cell.charAt(until - 1))) {
      until--;
    }
    return cell.substring(0, until);
  }

  private boolean endsCell(int c) {
    return c == separator || TextReader.endsLine(c);
  }

  private int unblank(int first) throws IOException {
    int c = first;
    while (!endsCell(c) && Character.isWhitespace(c)) {
      c = text.read();
    }
    return c;
  }

  private void append(int c) {
    cell.append((char) c);
    if (++length > LONGEST) {
      throw new InputFault(
          "%s:%s: longer than %s characters (expected: CSV)"
              .formatted(source.name(), number, LONGEST));
    }
  }

  /** Reads what stands between quotes, and what is blank behind them. */
  private void readQuoted() throws IOException {
    long opened = text.line();
    for (int c = text.read(); ; c = text.read()) {
      if (c < 0) {
        throw bad(opened, "a cell is quoted and never ends", "a closing quote");
      }
      if (c == '\\' && quotes == Quotes.BACKSLASH && text.peek() >= 0) {
        append(text.read());
      } else if (c != '"') {
        append(c);
      } else if (text.peek() == '"' && quotes == Quotes.DOUBLED) {
        append(text.read());
      } else {
        break;
      }
    }
    backslashed |= cell.length() > 0 && cell.charAt(cell.length() - 1) == '\\';
    last = unblank(text.read());
    if (!endsCell(last)) {
      throw bad(
          opened,
          "text behind the closing quote of a cell",
          "a separator; a quote within quotes is doubled");
    }
  }

  /** One line for a cell whose quotes cannot be read. */
  private InputFault bad(long line, String what, String expected) {
    boolean backslash = backslashed || cell.indexOf("\\\"") >= 0;
    return new InputFault(
        "%s:%s: %s: \"%s (expected: %s); %s"
            .formatted(
                source.name(),
                line,
                backslash ? what + ", which has a quote behind a backslash" : what,
                cell.substring(0, Math.min(cell.length(), SHOWN)).replaceAll("[\r\n]+", " "),
                expected,
                backslash
                    ? "give 'quotes: backslash', or 'quotes: none' where quotes are plain characters"
                    : "where quotes are plain characters, give 'quotes: none'"));
  }

  /**
   * One line for a record of another length.
   *
   * @param found how many cells it has
   * @param expected how many they should be, and why
   */
  public InputFault otherLength(int found, String expected) {
    return new InputFault(
        "%s:%s: %s columns (expected: %s)%s"
            .formatted(
                source.name(),
                number,
                found,
                expected,
                backslashed
                    ? "; a cell of it ends with a backslash before the quote: is it 'quotes: backslash'?"
                    : ""));
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
