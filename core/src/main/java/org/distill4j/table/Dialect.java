package org.distill4j.table;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.distill4j.settings.DigestedAs;

/**
 * How a file of cells is written. It travels with a model, so that a file like the one it was
 * trained on can be read without being described again.
 *
 * @param separator one character between cells; empty: what the file's name and first line tell
 * @param comment how lines begin that are passed over; empty: none are
 * @param header the columns' names where the file's first line is an example; empty: what the first
 *     line tells
 * @param encoding a character set's name; empty: what the mark at the file's beginning tells, else
 *     UTF-8
 * @param quotes how a cell may hold a separator
 * @see <a href="https://www.w3.org/TR/tabular-data-model/#dialect-descriptions">W3C, dialect
 *     descriptions</a>
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@DigestedAs("Dialect[separator, comment, header, encoding, quotes]")
public record Dialect(
    String separator, String comment, List<String> header, String encoding, Quotes quotes) {
  /** What is taken where nothing is said. */
  public static final Dialect USUAL = new Dialect("", "", List.of(), "", Quotes.DOUBLED);

  /** Fills in what an older file does not say, and checks the bounds. */
  public Dialect {
    separator = separator == null ? "" : separator;
    comment = comment == null ? "" : comment;
    header = header == null ? List.of() : List.copyOf(header);
    encoding = encoding == null ? "" : encoding;
    quotes = quotes == null ? Quotes.DOUBLED : quotes;
    if (separator.length() > 1) {
      throw new IllegalArgumentException(
          "separator: '" + separator + "' (expected: one character)");
    }
    if (!encoding.isEmpty()) {
      charset(encoding);
    }
  }

  /** The same with another separator. */
  public Dialect separator(char between) {
    return new Dialect("" + between, comment, header, encoding, quotes);
  }

  /**
   * The character set of a name, in whichever way it is spelled: {@code latin1}, {@code utf_8},
   * {@code utf-8-sig}, {@code cp1251}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Charset charset(String name) {
    String plain = name.strip().toLowerCase(Locale.ROOT).replaceFirst("[-_]sig$", "");
    if (plain.equals("utf-16") || plain.equals("utf16") || plain.equals("utf_16")) {
      return StandardCharsets.UTF_16;
    }
    return Stream.of(plain, plain.replace('_', '-'), plain.replaceAll("[-_]", ""))
        .filter(Dialect::isCharset)
        .findFirst()
        .map(Charset::forName)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "encoding: "
                        + name
                        + " (expected: a character set, such as utf-8, windows-1251, latin1, gbk"
                        + " or utf-16)"));
  }

  private static boolean isCharset(String name) {
    try {
      return Charset.isSupported(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return false;
    }
  }
}
