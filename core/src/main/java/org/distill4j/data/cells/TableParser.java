package org.distill4j.data.cells;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.distill4j.data.cells.RawTable.RawColumn;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.data.text.CellFile;
import org.distill4j.data.text.CellReader;
import org.distill4j.data.text.Header;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.TaskType;
import org.distill4j.settings.DigestText;
import org.distill4j.storage.Sha256;

/**
 * Parses a file of cells into a {@link RawTable}, once: it is kept in the user's cache.
 *
 * @param known what the columns are where that was found before, on the training file or by a
 *     model; then the file is held to it
 */
public record TableParser(
    CellFile file,
    Header head,
    TableSettings settings,
    TargetColumns truth,
    Optional<List<RawColumn>> known) {
  public RawTable open(UnpackedFolder unpacked) {
    String key =
        Sha256.ofTexts(
            "table cells 3",
            file.source().sum().sha256(),
            DigestText.of(file.dialect()),
            head.inFile() + " " + head.index() + " " + head.names(),
            DigestText.of(settings),
            DigestText.of(truth),
            known.map(TableParser::readings).toString());
    return new RawTable(file.name(), unpacked.open(key, this::parse));
  }

  private static List<String> readings(List<RawColumn> columns) {
    return columns.stream().map(RawColumn::reading).toList();
  }

  private void parse(FileChannel to) throws IOException {
    List<String> header = header();
    List<Integer> truths = truth.places(file.name(), header);
    List<String> label = truths.stream().map(header::get).toList();
    Optional<ColumnSurvey> survey =
        known.isPresent()
            ? Optional.empty()
            : Optional.of(new ColumnSurvey(file.name(), head, truths, settings));
    TreeSet<String> met = new TreeSet<>();
    if (survey.isPresent() || truth.collects()) {
      forEach(
          header,
          (line, cells) -> {
            survey.ifPresent(look -> look.see(line, cells));
            if (truth.collects()) {
              met.addAll(labels(line, header.get(truths.get(0)), cells.get(truths.get(0))));
              TargetColumns.requireFew(file.name(), met);
            }
          });
    }
    List<RawColumn> columns = known.orElseGet(() -> survey.get().columns());
    List<String> names = truth.names(file.name(), header, met);
    RawTableWriter rows =
        new RawTableWriter(
            file.name(), header, settings.missing(), columns, truth, truths, names, to);
    forEach(header, rows::put);
    rows.finish(
        new RawTable.Head(
            List.of(),
            survey.map(ColumnSurvey::leftOut).orElse(List.of()),
            label,
            names,
            notes(survey, names, met)));
  }

  /** The names in a cell of the truth. */
  private List<String> labels(long line, String column, String cell) {
    boolean empty = settings.missing().contains(cell);
    if (empty && truth.task() == TaskType.SINGLE_LABEL) {
      throw RawTableWriter.bad(file.name(), line, column, cell, "a label");
    }
    return empty ? List.of() : truth.namesIn(cell);
  }

  private static List<String> notes(
      Optional<ColumnSurvey> survey, List<String> names, TreeSet<String> met) {
    List<String> notes = new ArrayList<>(survey.map(ColumnSurvey::notes).orElse(List.of()));
    ClassNames.alike(names)
        .forEach(
            group ->
                notes.add(
                    "classes %s differ in nothing but capitals and are held apart"
                        .formatted(group)));
    if (!met.isEmpty() && met.size() > names.size()) {
      notes.add(
          "%s spellings of the labels are %s classes, as numbers are: %s"
              .formatted(met.size(), names.size(), ClassNames.shown(names)));
    }
    return notes;
  }

  private List<String> header() {
    List<String> names = head.names();
    if (names.size() < 2) {
      throw new InputFault(
          "%s: header %s (expected: at least two columns)".formatted(file.name(), names));
    }
    return head.distinct(file.name()).names();
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
          throw lines.otherLength(cells.size(), head.expected());
        }
        row.accept(lines.number(), cells);
      }
    }
  }
}
