package org.distill4j.data.cells;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.distill4j.data.text.CellFile;
import org.distill4j.data.text.Header;
import org.distill4j.fault.InputFault;
import org.distill4j.table.ColumnNames;

/**
 * Which columns of a file of numbers are the input, in which order, and which is the label. Columns
 * of a second file are found by their names where both files have some, else by their places.
 *
 * @param inputs the places of the input's columns in the file, in the order of the input
 * @param label the label's, counting from 0
 * @param names what they are called, for the next file
 * @param notes what a person should know of this
 */
public record CsvColumns(
    CellFile file,
    Header header,
    List<Integer> inputs,
    int label,
    ColumnNames names,
    List<String> notes) {
  public CsvColumns {
    inputs = List.copyOf(inputs);
    notes = List.copyOf(notes);
  }

  /**
   * Makes sense of a file's first lines.
   *
   * @param label a column's name, or its number counting from 1; blank where nothing is said
   * @param known the columns of the file that was trained on, if another was
   */
  public static CsvColumns of(CellFile file, String label, Optional<ColumnNames> known) {
    List<List<String>> first = file.first(Header.LOOKED_AT);
    if (first.isEmpty()) {
      throw new InputFault(file.name() + ": no lines (expected: at least one example)");
    }
    if (first.get(0).size() < 2) {
      throw new InputFault(
          "%s:1: 1 column (expected: numbers and a label, separated by commas); 'table: {separator: ...}' names another separator"
              .formatted(file.name()));
    }
    List<String> labels = new ArrayList<>(List.of(label));
    known.ifPresent(k -> labels.add(k.label()));
    Header header =
        Header.of(first, file.dialect().header(), labels, List.of("", "?", "NA"))
            .distinct(file.name());
    return known.isPresent()
        ? matched(file, header, label, known.get())
        : found(file, header, label);
  }

  /** Of a file that everybody has: nothing about it need be told. */
  public static CsvColumns published(CellFile file) {
    CsvColumns found = of(file, "", Optional.empty());
    return new CsvColumns(file, found.header, found.inputs, found.label, found.names, List.of());
  }

  private static CsvColumns found(CellFile file, Header header, String label) {
    int place = label.isBlank() ? LabelColumn.of(header.names()) : place(file, header, label);
    List<Integer> inputs =
        IntStream.range(0, header.names().size())
            .filter(c -> c != place && c != header.index())
            .boxed()
            .toList();
    boolean named = header.isNamed();
    ColumnNames names =
        new ColumnNames(
            named ? inputs.stream().map(header.names()::get).toList() : List.of(),
            named ? header.names().get(place) : "",
            (int) inputs.stream().filter(c -> c < place).count() + 1);
    List<String> notes = new ArrayList<>();
    notes.add(
        "%s: %s; %s"
            .formatted(
                file.shortName(),
                named
                    ? "columns go by the names in its header (" + shown(header.names()) + ")"
                    : "no header, columns go by their places",
                LabelColumn.told(header.names(), place, named, !label.isBlank())));
    if (header.index() >= 0) {
      notes.add(file.shortName() + ": column 1 has no name and counts the rows; it is passed over");
    }
    return new CsvColumns(file, header, inputs, place, names, notes);
  }

  private static int place(CellFile file, Header header, String label) {
    List<String> names = header.names();
    if (header.isNamed() && names.contains(label)) {
      return names.indexOf(label);
    }
    if (label.matches("[0-9]{1,6}")) {
      int number = Integer.parseInt(label);
      if (number >= 1 && number <= names.size()) {
        return number - 1;
      }
    }
    throw new InputFault(
        "%s: no column '%s' for the label (expected: a name in line 1, or 1 to %s)"
            .formatted(file.name(), label, names.size()));
  }

  private static CsvColumns matched(CellFile file, Header header, String label, ColumnNames known) {
    List<String> names = header.names();
    List<String> trained = known.inOrder();
    if (header.isNamed() && !trained.isEmpty() && !names.equals(trained)) {
      return byNames(file, header, label, known);
    }
    boolean asked = label.matches("[0-9]+") && !label.equals(known.label()) && !header.isNamed();
    int place = asked ? place(file, header, label) : known.place() - 1;
    int count = trained.isEmpty() ? names.size() : trained.size();
    if (names.size() != count || place >= count) {
      throw new InputFault(
          "%s: %s columns (expected: %s, as the training examples have)"
              .formatted(file.name(), names.size(), Math.max(count, place + 1)));
    }
    List<String> notes =
        header.isNamed() == trained.isEmpty()
            ? List.of(
                "%s: %s; columns are matched by their places"
                    .formatted(
                        file.shortName(),
                        header.isNamed()
                            ? "has a header and the training examples have none"
                            : "has no header and the training examples have one"))
            : List.of();
    List<Integer> inputs = IntStream.range(0, count).filter(c -> c != place).boxed().toList();
    return new CsvColumns(file, header, inputs, place, known, notes);
  }

  private static CsvColumns byNames(CellFile file, Header header, String label, ColumnNames known) {
    List<String> names = header.names();
    Map<String, Integer> places = Header.places(names);
    boolean other = !places.containsKey(known.label()) && !label.isBlank();
    int place = other ? place(file, header, label) : places.getOrDefault(known.label(), -1);
    List<String> missing = new ArrayList<>(known.inputs());
    if (place < 0) {
      missing.add(known.label());
    }
    missing.removeIf(places::containsKey);
    List<String> unknown = new ArrayList<>();
    Set<String> inputs = Set.copyOf(known.inputs());
    for (int c = 0; c < names.size(); c++) {
      if (c != place && c != header.index() && !inputs.contains(names.get(c))) {
        unknown.add(names.get(c));
      }
    }
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw new InputFault(
          "%s: %s%s; its header is %s (expected: the columns of the training examples, each once and in any order: %s)"
              .formatted(
                  file.name(),
                  missing.isEmpty() ? "" : "no column " + quoted(missing),
                  unknown.isEmpty()
                      ? ""
                      : (missing.isEmpty() ? "" : ", ") + "unknown column " + quoted(unknown),
                  shown(names),
                  shown(known.inOrder())));
    }
    List<Integer> taken = known.inputs().stream().map(places::get).toList();
    String note =
        file.shortName() + ": its columns stand otherwise; they are matched by their names";
    return new CsvColumns(file, header, taken, place, known, List.of(note));
  }

  private static String quoted(List<String> names) {
    return "'" + shown(names).replace(", ", "', '") + "'";
  }

  private static String shown(List<String> names) {
    int most = 8;
    return String.join(", ", names.subList(0, Math.min(names.size(), most)))
        + (names.size() > most ? ", ... of " + names.size() : "");
  }

  /** Whether there is anything to be told of the file. */
  boolean isTold() {
    return !notes.isEmpty();
  }

  /** How many cells a line has. */
  int count() {
    return header.names().size();
  }

  /** What messages call a column: its name in quotes, or its number counting from 1. */
  String title(int column) {
    return header.isNamed() ? "'" + header.names().get(column) + "'" : "" + (column + 1);
  }

  /** One line for a cell that cannot be used. */
  InputFault bad(long line, int column, String cell, String expected, String wayOut) {
    String shown = cell.length() > 40 ? cell.substring(0, 40) + "..." : cell;
    return new InputFault(
        "%s:%s column %s: '%s' (expected: %s)%s"
            .formatted(
                file.name(),
                line,
                title(column),
                shown.replaceAll("[\r\n]+", " "),
                expected,
                wayOut));
  }
}
