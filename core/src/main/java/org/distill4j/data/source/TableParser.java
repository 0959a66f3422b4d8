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
import org.distill4j.data.store.RowWriter;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.data.text.CellFile;
import org.distill4j.data.text.CellReader;
import org.distill4j.data.text.Header;
import org.distill4j.fault.InputFault;
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
    CellFile file,
    Header head,
    TableSettings settings,
    TargetColumns truth,
    Optional<List<RawColumn>> known) {
  /** More different names in a column are taken for free text. */
  private static final int MOST_NAMES = 1_000_000;

  private static final int SHOWN = 40;

  RawTable open(UnpackedFolder unpacked) {
    String key =
        Sha256.ofTexts(
            "table cells 1",
            file.source().sum().sha256(),
            DigestText.of(file.dialect()),
            head.inFile() + " " + head.index() + " " + head.names(),
            DigestText.of(settings),
            DigestText.of(truth),
            known.map(TableParser::kinds).toString());
    return new RawTable(file.name(), unpacked.open(key, this::parse));
  }

  private static List<String> kinds(List<RawColumn> columns) {
    return columns.stream().map(c -> c.name() + (c.numeric() ? " numeric" : " names")).toList();
  }

  private void parse(FileChannel to) throws IOException {
    List<String> header = header();
    List<Integer> truths = truth.places(file.name(), header);
    List<String> label = truths.stream().map(header::get).toList();
    Survey survey = new Survey(header, truths);
    if (known.isEmpty() || truth.collects()) {
      forEach(header, survey::see);
    }
    List<RawColumn> kinds = known.orElseGet(survey::columns);
    int[] places = places(kinds, header);
    List<String> names = truth.names(file.name(), header, survey.met);
    List<Map<String, Integer>> dictionaries = new ArrayList<>();
    kinds.forEach(kind -> dictionaries.add(new HashMap<>()));
    float[] answer = new float[truth.width(names)];
    RowWriter rows = new RowWriter(to, Float.BYTES * (kinds.size() + answer.length));
    forEach(
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
          List<String> said = truths.stream().map(cells::get).toList();
          Optional<String> wrong = truth.read(said, names, answer);
          if (wrong.isPresent()) {
            throw bad(line, String.join(", ", label), String.join(", ", said), wrong.get());
          }
          for (float value : answer) {
            row.putFloat(value);
          }
        });
    if (rows.count() == 0) {
      throw new InputFault(file.name() + ": a header only (expected: at least one example)");
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

  private List<String> header() {
    List<String> names = head.names();
    if (names.size() < 2 || names.stream().distinct().count() < names.size()) {
      throw new InputFault(
          "%s: header %s (expected: at least two columns, each name once)"
              .formatted(file.name(), names));
    }
    return names;
  }

  /** Hears of each example. */
  private interface Row {
    void accept(long line, List<String> cells) throws IOException;
  }

  private void forEach(List<String> header, Row row) throws IOException {
    try (CellReader lines = file.open()) {
      if (head.inFile()) {
        lines.next();
      }
      for (List<String> cells = lines.next(); cells != null; cells = lines.next()) {
        if (cells.size() != header.size()) {
          throw lines.otherLength(cells.size(), header.size() + ", as the header has");
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
                        .formatted(file.name(), column.name(), header));
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
              .formatted(file.name(), column, MOST_NAMES));
    }
    return dictionary.computeIfAbsent(cell, name -> next);
  }

  private InputFault bad(long line, String column, String cell, String expected) {
    String shown = cell.length() > SHOWN ? cell.substring(0, SHOWN) + "..." : cell;
    return new InputFault(
        "%s:%d column '%s': '%s' (expected: %s)"
            .formatted(file.name(), line, column, shown, expected));
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
                  .formatted(setting, name, file.name(), header));
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
        if (settings.missing().contains(label)) {
          throw bad(line, header.get(truths.get(0)), label, "a label");
        }
        met.addAll(truth.namesIn(label));
      }
    }

    List<RawColumn> columns() {
      List<RawColumn> columns = new ArrayList<>();
      for (int c = 0; c < header.size(); c++) {
        if (c != head.index()
            && !truths.contains(c)
            && !settings.ignored().contains(header.get(c))) {
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
