package org.distill4j.data.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.distill4j.data.Cache;
import org.distill4j.data.Dataset;
import org.distill4j.data.FoundParts;
import org.distill4j.data.Splits;
import org.distill4j.data.cells.CsvColumns;
import org.distill4j.data.cells.CsvDataset;
import org.distill4j.data.folder.DataPart;
import org.distill4j.data.folder.PartFiles;
import org.distill4j.data.image.ImageFolder;
import org.distill4j.data.image.ImageSettings;
import org.distill4j.data.record.RecordFiles;
import org.distill4j.data.record.RecordSettings;
import org.distill4j.data.store.ByteSource;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.data.text.CellFile;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.progress.ProgressListener;
import org.distill4j.table.ColumnNames;
import org.distill4j.tensor.Shape;

/**
 * Opens a user's own idx or CSV files, which their names tell apart as {@link DataSettings} says.
 *
 * @param name what the data are called
 * @param model what the data are read for; its table is used where it has one
 */
record OwnFiles(
    String name,
    DataSettings settings,
    UnpackedFolder unpacked,
    Optional<Graph> model,
    ProgressListener listener) {
  private static final Preprocessing BYTES = Preprocessing.scale(1.0 / 255);

  /** Whether a folder has a file to train on. */
  static boolean areIn(Path folder) {
    return PartFiles.images(folder).of(DataPart.TRAIN).isPresent()
        || PartFiles.cells(folder).of(DataPart.TRAIN).isPresent()
        || RecordFiles.is(folder)
        || ImageFolder.is(folder);
  }

  /** Opens a CSV file or a folder. */
  Splits open(Path path) {
    if (Files.isDirectory(path)) {
      return openFolder(path);
    }
    if (!Files.exists(path)) {
      throw new InputFault(path + ": not there (expected: a CSV file or a folder)");
    }
    if (RecordFiles.is(path)) {
      requireNoText(path);
      return records(path);
    }
    if (!isCsv(path)) {
      throw new InputFault(path + ": not .csv or .csv.gz (expected: a CSV file or a folder)");
    }
    if (tables().suit(path)) {
      return tables().open(path, Optional.empty(), Optional.empty());
    }
    return part(csv(path, classes(), trained()), Optional.empty(), Optional.empty());
  }

  private Splits openFolder(Path folder) {
    PartFiles images = PartFiles.images(folder);
    boolean idx = images.of(DataPart.TRAIN).isPresent();
    PartFiles files = idx ? images : PartFiles.cells(folder);
    Optional<Path> cells = idx ? Optional.empty() : files.of(DataPart.TRAIN);
    if (cells.isPresent() && tables().suit(cells.get())) {
      return tables()
          .open(cells.get(), files.of(DataPart.VALIDATION), files.of(DataPart.TEST))
          .noted(files.notes());
    }
    if (cells.isEmpty()) {
      requireNoText(folder);
    }
    if (cells.isEmpty() && !idx) {
      if (RecordFiles.is(folder)) {
        return records(folder);
      }
      if (ImageFolder.is(folder)) {
        return imagesOfClasses(folder);
      }
    }
    Optional<Dataset> train = find(folder, classes(), trained(), DataPart.TRAIN);
    if (train.isEmpty()) {
      throw new InputFault(
          folder
              + ": no train-images-idx3-ubyte, no train.csv, not one CSV file, no TFRecord file, no"
              + " folders of images (expected: one of these, perhaps with .gz)");
    }
    List<String> classes = train.get().classes();
    Optional<ColumnNames> columns = train.get().columns();
    Optional<Dataset> validation = find(folder, classes, columns, DataPart.VALIDATION);
    Optional<Dataset> test = find(folder, classes, columns, DataPart.TEST);
    return part(train.get(), validation, test).noted(files.notes());
  }

  /** What is said of the classes, or else what the model says. */
  private List<String> classes() {
    List<String> said = settings.columns().classes();
    return said.isEmpty() ? model.flatMap(Metadata::classes).orElse(said) : said;
  }

  /** The columns that the model was trained on. */
  private Optional<ColumnNames> trained() {
    return model.flatMap(Metadata::columns);
  }

  private void requireNoText(Path path) {
    DataSource source = settings.source();
    if (source.encoding().isPresent() || source.quotes().isPresent()) {
      throw new InputFault(
          "encoding, quotes: given for %s (expected: absent, as it is not CSV)".formatted(path));
    }
  }

  /** How images are read: what is left open goes by the size and channels that a model takes. */
  private ImageSettings images() {
    ImageSettings said = settings.source().images().orElseGet(ImageSettings::defaults);
    return model
        .filter(graph -> graph.inputs().size() == 1)
        .map(graph -> graph.onlyInput().shape())
        .filter(shape -> shape.rank() == 4 && shape.dropFirst().isStatic())
        .map(Shape::dropFirst)
        .filter(image -> image.size(0) == 1 || image.size(0) == 3)
        .map(image -> said.or(image.size(0), image.size(1), image.size(2)))
        .orElse(said);
  }

  private Splits records(Path path) {
    DataColumns columns = settings.columns();
    if (columns.table().isPresent() || columns.label().isPresent()) {
      throw new InputFault(
          "table, label: given for %s (expected: absent; records.label names the feature)"
              .formatted(path));
    }
    TaskType task =
        columns.task().or(() -> model.flatMap(Metadata::task)).orElse(TaskType.SINGLE_LABEL);
    RecordFiles.Asked asked =
        new RecordFiles.Asked(
            task == TaskType.REGRESSION ? columns.classes() : classes(),
            task,
            columns.shape(),
            columns.scale(),
            columns.records().orElseGet(RecordSettings::defaults),
            images(),
            settings.source().cache().orElse(Cache.DISK),
            model);
    return part(new RecordFiles(name, asked, unpacked, listener).open(path));
  }

  private Splits imagesOfClasses(Path folder) {
    DataColumns columns = settings.columns();
    if (columns.taskOrUsual() != TaskType.SINGLE_LABEL || columns.table().isPresent()) {
      throw new InputFault(
          "task, table: given for %s (expected: absent, as a folder of images has one class each)"
              .formatted(folder));
    }
    if (!columns.shape().isEmpty() || columns.label().isPresent()) {
      throw new InputFault(
          "shape, label: %s, %s for %s (expected: absent; images: {size: [height, width], channels: 3} sets the shape, folders are the labels)"
              .formatted(columns.shape(), columns.label().orElse("absent"), folder));
    }
    return part(
        new ImageFolder(
                name,
                columns.classes(),
                images(),
                settings.source().cache().orElse(Cache.DISK),
                columns.scale().map(Preprocessing::scale).orElse(BYTES),
                unpacked,
                listener)
            .open(folder));
  }

  private Splits part(FoundParts found) {
    return part(found.train(), found.validation(), found.test());
  }

  private TableFiles tables() {
    return new TableFiles(name, settings, unpacked, model, settings.columns().targets());
  }

  private Splits part(Dataset train, Optional<Dataset> validation, Optional<Dataset> test) {
    return DrawnSplits.of(name, settings.sampling(), train, validation, test).splits();
  }

  private Optional<Dataset> find(
      Path folder, List<String> classes, Optional<ColumnNames> columns, DataPart part) {
    Optional<Path> images = PartFiles.images(folder).of(part);
    if (images.isPresent()) {
      Path labels =
          PartFiles.labels(images.get())
              .orElseThrow(
                  () ->
                      new InputFault(
                          "%s: no labels beside it (expected: %s)"
                              .formatted(images.get(), PartFiles.labelsName(images.get()))));
      return Optional.of(idx(images.get(), labels, classes));
    }
    return PartFiles.cells(folder).of(part).map(file -> csv(file, classes, columns));
  }

  private Dataset idx(Path images, Path labels, List<String> classes) {
    DataColumns columns = settings.columns();
    if (!columns.shape().isEmpty() || columns.label().isPresent()) {
      throw new InputFault(
          "shape, label: %s, %s (expected: absent, as %s is not CSV)"
              .formatted(columns.shape(), columns.label().orElse("absent"), images));
    }
    if (columns.taskOrUsual() != TaskType.SINGLE_LABEL || columns.labels().isPresent()) {
      throw new InputFault(
          "task, labels: given for %s (expected: absent, as idx files have one class each)"
              .formatted(images));
    }
    return IdxDataset.of(
        name,
        IdxFile.open(ByteSource.of(images), unpacked),
        IdxFile.open(ByteSource.of(labels), unpacked),
        classes,
        columns.scale().map(Preprocessing::scale).orElse(BYTES));
  }

  private Dataset csv(Path file, List<String> classes, Optional<ColumnNames> trained) {
    DataColumns columns = settings.columns();
    Optional<Shape> shape =
        columns.shape().isEmpty()
            ? Optional.empty()
            : Optional.of(Shape.of(columns.shape().stream().mapToLong(d -> d).toArray()));
    CellFile cells = CellFile.of(ByteSource.of(file), settings.dialect(model));
    return CsvDataset.open(
        name,
        CsvColumns.of(cells, columns.label().orElse(""), trained),
        classes,
        shape,
        columns.scale().map(Preprocessing::scale).orElse(Preprocessing.NONE),
        unpacked,
        model.isEmpty() && shape.isEmpty() && columns.scale().isEmpty() && trained.isEmpty());
  }

  /** The file, raw or packed. */
  static Optional<Path> first(Path folder, String name) {
    return Stream.of(folder.resolve(name), folder.resolve(name + ".gz"))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private static boolean isCsv(Path file) {
    String name = file.getFileName().toString();
    return name.matches("(?i).*\\.[ct]sv(\\.gz)?");
  }
}
