package org.distill4j.data.text;

import java.io.IOException;
import java.util.Arrays;
import org.distill4j.data.store.ByteSource;
import org.distill4j.table.Dialect;
import org.distill4j.table.Quotes;

/**
 * The characters of a file's first record that stand outside of quotes: they tell what parts it.
 */
final class FirstRecord {
  /** What parts cells, the likeliest first. */
  private static final String SEPARATORS = ",;\t|";

  /** So many characters are held, for {@code sep=;} with blanks around it. */
  private static final int TOLD = 16;

  private final TextReader text;
  private final Quotes quotes;
  private final StringBuilder start = new StringBuilder();
  private final boolean[] met = new boolean[SEPARATORS.length()];

  private FirstRecord(TextReader text, Quotes quotes) {
    this.text = text;
    this.quotes = quotes;
  }

  /** What parts the cells of a file, a comma where nothing else does. */
  static char separator(ByteSource source, Dialect asked) {
    try (TextReader text = new TextReader(source, asked.encoding())) {
      FirstRecord record = new FirstRecord(text, asked.quotes());
      while (text.peek() >= 0) {
        if (!asked.comment().isEmpty() && text.isNext(asked.comment())) {
          text.passLine();
        } else if (record.read()) {
          return record.separator();
        }
      }
      return SEPARATORS.charAt(0);
    } catch (IOException e) {
      throw source.unreadable(e);
    }
  }

  /** Reads to the line's end; whether there is more than blanks. */
  private boolean read() throws IOException {
    boolean blank = true;
    boolean begins = true;
    for (int c = text.read(); !TextReader.endsLine(c); c = text.read()) {
      if (c == '"' && begins && quotes != Quotes.NONE) {
        passQuoted();
      }
      int place = SEPARATORS.indexOf(c);
      if (place >= 0) {
        met[place] = true;
      }
      begins = place >= 0 || (begins && Character.isWhitespace(c));
      blank &= Character.isWhitespace(c);
      if (start.length() < TOLD) {
        start.append((char) c);
      }
    }
    if (blank) {
      start.setLength(0);
      Arrays.fill(met, false);
    }
    return !blank;
  }

  /** Passes over what stands between quotes; a file that ends there is refused by who reads it. */
  private void passQuoted() throws IOException {
    for (int c = text.read(); c >= 0; c = text.read()) {
      if (c == '\\' && quotes == Quotes.BACKSLASH) {
        text.read();
      } else if (c == '"' && quotes == Quotes.DOUBLED && text.peek() == '"') {
        text.read();
      } else if (c == '"') {
        return;
      }
    }
  }

  private char separator() {
    String told = start.toString().strip();
    if (told.matches("sep=.?")) {
      return told.length() == 5 ? told.charAt(4) : '\t';
    }
    for (int place = 0; place < met.length; place++) {
      if (met[place]) {
        return SEPARATORS.charAt(place);
      }
    }
    return SEPARATORS.charAt(0);
  }
}
