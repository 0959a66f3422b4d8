package org.distill4j.data.text;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.distill4j.data.store.ByteSource;
import org.distill4j.table.Dialect;

/**
 * A file of cells, and how it is written.
 *
 * @param dialect has a separator
 */
public record CellFile(ByteSource source, Dialect dialect) {
  /**
   * A file as it tells itself where nothing is said: a tab parts the cells of {@code .tsv}, a comma
   * all others, or a semicolon, a tab or a bar where the first line has no comma outside of quotes.
   * Spreadsheets say it in a first line, {@code sep=;}.
   *
   * @param asked what is said of it
   */
  public static CellFile of(ByteSource source, Dialect asked) {
    if (!asked.separator().isEmpty()) {
      return new CellFile(source, asked);
    }
    if (source.name().matches("(?i).*\\.tsv(\\.gz)?")) {
      return new CellFile(source, asked.separator('\t'));
    }
    return new CellFile(source, asked.separator(FirstRecord.separator(source, asked)));
  }

  /** What messages call it. */
  public String name() {
    return source.name();
  }

  /** What sentences call it: its name without its folder. */
  public String shortName() {
    return source.file().map(file -> file.getFileName().toString()).orElse(source.name());
  }

  /** Opens it. */
  public CellReader open() {
    return new CellReader(source, dialect);
  }

  /** The first records, fewer where the file has no more. */
  public List<List<String>> first(int most) {
    List<List<String>> records = new ArrayList<>();
    try (CellReader reader = open()) {
      for (List<String> next = reader.next(); next != null; next = reader.next()) {
        records.add(next);
        if (records.size() == most) {
          break;
        }
      }
      return records;
    } catch (IOException e) {
      throw source.unreadable(e);
    }
  }
}
