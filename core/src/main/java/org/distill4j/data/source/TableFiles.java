package org.distill4j.data.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.distill4j.data.Splits;
import org.distill4j.data.source.RawTable.RawColumn;
import org.distill4j.data.store.ByteSource;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.data.text.CellFile;
import org.distill4j.data.text.CellReader;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.TaskType;
import org.distill4j.table.Cells;
import org.distill4j.table.Column;
import org.distill4j.table.Table;

/**
 * Opens files of cells as tables, fitted on the training examples alone, or by a model's own table.
 *
 * @param model what the data are read for
 * @param truth which columns are the truth, as the settings say
 */
record TableFiles(
    String name,
    DataSettings settings,
    UnpackedFolder unpacked,
    Optional<Graph> model,
    TargetColumns truth) {
  /** How many lines decide whether a file is a table. */
  private static final int LOOKED_AT = 20;

  /** Up to it 32 bits hold all whole numbers. */
  private static final double LARGEST_HELD = 1 << 24;

  private Optional<Table> known() {
    return model.flatMap(Metadata::table);
  }

  /** As the settings say, else with the empty cells that a model was trained with. */
  private TableSettings table() {
    TableSettings usual = TableSettings.defaults();
    return settings
        .columns()
        .table()
        .orElseGet(() -> known().map(t -> usual.missing(t.missing())).orElse(usual));
  }

  /** Whether a file is to be read as a table: it was asked for, or it has more than numbers. */
  boolean suit(Path file) {
    return settings.columns().table().isPresent()
        || known().isPresent()
        || settings.columns().labels().isPresent()
        || truth.task() != TaskType.SINGLE_LABEL
        || file.getFileName().toString().matches(".*\\.tsv(\\.gz)?")
        || hasMoreThanNumbers(cells(ByteSource.of(file)));
  }

  private CellFile cells(ByteSource source) {
    return CellFile.of(source, settings.dialect(model));
  }

  private boolean hasMoreThanNumbers(CellFile file) {
    if (!file.dialect().separator().equals(",")) {
      return true;
    }
    try (CellReader lines = file.open()) {
      List<String> first = lines.next();
      if (first == null) {
        return false;
      }
      String label = settings.columns().label().orElse("");
      boolean header =
          first.contains(label) || first.stream().allMatch(c -> Float.isNaN(Cells.number(c)));
      List<String> cells = header ? lines.next() : first;
      for (int i = 0; i < LOOKED_AT && cells != null; i++, cells = lines.next()) {
        int at = first.contains(label) ? first.indexOf(label) : labelPlace(label, cells.size());
        for (int c = 0; c < cells.size(); c++) {
          boolean free = c == at && !settings.columns().classes().isEmpty();
          if (!free && header && (isNoNumber(cells.get(c)) || isTooLong(cells.get(c)))) {
            return true;
          }
        }
      }
      return false;
    } catch (IOException e) {
      throw file.source().unreadable(e);
    }
  }

  private static boolean isNoNumber(String cell) {
    return Float.isNaN(Cells.number(cell));
  }

  /**
   * Whether 32 bits do not hold a number that has to be scaled before a net can learn from it, such
   * as a time in milliseconds; a model that took it as it was goes on with that.
   */
  private boolean isTooLong(String cell) {
    double number = Cells.wide(cell);
    return model.isEmpty()
        && settings.columns().shape().isEmpty()
        && settings.columns().scale().isEmpty()
        && Math.abs(number) > LARGEST_HELD
        && number != (float) number;
  }

  private static int labelPlace(String label, int columns) {
    return label.matches("[0-9]{1,6}") ? Integer.parseInt(label) - 1 : columns - 1;
  }

  /** Opens the files; parts that have none are drawn from the first. */
  Splits open(Path train, Optional<Path> validation, Optional<Path> test) {
    return open(ByteSource.of(train), validation.map(ByteSource::of), test.map(ByteSource::of));
  }

  Splits open(ByteSource train, Optional<ByteSource> validation, Optional<ByteSource> test) {
    DataColumns columns = settings.columns();
    if (!columns.shape().isEmpty() || columns.scale().isPresent()) {
      throw new InputFault(
          "shape, scale: %s, %s (expected: absent, as %s is a table; numbers are scaled by what is in it)"
              .formatted(columns.shape(), columns.scale(), train.name()));
    }
    TargetColumns asked = asked();
    RawTable raw = new TableParser(cells(train), table(), asked, knownColumns()).open(unpacked);
    TargetColumns same = asked.classes(classesOf(asked, raw)).columns(raw.head().label());
    Optional<RawTable> rawValidation = validation.map(file -> parse(file, same, raw));
    Optional<RawTable> rawTest = test.map(file -> parse(file, same, raw));
    Table nothing = unfitted(raw);
    DrawnSplits parts =
        DrawnSplits.of(
            name,
            settings.sampling(),
            dataset(raw, nothing),
            rawValidation.map(r -> dataset(r, nothing)),
            rawTest.map(r -> dataset(r, nothing)));
    TableFit fit = new TableFit(raw, table(), asked.task());
    Table fitted = known().orElseGet(() -> fit.on(parts.train()));
    List<String> notes = known().isPresent() ? List.of() : fit.notes(fitted, parts.train());
    return DrawnSplits.of(
            name,
            settings.sampling(),
            new TableDataset(name, raw, fitted, asked().task(), settings.dialect(model), notes),
            rawValidation.map(r -> dataset(r, fitted)),
            rawTest.map(r -> dataset(r, fitted)))
        .splits();
  }

  /** What a model was trained on goes before what the settings leave open. */
  private TargetColumns asked() {
    TargetColumns asked = truth;
    if (model.isPresent()) {
      Graph graph = model.get();
      TaskType task =
          settings.columns().task().orElse(Metadata.task(graph).orElse(TaskType.SINGLE_LABEL));
      asked = new TargetColumns(task, asked.columns(), asked.classes(), asked.suffix());
      if (asked.columns().isEmpty() && known().isPresent()) {
        asked = asked.columns(known().get().label());
      }
      if (asked.classes().isEmpty() && task != TaskType.REGRESSION) {
        asked = asked.classes(Metadata.classes(graph).orElse(List.of()));
      }
    }
    return asked;
  }

  private static List<String> classesOf(TargetColumns asked, RawTable raw) {
    return asked.task() == TaskType.REGRESSION ? List.of() : raw.head().names();
  }

  private RawTable parse(ByteSource file, TargetColumns same, RawTable train) {
    List<RawColumn> columns =
        train.head().columns().stream().map(column -> RawColumn.of(column.column())).toList();
    return new TableParser(cells(file), table(), same, Optional.of(columns)).open(unpacked);
  }

  private Optional<List<RawColumn>> knownColumns() {
    return known().map(table -> table.columns().stream().map(RawColumn::of).toList());
  }

  private TableDataset dataset(RawTable raw, Table table) {
    return new TableDataset(name, raw, table, asked().task(), settings.dialect(model), List.of());
  }

  /** Before anything is fitted, all columns are numbers as they are. */
  private static Table unfitted(RawTable raw) {
    return new Table(
        raw.head().columns().stream()
            .map(c -> (Column) new Column.Quantity(c.name(), false, 0, 1, false))
            .toList(),
        raw.head().label(),
        List.of());
  }
}
