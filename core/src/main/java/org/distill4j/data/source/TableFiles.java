package org.distill4j.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.distill4j.data.ModelDataCheck;
import org.distill4j.data.Splits;
import org.distill4j.data.cells.LabelColumn;
import org.distill4j.data.cells.RawTable;
import org.distill4j.data.cells.RawTable.RawColumn;
import org.distill4j.data.cells.TableDataset;
import org.distill4j.data.cells.TableFit;
import org.distill4j.data.cells.TableParser;
import org.distill4j.data.cells.TableSettings;
import org.distill4j.data.cells.TargetColumns;
import org.distill4j.data.store.ByteSource;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.data.text.CellFile;
import org.distill4j.data.text.Header;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.TaskType;
import org.distill4j.table.Cells;
import org.distill4j.table.Column;
import org.distill4j.table.Table;
import org.distill4j.tensor.Shape;

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
  /** Up to it 32 bits hold all whole numbers. */
  private static final double LARGEST_HELD = 1 << 24;

  /** How many columns a message names. */
  private static final int SHOWN = 10;

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

  /**
   * Whether the model is from elsewhere and nobody says what becomes of a table's cells: then it
   * takes their numbers as they are.
   */
  private boolean takesAsTheyAre() {
    return model.isPresent() && known().isEmpty() && settings.columns().table().isEmpty();
  }

  /** Whether the model was trained on rows of numbers alone. */
  private boolean isOfNumbers() {
    return known().isEmpty() && model.flatMap(Metadata::columns).isPresent();
  }

  /** Whether a file is to be read as a table: it was asked for, or it has more than numbers. */
  boolean suit(Path file) {
    if (settings.columns().table().isEmpty() && isOfNumbers()) {
      return false;
    }
    return settings.columns().table().isPresent()
        || known().isPresent()
        || settings.columns().labels().isPresent()
        || truth.task() != TaskType.SINGLE_LABEL
        || file.getFileName().toString().matches("(?i).*\\.tsv(\\.gz)?")
        || hasMoreThanNumbers(cells(ByteSource.of(file)));
  }

  private CellFile cells(ByteSource source) {
    return CellFile.of(source, settings.dialect(model));
  }

  private boolean hasMoreThanNumbers(CellFile file) {
    if (!file.dialect().separator().equals(",")) {
      return true;
    }
    List<List<String>> first = file.first(Header.LOOKED_AT);
    if (first.isEmpty()) {
      return false;
    }
    Header header = header(file);
    int at = truth.places(file.name(), header.names()).get(0);
    boolean free = !settings.columns().classes().isEmpty();
    return first.subList(header.inFile() ? 1 : 0, first.size()).stream()
        .anyMatch(cells -> hasMoreThanNumbers(cells, free ? at : -1));
  }

  private boolean hasMoreThanNumbers(List<String> cells, int but) {
    for (int c = 0; c < cells.size(); c++) {
      if (c != but && (Float.isNaN(Cells.number(cells.get(c))) || isTooLong(cells.get(c)))) {
        return true;
      }
    }
    return false;
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

  private Header header(CellFile file) {
    List<List<String>> first = file.first(Header.LOOKED_AT);
    if (first.isEmpty()) {
      throw new InputFault(file.name() + ": no lines (expected: a header and examples)");
    }
    List<String> labels = asked().columns();
    return Header.of(first, file.dialect().header(), labels, table().missing());
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
    CellFile file = cells(train);
    Header header = header(file);
    TargetColumns asked = inModelsOrder(asked(), file.name(), header);
    Optional<List<RawColumn>> columnsBefore =
        takesAsTheyAre() ? Optional.of(asTheyAre(file, header, asked)) : knownColumns();
    RawTable raw = new TableParser(file, header, table(), asked, columnsBefore).open(unpacked);
    TargetColumns same = asked.classes(classesOf(asked, raw)).columns(raw.head().label());
    Optional<RawTable> rawValidation = validation.map(f -> parse(cells(f), same, raw, header));
    Optional<RawTable> rawTest = test.map(f -> parse(cells(f), same, raw, header));
    List<String> told = told(file, header, asked);
    Table nothing = unfitted(raw);
    DrawnSplits parts =
        DrawnSplits.of(
            name,
            settings.sampling(),
            dataset(raw, nothing, told),
            rawValidation.map(r -> dataset(r, nothing, List.of())),
            rawTest.map(r -> dataset(r, nothing, List.of())));
    TableFit fit = new TableFit(raw, table(), asked.task());
    Optional<Table> before = takesAsTheyAre() ? Optional.of(nothing) : known();
    Table fitted = before.orElseGet(() -> fit.on(parts.train()));
    List<String> notes = new ArrayList<>(told);
    if (takesAsTheyAre()) {
      notes.add(
          file.shortName()
              + ": its numbers are taken as they are, in the order of the columns, as the model's file says nothing else");
    }
    if (before.isEmpty()) {
      notes.addAll(fit.notes(fitted, parts.train()));
    }
    return DrawnSplits.of(
            name,
            settings.sampling(),
            dataset(raw, fitted, notes),
            rawValidation.map(r -> dataset(r, fitted, told(validation.get(), header))),
            rawTest.map(r -> dataset(r, fitted, told(test.get(), header))))
        .splits();
  }

  /** What a person should know of the first line of another part's file. */
  private List<String> told(ByteSource part, Header trained) {
    CellFile file = cells(part);
    Header header = header(file);
    List<String> notes = new ArrayList<>();
    if (header.isNamed() != trained.isNamed()) {
      notes.add(
          "%s: has %s header and the training examples have %s; columns are matched by their places"
              .formatted(
                  file.shortName(),
                  header.isNamed() ? "a" : "no",
                  header.isNamed() ? "none" : "one"));
    }
    if (header.index() >= 0) {
      notes.add(counted(file));
    }
    return notes;
  }

  private static String counted(CellFile file) {
    return file.shortName() + ": column 1 has no name and counts the rows; it is passed over";
  }

  /** What a person should know of the first line and the label, where nobody said it. */
  private static List<String> told(CellFile file, Header header, TargetColumns asked) {
    List<String> notes = new ArrayList<>();
    if (!header.isNamed()) {
      notes.add(
          "%s: no header, line 1 is an example; columns are called 'column 1' to 'column %s'"
              .formatted(file.shortName(), header.names().size()));
    }
    if (asked.columns().isEmpty()) {
      int place = LabelColumn.of(header.names());
      notes.add(
          file.shortName()
              + ": "
              + LabelColumn.told(header.names(), place, header.isNamed(), false));
    }
    if (header.index() >= 0) {
      notes.add(counted(file));
    }
    return notes;
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

  /** Several columns of the truth, in the order in which a model has their answers. */
  private TargetColumns inModelsOrder(TargetColumns asked, String file, Header header) {
    List<String> trained = known().map(Table::label).orElse(List.of());
    if (trained.isEmpty() || Math.max(trained.size(), asked.columns().size()) < 2) {
      return asked;
    }
    List<String> said =
        asked.places(file, header.names()).stream().map(header.names()::get).toList();
    if (said.size() != trained.size() || !Set.copyOf(said).equals(Set.copyOf(trained))) {
      throw new InputFault(
          "labels: %s (expected: absent, or the model's, in any order: %s)"
              .formatted(said, trained));
    }
    return asked.columns(trained);
  }

  private static List<String> classesOf(TargetColumns asked, RawTable raw) {
    return asked.task() == TaskType.REGRESSION ? List.of() : raw.head().names();
  }

  private RawTable parse(CellFile file, TargetColumns same, RawTable train, Header trained) {
    Header header = header(file).like(trained);
    List<RawColumn> columns =
        train.head().columns().stream()
            .map(RawColumn::column)
            .map(takesAsTheyAre() ? RawColumn::full : RawColumn::of)
            .toList();
    return new TableParser(file, header, table(), same, Optional.of(columns)).open(unpacked);
  }

  /**
   * All columns beside the truth, as numbers.
   *
   * @throws InputFault if they are not as many as the model takes
   */
  private List<RawColumn> asTheyAre(CellFile file, Header header, TargetColumns asked) {
    List<Integer> truths = asked.places(file.name(), header.names());
    List<RawColumn> columns =
        IntStream.range(0, header.names().size())
            .filter(c -> c != header.index() && !truths.contains(c))
            .mapToObj(c -> RawColumn.full(unscaled(header.names().get(c))))
            .toList();
    Optional<Shape> taken = model.flatMap(ModelDataCheck::example);
    if (taken.isPresent() && taken.get().elements() != columns.size()) {
      throw new InputFault(
          "%s: %s columns beside %s: %s (expected: %s, as the model takes)"
              .formatted(
                  file.name(),
                  columns.size(),
                  truths.stream().map(header.names()::get).toList(),
                  columns.stream().map(RawColumn::name).limit(SHOWN).toList(),
                  taken.get().elements()));
    }
    return columns;
  }

  private Optional<List<RawColumn>> knownColumns() {
    return known().map(table -> table.columns().stream().map(RawColumn::of).toList());
  }

  private TableDataset dataset(RawTable raw, Table table, List<String> told) {
    return new TableDataset(name, raw, table, asked().task(), settings.dialect(model), told);
  }

  private static Column unscaled(String name) {
    return new Column.Quantity(name, false, 0, 1, false);
  }

  /** Before anything is fitted, all columns are numbers as they are. */
  private static Table unfitted(RawTable raw) {
    return new Table(
        raw.head().columns().stream().map(c -> unscaled(c.name())).toList(),
        raw.head().label(),
        List.of());
  }
}
