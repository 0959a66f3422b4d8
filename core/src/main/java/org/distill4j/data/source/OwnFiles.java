package org.distill4j.data.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.data.cells.CsvColumns;
import org.distill4j.data.cells.CsvDataset;
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
    return images(folder, "train").isPresent()
        || trainCsv(folder).isPresent()
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
      return new RecordFiles(name, settings, unpacked, listener).open(path);
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
    Optional<Path> cells = images(folder, "train").isEmpty() ? trainCsv(folder) : Optional.empty();
    if (cells.isPresent() && tables().suit(cells.get())) {
      return tables().open(cells.get(), csvOf(folder, "validation"), csvOf(folder, "test"));
    }
    if (cells.isEmpty()) {
      requireNoText(folder);
    }
    if (cells.isEmpty() && images(folder, "train").isEmpty()) {
      if (RecordFiles.is(folder)) {
        return new RecordFiles(name, settings, unpacked, listener).open(folder);
      }
      if (ImageFolder.is(folder)) {
        return new ImageFolder(name, settings, unpacked, listener).open(folder);
      }
    }
    Optional<Dataset> train = find(folder, classes(), trained(), "train");
    if (train.isEmpty()) {
      train = trainCsv(folder).map(file -> csv(file, classes(), trained()));
    }
    if (train.isEmpty()) {
      throw new InputFault(
          folder
              + ": no train-images-idx3-ubyte, no train.csv, not one CSV file, no TFRecord file, no"
              + " folders of images (expected: one of these, perhaps with .gz)");
    }
    List<String> classes = train.get().classes();
    Optional<ColumnNames> columns = train.get().columns();
    Optional<Dataset> test =
        find(folder, classes, columns, "test").or(() -> find(folder, classes, columns, "t10k"));
    return part(train.get(), find(folder, classes, columns, "validation"), test);
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

  private TableFiles tables() {
    return new TableFiles(name, settings, unpacked, model, settings.columns().targets());
  }

  private Splits part(Dataset train, Optional<Dataset> validation, Optional<Dataset> test) {
    return DrawnSplits.of(name, settings.sampling(), train, validation, test).splits();
  }

  private Optional<Dataset> find(
      Path folder, List<String> classes, Optional<ColumnNames> columns, String part) {
    Optional<Path> images = images(folder, part);
    if (images.isPresent()) {
      Path labels =
          labels(folder, part)
              .orElseThrow(
                  () ->
                      new InputFault(
                          "%s: no labels beside it (expected: %s-labels-idx1-ubyte)"
                              .formatted(images.get(), part)));
      return Optional.of(idx(images.get(), labels, classes));
    }
    return csvOf(folder, part).map(file -> csv(file, classes, columns));
  }

  private static Optional<Path> csvOf(Path folder, String part) {
    return first(folder, part + ".csv").or(() -> first(folder, part + ".tsv"));
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
        unpacked);
  }

  private static Optional<Path> images(Path folder, String part) {
    return Stream.of("-idx3", ".idx3", "-idx4", ".idx4", "-idx2", ".idx2")
        .flatMap(rank -> first(folder, part + "-images" + rank + "-ubyte").stream())
        .findFirst();
  }

  private static Optional<Path> labels(Path folder, String part) {
    return first(folder, part + "-labels-idx1-ubyte")
        .or(() -> first(folder, part + "-labels.idx1-ubyte"));
  }

  /** The file, raw or packed. */
  static Optional<Path> first(Path folder, String name) {
    return Stream.of(folder.resolve(name), folder.resolve(name + ".gz"))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /** {@code train.csv}, or the only CSV file there is. */
  private static Optional<Path> trainCsv(Path folder) {
    Optional<Path> named = csvOf(folder, "train");
    if (named.isPresent()) {
      return named;
    }
    List<Path> all = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(Files::isRegularFile).filter(OwnFiles::isCsv).forEach(all::add);
      } catch (IOException e) {
        throw ByteSource.of(folder).unreadable(e);
      }
    }
    return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
  }

  private static boolean isCsv(Path file) {
    String name = file.getFileName().toString();
    return name.matches(".*\\.[ct]sv(\\.gz)?");
  }
}
