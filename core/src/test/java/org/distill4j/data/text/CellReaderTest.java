package org.distill4j.data.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.distill4j.Seeds;
import org.distill4j.data.store.ByteSource;
import org.distill4j.fault.InputFault;
import org.distill4j.table.Dialect;
import org.distill4j.table.Quotes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CellReaderTest {
  /** A character set, the mark that begins its files, and letters that it has. */
  private record Alphabet(String encoding, String charset, String mark, String letters) {}

  private static final List<Alphabet> ALPHABETS =
      List.of(
          new Alphabet("", "UTF-8", "", "aé狗🐕ß"),
          new Alphabet("", "UTF-8", "\ufeff", "aé狗🐕ß"),
          new Alphabet("", "UTF-16LE", "\ufeff", "aé狗🐕ß"),
          new Alphabet("", "UTF-16BE", "\ufeff", "aé狗🐕ß"),
          new Alphabet("", "UTF-32LE", "\ufeff", "aé狗🐕ß"),
          new Alphabet("utf-16", "UTF-16LE", "", "aéßñž"),
          new Alphabet("UTF_16", "UTF-16BE", "", "aéßñž"),
          new Alphabet("utf-16", "UTF-16LE", "\ufeff", "aéßñ狗"),
          new Alphabet("utf-8-sig", "UTF-8", "\ufeff", "aé狗🐕ß"),
          new Alphabet("gbk", "GBK", "", "a狗鱼猫鸟"),
          new Alphabet("cp936", "GBK", "", "a狗鱼猫鸟"),
          new Alphabet("Windows-1251", "windows-1251", "", "aжщыё"),
          new Alphabet("cp1252", "windows-1252", "", "aéßñ€"),
          new Alphabet("latin1", "ISO-8859-1", "", "aéßñü"),
          new Alphabet("latin-1", "ISO-8859-1", "", "aéßñü"),
          new Alphabet("shift_jis", "Shift_JIS", "", "a犬魚表ソ"),
          new Alphabet("euc-kr", "EUC-KR", "", "a개고양새"));

  @TempDir Path folder;

  @Test
  void next_anyCellsAsRfc4180WritesThem_comeBack() {
    Random random = new Random(Seeds.of(11));
    for (Alphabet alphabet : ALPHABETS) {
      char separator = ",;\t|".charAt(random.nextInt(4));
      List<List<String>> records = records(random, alphabet.letters() + "x1 \"',;\t|\\\n\r");
      String end = List.of("\n", "\r\n", "\r").get(random.nextInt(3));
      StringBuilder text = new StringBuilder(alphabet.mark());
      for (List<String> record : records) {
        for (int c = 0; c < record.size(); c++) {
          text.append(c == 0 ? "" : separator).append(written(random, record.get(c)));
        }
        text.append(end);
      }
      byte[] bytes = text.toString().getBytes(Charset.forName(alphabet.charset()));
      Dialect dialect =
          new Dialect("" + separator, "", List.of(), alphabet.encoding(), Quotes.DOUBLED);
      assertThat(read(bytes, dialect)).as(alphabet.toString()).isEqualTo(records);
    }
  }

  @Test
  void next_bareQuotes_areCharacters() {
    assertThat(read("a,9\" pipe,b \"c\" d\n", comma()))
        .containsExactly(List.of("a", "9\" pipe", "b \"c\" d"));
    assertThat(read(" \"a, b\" ,\"\"\n", comma())).containsExactly(List.of("a, b", ""));
  }

  @Test
  void next_quotesByBackslashOrNone_areReadAsAsked() {
    String text = "\"9\\\" pipe, red\",\"c:\\\\x\"\n";
    Dialect backslash = new Dialect(",", "", List.of(), "", Quotes.BACKSLASH);
    assertThat(read(text, backslash)).containsExactly(List.of("9\" pipe, red", "c:\\x"));
    Dialect none = new Dialect(",", "", List.of(), "", Quotes.NONE);
    assertThat(read("\"a\" b,c\n", none)).containsExactly(List.of("\"a\" b", "c"));
  }

  @Test
  void next_backslashBeforeAQuote_isTold() {
    assertThatThrownBy(() -> read("a,b\n1,\"9\\\" pipe, red\"\n", comma()))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("x.csv:2: text behind the closing quote")
        .hasMessageContaining("give 'quotes: backslash'");
    assertThatThrownBy(() -> read("a,b\n\"9\\\"\",q\n\"8\\\"\",p\n", comma()))
        .hasMessageContaining("quotes: backslash");
    assertThatThrownBy(() -> read("a,b\n1,\"two\nthree\n", comma()))
        .hasMessageContaining("x.csv:2: a cell is quoted and never ends: \"two three")
        .hasMessageNotContaining("\n");
  }

  @Test
  void number_cellsOfSeveralLines_isWhereTheRecordBegins() {
    byte[] bytes = "# c\n\na,\"b\nc\"\r\n  \r\nd,e\n".getBytes(UTF_8);
    Dialect dialect = new Dialect(",", "#", List.of(), "", Quotes.DOUBLED);
    try (CellReader reader = new CellReader(source(bytes), dialect)) {
      assertThat(reader.next()).containsExactly("a", "b\nc");
      assertThat(reader.number()).isEqualTo(3);
      assertThat(reader.next()).containsExactly("d", "e");
      assertThat(reader.number()).isEqualTo(6);
      assertThat(reader.next()).isNull();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void next_bytesOfAnotherEncoding_areRefusedWithLineAndOffset() {
    Random random = new Random(Seeds.of(12));
    for (int trial = 0; trial < 20; trial++) {
      int line = 1 + random.nextInt(9000);
      String before = "1.25,abc\n".repeat(line - 1) + "7,p";
      byte[] bytes = (before + "\u00eache\n" + "1,x\n".repeat(5)).getBytes(ISO_8859_1);
      String expected =
          "x.csv:%d: byte 0xea at offset %d is not UTF-8".formatted(line, before.length());
      assertThatThrownBy(() -> read(bytes, comma()))
          .isInstanceOf(InputFault.class)
          .hasMessageContaining(expected)
          .hasMessageContaining("encoding: windows-1252");
    }
  }

  @Test
  void next_encodingThatTheBytesAreNot_isRefused() {
    assertThatThrownBy(() -> read("a,\u0628\n".getBytes(UTF_8), encoded("us-ascii")))
        .hasMessageContaining("x.csv:1: byte 0xd8 at offset 2 is not US-ASCII");
    assertThatThrownBy(() -> read("\ufeffa,b\n".getBytes(UTF_8), encoded("windows-1251")))
        .hasMessageContaining("begins with the mark of UTF-8 (expected: windows-1251)");
    byte[] wide = "a,b\n1,2\n".getBytes(Charset.forName("UTF-16LE"));
    assertThatThrownBy(() -> read(wide, comma()))
        .hasMessageContaining("x.csv:1: byte 0x00 at offset 1")
        .hasMessageContaining("is it UTF-16?");
    assertThatThrownBy(() -> encoded("latin-99"))
        .hasMessageStartingWith("encoding: latin-99 (expected: a character set, such as");
  }

  @Test
  void of_separator_isThatOfTheNameOrTheFirstLine() {
    for (char separator : List.of(',', ';', '\t', '|')) {
      String plain = "a" + separator + "b\n1" + separator + "2\n";
      List<List<String>> cells = List.of(List.of("a", "b"), List.of("1", "2"));
      assertThat(CellFile.of(source(plain.getBytes(UTF_8)), Dialect.USUAL).first(9))
          .isEqualTo(cells);
      byte[] told = ("sep=" + separator + "\r\n" + plain).getBytes(UTF_8);
      assertThat(CellFile.of(source(told), Dialect.USUAL).first(9)).isEqualTo(cells);
    }
    Dialect asked = Dialect.USUAL.separator(';');
    assertThat(CellFile.of(source("a,b;c\n".getBytes(UTF_8)), asked).first(9))
        .containsExactly(List.of("a,b", "c"));
  }

  @Test
  void of_separatorOfAQuotedFirstLine_isTheOneOutsideOfQuotes() {
    Random random = new Random(Seeds.of(71));
    for (int trial = 0; trial < 60; trial++) {
      List<Character> all = new ArrayList<>(List.of(',', ';', '\t', '|'));
      char separator = all.remove(random.nextInt(4));
      List<List<String>> cells = new ArrayList<>();
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "" : "\n  \r\n");
      for (int r = 0; r < 3; r++) {
        String inner = "x" + all.get(random.nextInt(3)) + "\"" + random.nextInt(9) + "\n";
        List<String> record = List.of("k" + inner + r, "b" + r, inner);
        cells.add(record);
        text.append(
            String.join(
                "" + separator,
                record.stream().map(c -> '"' + c.replace("\"", "\"\"") + '"').toList()));
        text.append("\r\n");
      }
      assertThat(CellFile.of(source(text.toString().getBytes(UTF_8)), Dialect.USUAL).first(9))
          .as(text.toString())
          .isEqualTo(cells);
    }
    byte[] wine = "\"fixed acidity\";\"quality\"\n7.4;5\n".getBytes(UTF_8);
    assertThat(CellFile.of(source(wine), Dialect.USUAL).first(9))
        .containsExactly(List.of("fixed acidity", "quality"), List.of("7.4", "5"));
  }

  private static List<List<String>> records(Random random, String letters) {
    int[] points = letters.codePoints().toArray();
    int width = 2 + random.nextInt(3);
    List<List<String>> records = new ArrayList<>();
    for (int r = 0; r < 400; r++) {
      List<String> record = new ArrayList<>();
      for (int c = 0; c < width; c++) {
        StringBuilder cell = new StringBuilder(c == 0 ? "k" : "");
        for (int i = random.nextInt(7); i > 0; i--) {
          cell.appendCodePoint(points[random.nextInt(points.length)]);
        }
        record.add(cell.toString());
      }
      records.add(record);
    }
    return records;
  }

  /** In quotes where they are needed, or by chance. */
  private static String written(Random random, String cell) {
    boolean plain = cell.matches("[^\\s\",;|]*") && random.nextBoolean();
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  private static Dialect comma() {
    return encoded("");
  }

  private static Dialect encoded(String encoding) {
    return new Dialect(",", "", List.of(), encoding, Quotes.DOUBLED);
  }

  private List<List<String>> read(String text, Dialect dialect) {
    return read(text.getBytes(UTF_8), dialect);
  }

  private List<List<String>> read(byte[] bytes, Dialect dialect) {
    return new CellFile(source(bytes), dialect).first(Integer.MAX_VALUE);
  }

  private ByteSource source(byte[] bytes) {
    try {
      return ByteSource.of(Files.write(folder.resolve("x.csv"), bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
