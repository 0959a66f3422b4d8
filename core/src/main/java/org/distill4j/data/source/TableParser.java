package org.distill4j.data.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.distill4j.data.source.RawTable.RawColumn;
import org.distill4j.data.store.ByteSource;
import org.distill4j.data.store.UnpackedFolder;
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
record TableParser(
    ByteSource source,
    TableSettings settings,
    TargetColumns truth,
    Optional<List<RawColumn>> known) {
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
            "table 3",
            source.sum().sha256(),
            separator() + "",
            DigestText.of(settings),
            DigestText.of(truth),
            known.map(TableParser::readings).toString());
    return new RawTable(source.name(), unpacked.open(key, this::parse));
  }

  private static List<String> readings(List<RawColumn> columns) {
    return columns.stream().map(RawColumn::reading).toList();
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
    Optional<ColumnSurvey> survey =
        known.isPresent()
            ? Optional.empty()
            : Optional.of(new ColumnSurvey(source.name(), header, truths, settings));
    TreeSet<String> met = new TreeSet<>();
    if (survey.isPresent() || truth.collects()) {
      forEach(
          separator,
          header,
          (line, cells) -> {
            survey.ifPresent(look -> look.see(line, cells));
            if (truth.collects()) {
              met.addAll(labels(line, header.get(truths.get(0)), cells.get(truths.get(0))));
            }
          });
    }
    List<RawColumn> columns = known.orElseGet(() -> survey.get().columns());
    List<String> names = truth.names(source.name(), header, met);
    RawTableWriter rows =
        new RawTableWriter(
            source.name(), header, settings.missing(), columns, truth, truths, names, to);
    forEach(separator, header, rows::put);
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
      throw RawTableWriter.bad(source.name(), line, column, cell, "a label");
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
          "%d spellings of the labels are %d classes, as numbers are: %s"
              .formatted(met.size(), names.size(), ClassNames.shown(names)));
    }
    return notes;
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
}
