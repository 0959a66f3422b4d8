package org.distill4j.data.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.distill4j.data.source.RawTable.RawColumn;
import org.distill4j.data.store.ByteSource;
import org.distill4j.data.store.RowWriter;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.TaskType;
import org.distill4j.settings.DigestText;
import org.distill4j.storage.Sha256;
import org.distill4j.table.Cells;

/**
 * Parses a file of cells into a {@link RawTable}, once: it is kept in the user's cache.
 *
 * @param known what the columns are where that was found before, on the training file or by a
 *     model; then the file is held to it
 */
record TableParser(
    ByteSource source,
    TableSettings settings,
    TargetColumns truth,
    Optional<List<RawColumn>> known) {
  /** More different names in a column are taken for free text. */
  private static final int MOST_NAMES = 1_000_000;

  private static final int SHOWN = 40;

  /** Of a file whose columns do not matter. */
  TableParser(ByteSource source, TableSettings settings) {
    this(
        source,
        settings,
        new TargetColumns(TaskType.SINGLE_LABEL, List.of(), List.of(), ""),
        Optional.empty());
  }

  RawTable open(UnpackedFolder unpacked) {
    String key =
        Sha256.ofTexts(
            "table 2",
            source.sum().sha256(),
            separator() + "",
            DigestText.of(settings),
            DigestText.of(truth),
            known.map(TableParser::kinds).toString());
    return new RawTable(source.name(), unpacked.open(key, this::parse));
  }

  private static List<String> kinds(List<RawColumn> columns) {
    return columns.stream().map(c -> c.name() + (c.numeric() ? " numeric" : " names")).toList();
  }

  /** What parts the cells. */
  char separator() {
    if (settings.separator().isPresent()) {
      return settings.separator().get().charAt(0);
    }
    if (source.name().matches(".*\\.tsv(\\.gz)?")) {
      return '\t';
    }
    try (CsvLines lines = lines(',')) {
      List<String> first = lines.next();
      return first != null && first.size() == 1 && first.get(0).indexOf(';') >= 0 ? ';' : ',';
    } catch (IOException e) {
      throw source.unreadable(e);
    }
  }

  private CsvLines lines(char separator) {
    return new CsvLines(source, separator, settings.comment().orElse(null));
  }

  private void parse(FileChannel to) throws IOException {
    char separator = separator();
    List<String> header = header(separator);
    List<Integer> truths = truth.places(source.name(), header);
    List<String> label = truths.stream().map(header::get).toList();
    Survey survey = new Survey(header, truths);
    if (known.isEmpty() || truth.collects()) {
      forEach(separator, header, survey::see);
    }
    List<RawColumn> kinds = known.orElseGet(survey::columns);
    int[] places = places(kinds, header);
    List<String> names = truth.names(source.name(), header, survey.met);
    List<Map<String, Integer>> dictionaries = new ArrayList<>();
    kinds.forEach(kind -> dictionaries.add(new HashMap<>()));
    ClassNames answers = new ClassNames(names, false);
    double[] answer = new double[truth.width(names)];
    RowWriter rows = new RowWriter(to, Float.BYTES * (kinds.size() + answer.length));
    forEach(
        separator,
        header,
        (line, cells) -> {
          ByteBuffer row = rows.next();
          for (int c = 0; c < places.length; c++) {
            String cell = cells.get(places[c]);
            row.putFloat(
                kinds.get(c).numeric()
                    ? number(line, kinds.get(c).name(), cell)
                    : code(kinds.get(c).name(), cell, dictionaries.get(c)));
          }
          List<String> said = truths.stream().map(t -> known(cells.get(t))).toList();
          Optional<String> wrong = truth.read(said, answers, answer);
          if (wrong.isPresent()) {
            throw bad(line, String.join(", ", label), String.join(", ", said), wrong.get());
          }
          for (double value : answer) {
            row.putFloat((float) value);
          }
        });
    if (rows.count() == 0) {
      throw new InputFault(source.name() + ": a header only (expected: at least one example)");
    }
    List<RawColumn> columns = new ArrayList<>();
    for (int c = 0; c < kinds.size(); c++) {
      columns.add(
          new RawColumn(kinds.get(c).name(), kinds.get(c).numeric(), inOrder(dictionaries.get(c))));
    }
    rows.finish(new RawTable.Head(columns, label, names).json());
  }

  private static List<String> inOrder(Map<String, Integer> dictionary) {
    String[] names = new String[dictionary.size()];
    dictionary.forEach((name, code) -> names[code] = name);
    return List.of(names);
  }

  private List<String> header(char separator) throws IOException {
    if (!settings.header().isEmpty()) {
      return settings.header();
    }
    try (CsvLines lines = lines(separator)) {
      List<String> first = lines.next();
      if (first == null) {
        throw new InputFault(source.name() + ": no lines (expected: a header and examples)");
      }
      if (first.size() < 2 || first.stream().distinct().count() < first.size()) {
        throw new InputFault(
            "%s:%d: header %s (expected: at least two columns, each name once)"
                .formatted(source.name(), lines.number(), first));
      }
      return first;
    }
  }

  /** Hears of each example. */
  private interface Row {
    void accept(long line, List<String> cells) throws IOException;
  }

  private void forEach(char separator, List<String> header, Row row) throws IOException {
    try (CsvLines lines = lines(separator)) {
      if (settings.header().isEmpty()) {
        lines.next();
      }
      for (List<String> cells = lines.next(); cells != null; cells = lines.next()) {
        if (cells.size() != header.size()) {
          throw new InputFault(
              "%s:%d: %d columns (expected: %d, as the header has)"
                  .formatted(source.name(), lines.number(), cells.size(), header.size()));
        }
        row.accept(lines.number(), cells);
      }
    }
  }

  /** Where the columns are in this file. */
  private int[] places(List<RawColumn> columns, List<String> header) {
    return columns.stream()
        .mapToInt(
            column -> {
              int place = header.indexOf(column.name());
              if (place < 0) {
                throw new InputFault(
                    "%s: no column '%s' (expected: the columns of the training examples; it has %s)"
                        .formatted(source.name(), column.name(), header));
              }
              return place;
            })
        .toArray();
  }

  private float number(long line, String column, String cell) {
    if (settings.missing().contains(cell)) {
      return Float.NaN;
    }
    float value = Cells.number(cell);
    if (Float.isNaN(value)) {
      throw bad(line, column, cell, "a finite number, as the training examples have");
    }
    return value;
  }

  private int code(String column, String cell, Map<String, Integer> dictionary) {
    if (settings.missing().contains(cell)) {
      return -1;
    }
    int next = dictionary.size();
    if (next == MOST_NAMES) {
      throw new InputFault(
          "%s column '%s': more than %,d different names (expected: names that repeat); add it to table.ignored"
              .formatted(source.name(), column, MOST_NAMES));
    }
    return dictionary.computeIfAbsent(cell, name -> next);
  }

  /** A cell, empty for all spellings of that. */
  private String known(String cell) {
    return settings.missing().contains(cell) ? "" : cell;
  }

  private InputFault bad(long line, String column, String cell, String expected) {
    String shown = cell.length() > SHOWN ? cell.substring(0, SHOWN) + "..." : cell;
    return new InputFault(
        "%s:%d column '%s': '%s' (expected: %s)"
            .formatted(source.name(), line, column, shown, expected));
  }

  /** Looks over a file for what its columns are. */
  private final class Survey {
    final TreeSet<String> met = new TreeSet<>();
    private final List<String> header;
    private final List<Integer> truths;
    private final boolean[] names;

    Survey(List<String> header, List<Integer> truths) {
      this.header = header;
      this.truths = truths;
      this.names = new boolean[header.size()];
      requireKnown(settings.ignored(), "ignored");
      requireKnown(settings.categorical(), "categorical");
      requireKnown(settings.log(), "log");
      settings.categorical().forEach(name -> names[header.indexOf(name)] = true);
    }

    private void requireKnown(List<String> columns, String setting) {
      for (String name : columns) {
        if (!header.contains(name)) {
          throw new InputFault(
              "table.%s: '%s' (expected: a column of %s, which has %s)"
                  .formatted(setting, name, source.name(), header));
        }
      }
    }

    void see(long line, List<String> cells) {
      for (int c = 0; c < names.length; c++) {
        if (!names[c] && !settings.missing().contains(cells.get(c))) {
          names[c] = Float.isNaN(Cells.number(cells.get(c)));
        }
      }
      if (truth.collects()) {
        String label = cells.get(truths.get(0));
        boolean empty = settings.missing().contains(label);
        if (empty && truth.task() == TaskType.SINGLE_LABEL) {
          throw bad(line, header.get(truths.get(0)), label, "a label");
        }
        met.addAll(truth.namesIn(known(label)));
      }
    }

    List<RawColumn> columns() {
      List<RawColumn> columns = new ArrayList<>();
      for (int c = 0; c < header.size(); c++) {
        if (!truths.contains(c) && !settings.ignored().contains(header.get(c))) {
          if (names[c] && settings.log().contains(header.get(c))) {
            throw new InputFault(
                "table.log: '%s' (expected: a column of numbers; it has names)"
                    .formatted(header.get(c)));
          }
          columns.add(new RawColumn(header.get(c), !names[c], List.of()));
        }
      }
      return columns;
    }
  }
}
