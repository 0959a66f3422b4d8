package org.distill4j.data.cells;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.distill4j.data.store.ByteSource;
import org.distill4j.data.text.CellFile;
import org.distill4j.data.text.CellReader;
import org.distill4j.data.text.Header;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.table.Cells;
import org.distill4j.table.ColumnNames;
import org.distill4j.table.Dialect;

/**
 * Where the numbers that a model takes stand in a row of a file.
 *
 * @param inputs their places, in the order of the model's input
 * @param label the truth's place; -1 where the file has none
 */
record NumberRows(Header header, List<Integer> inputs, int label) {
  /** Reads the first rows of a file for a model of numbers. */
  static TableRows read(Path file, Graph model, Dialect dialect, int most) {
    ByteSource source = ByteSource.of(file);
    CellFile cells = CellFile.of(source, dialect);
    NumberRows found = of(cells, model);
    try (CellReader lines = cells.open()) {
      List<String> line = lines.next();
      line = found.header.inFile() ? lines.next() : line;
      List<float[]> rows = new ArrayList<>();
      List<String> said = new ArrayList<>();
      for (; line != null && rows.size() < most; line = lines.next()) {
        if (line.size() != found.header.names().size()) {
          throw lines.otherLength(line.size(), found.header.expected());
        }
        rows.add(found.numbers(line, cells.name() + ":" + lines.number()));
        said.add(found.label < 0 ? "" : line.get(found.label));
      }
      if (rows.isEmpty()) {
        throw new InputFault(file + ": a header only (expected: rows)");
      }
      long leftOut = 0;
      for (; line != null; line = lines.next()) {
        leftOut++;
      }
      return new TableRows(rows, said, List.of(), leftOut);
    } catch (IOException e) {
      throw source.unreadable(e);
    }
  }

  private static NumberRows of(CellFile file, Graph model) {
    Optional<ColumnNames> known = Metadata.columns(model);
    int count = Math.toIntExact(model.onlyInput().shape().dropFirst().elements());
    List<List<String>> first = file.first(Header.LOOKED_AT);
    if (first.isEmpty()) {
      throw new InputFault(file.name() + ": no lines (expected: rows)");
    }
    List<String> labels = known.map(ColumnNames::label).stream().toList();
    List<String> trained = known.map(ColumnNames::inputs).orElse(List.of());
    Header found = Header.of(first, file.dialect().header(), labels, List.of("", "?", "NA"));
    boolean unlabelled =
        found.given()
            && !found.inFile()
            && first.get(0).size() == trained.size()
            && found.names().size() != trained.size();
    Header header =
        (unlabelled ? new Header(trained, false, true, -1) : found).distinct(file.name());
    return header.isNamed() && !trained.isEmpty()
        ? byNames(file, header, known.get())
        : byPlaces(file, header, known, count);
  }

  private static NumberRows byNames(CellFile file, Header header, ColumnNames known) {
    Map<String, Integer> places = Header.places(header.names());
    for (String name : known.inputs()) {
      if (!places.containsKey(name)) {
        throw new InputFault(
            "%s: no column '%s' (expected: the columns the model takes: %s)"
                .formatted(file.name(), name, Header.shown(known.inputs())));
      }
    }
    List<Integer> inputs = known.inputs().stream().map(places::get).toList();
    return new NumberRows(header, inputs, places.getOrDefault(known.label(), -1));
  }

  /** The numbers that the model takes, perhaps with the truth among them. */
  private static NumberRows byPlaces(
      CellFile file, Header header, Optional<ColumnNames> known, int count) {
    List<Integer> places =
        IntStream.range(0, header.names().size()).filter(c -> c != header.index()).boxed().toList();
    if (places.size() == count) {
      return new NumberRows(header, places, -1);
    }
    if (places.size() != count + 1) {
      throw new InputFault(
          "%s: %s columns (expected: %s, as the model takes, or one more for the label)"
              .formatted(file.name(), places.size(), count));
    }
    int label =
        known.map(k -> places.get(k.place() - 1)).orElseGet(() -> LabelColumn.of(header.names()));
    return new NumberRows(header, places.stream().filter(c -> c != label).toList(), label);
  }

  private float[] numbers(List<String> line, String row) {
    float[] numbers = new float[inputs.size()];
    for (int i = 0; i < numbers.length; i++) {
      String cell = line.get(inputs.get(i));
      numbers[i] = Cells.number(cell);
      if (Float.isNaN(numbers[i])) {
        throw new InputFault(
            "%s column '%s': '%s' (expected: a finite number)"
                .formatted(row, header.names().get(inputs.get(i)), cell));
      }
    }
    return numbers;
  }
}
