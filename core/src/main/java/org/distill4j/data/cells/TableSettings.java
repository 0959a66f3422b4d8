package org.distill4j.data.cells;

import java.util.List;
import java.util.Optional;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;
import org.distill4j.table.DateFormat;
import org.distill4j.table.Dialect;
import org.distill4j.table.Scaling;

/**
 * The settings {@code data.table}: how a CSV or TSV file is read as a table. Columns of numbers are
 * scaled, columns of names become one number per name, both by what the training examples have.
 *
 * @param header the columns' names where the file's first line is an example; empty: the first line
 *     has them
 * @param separator one character; absent: a tab for .tsv, else a comma, or a semicolon where the
 *     first line has no comma
 * @param comment lines that start so are passed over
 * @param missing spellings of an empty cell
 * @param categorical columns whose numbers are names, such as a postcode
 * @param ignored columns the model does not see
 * @param log columns of numbers of which {@code sign(x) ln(1 + |x|)} is taken first, such as sums
 *     of money
 * @param scaling how numbers are brought to one size
 * @param categories how many names of a column get a place of their own, the commonest first; the
 *     others share one
 * @param dates patterns of dates that are tried before the usual ones
 */
@Describe(
    "how a CSV or TSV file is read as a table; all that is fitted is fitted on training examples")
@DigestedAs(
    "TableSettings[header, separator, comment, missing, categorical, ignored, log, scaling,"
        + " categories, dates?]")
public record TableSettings(
    @Default("[]") @Describe("columns' names, where the first line is an example")
        List<String> header,
    @Describe("between cells; if absent, a tab for .tsv, else comma or semicolon")
        Optional<String> separator,
    @Describe("lines that start with it are passed over") Optional<String> comment,
    @Default("['', '?', NA, N/A, NaN, nan, 'null', 'NULL']") @Describe("spellings of an empty cell")
        List<String> missing,
    @Default("[]") @Describe("columns whose numbers are names") List<String> categorical,
    @Default("[]") @Describe("columns the model does not see") List<String> ignored,
    @Default("[]") @Describe("columns of which sign(x) ln(1 + |x|) is taken before scaling")
        List<String> log,
    @Default("standard") @Describe("how numbers are brought to one size") Scaling scaling,
    @Default("100")
        @Describe("names of a column with a place of their own, the commonest first, >= 1")
        int categories,
    @Default("[]") @Describe("how dates are spelled where it is not found out, such as d/M/uuuu")
        List<String> dates) {
  /** Takes copies and checks the bounds. */
  public TableSettings {
    header = List.copyOf(header);
    missing = List.copyOf(missing);
    categorical = List.copyOf(categorical);
    ignored = List.copyOf(ignored);
    log = List.copyOf(log);
    dates = List.copyOf(dates);
    dates.forEach(DateFormat::of);
    if (separator.isPresent() && separator.get().length() != 1) {
      throw new IllegalArgumentException(
          "separator: '" + separator.get() + "' (expected: one character)");
    }
    if (comment.isPresent() && comment.get().isEmpty()) {
      throw new IllegalArgumentException("comment: '' (expected: at least one character)");
    }
    if (categories < 1) {
      throw new IllegalArgumentException("categories: " + categories + " (expected: >= 1)");
    }
  }

  /** How the file is written, where nothing is said of its encoding and quotes. */
  public Dialect dialect() {
    return new Dialect(
        separator.orElse(""),
        comment.orElse(""),
        header,
        Dialect.USUAL.encoding(),
        Dialect.USUAL.quotes());
  }

  /** The same with other spellings of an empty cell. */
  public TableSettings missing(List<String> spellings) {
    return new TableSettings(
        header,
        separator,
        comment,
        spellings,
        categorical,
        ignored,
        log,
        scaling,
        categories,
        dates);
  }

  /** What is taken where nothing is said. */
  public static TableSettings defaults() {
    return new TableSettings(
        List.of(),
        Optional.empty(),
        Optional.empty(),
        List.of("", "?", "NA", "N/A", "NaN", "nan", "null", "NULL"),
        List.of(),
        List.of(),
        List.of(),
        Scaling.STANDARD,
        100,
        List.of());
  }
}
