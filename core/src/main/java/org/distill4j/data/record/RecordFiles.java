package org.distill4j.data.record;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.distill4j.data.Cache;
import org.distill4j.data.Dataset;
import org.distill4j.data.FoundParts;
import org.distill4j.data.ModelDataCheck;
import org.distill4j.data.folder.DataPart;
import org.distill4j.data.image.ImageSettings;
import org.distill4j.data.image.ImageSizes;
import org.distill4j.data.store.RowDataset;
import org.distill4j.data.store.RowStore;
import org.distill4j.data.store.Rows;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.images.ImageFormat;
import org.distill4j.images.ImageHead;
import org.distill4j.progress.ProgressListener;
import org.distill4j.records.Example;
import org.distill4j.records.RawFeature;
import org.distill4j.records.RecordSettings;
import org.distill4j.storage.Sha256;
import org.distill4j.table.Table;

/**
 * TFRecord files: one, or several per part, as {@link RecordParts} tells them apart. Examples of
 * several files take turns: the first of each, the second of each, and so on, so that neighbours
 * come from different files.
 */
public record RecordFiles(
    String name, Asked asked, UnpackedFolder unpacked, ProgressListener listener) {
  /**
   * What the settings say.
   *
   * @param classes their names; none: those of the training records
   * @param shape of one example; none: as the features have it
   * @param scale the factor of raw values
   * @param model what the data are read for: its classes and its scaling hold
   */
  public record Asked(
      List<String> classes,
      TaskType task,
      List<Long> shape,
      Optional<Double> scale,
      RecordSettings features,
      ImageSettings images,
      Cache cache,
      Optional<Graph> model) {
    /** Takes copies. */
    public Asked {
      classes = List.copyOf(classes);
      shape = List.copyOf(shape);
    }
  }

  /** Whether a path is such a file, or a folder that has one. */
  public static boolean is(Path path) {
    return !RecordParts.of(path).files().isEmpty();
  }

  /** Opens a file or a folder. */
  public FoundParts open(Path path) {
    RecordParts parts = RecordParts.of(path);
    InterleavedRecords train = interleaved(parts.train());
    Read read = reader(train);
    List<String> notes = new ArrayList<>(parts.notes());
    notes.addAll(read.notes());
    return new FoundParts(
        dataset(read, read.reader(), "train", notes),
        other(parts, DataPart.VALIDATION, read),
        other(parts, DataPart.TEST, read));
  }

  private Optional<Dataset> other(RecordParts parts, DataPart part, Read train) {
    return Optional.ofNullable(parts.files().get(part))
        .map(
            files -> {
              RecordReader own = train.reader().over(interleaved(files));
              List<String> notes =
                  train.images().isPresent()
                      ? sizes(own.records(), own.input().feature())
                          .notes(part.spelling() + " images", asked.images(), train.images().get())
                      : List.of();
              return dataset(train, own, part.spelling(), notes);
            });
  }

  private Dataset dataset(Read read, RecordReader reader, String part, List<String> notes) {
    RecordReader.Form form = reader.input().form();
    String what = "data '%s' %s".formatted(name, part);
    Rows rows =
        RowStore.open(
            what,
            reader,
            Sha256.ofTexts("records 3", reader.describe(), reader.records().sha256()),
            asked.cache(),
            unpacked,
            listener);
    Preprocessing suited = form.bytes() ? Preprocessing.scale(1.0 / 255) : Preprocessing.NONE;
    Dataset all =
        new RowDataset(
            name,
            form.shape(),
            reader.labels().classes(),
            reader.labels().task(),
            rows,
            form.bytes(),
            reader.rowBytes(),
            asked.scale().map(Preprocessing::scale).orElse(suited),
            Stream.concat(notes.stream(), rows.notes(what).stream()).toList());
    return new RecordDataset(all, asked.features(), reader.input().fit(), read.table());
  }

  /**
   * A reader, and what was found out for it.
   *
   * @param images how they are read, if they are images
   * @param table how numbers are scaled, if they are
   */
  private record Read(
      RecordReader reader,
      List<String> notes,
      Optional<ImageSettings> images,
      Optional<Table> table) {}

  private Read reader(InterleavedRecords records) {
    if (records.count() == 0) {
      throw new InputFault(records.names() + ": no records (expected: at least one)");
    }
    RecordSettings features = asked.features();
    TaskType task = asked.task();
    Example first = records.example(0);
    String feature = features.input().orElseGet(() -> input(first, features, records.name(0)));
    List<String> notes = new ArrayList<>();
    Optional<RecordInput> numbers =
        RecordInput.of(records, feature, extents(records, feature), features.feature());
    Optional<ImageSettings> images =
        numbers.isPresent() ? Optional.empty() : Optional.of(images(records, feature, notes));
    RecordInput input = numbers.orElseGet(() -> RecordInput.images(feature, images.orElseThrow()));
    Optional<Table> table = scaling(records, input);
    if (table.isPresent()) {
      notes.add(
          "feature '%s': floats of 32 bits do not tell its numbers apart; they are scaled before they are shortened, and the model keeps how"
              .formatted(feature));
      input = input.scaled(table.get().columns());
    }
    RecordLabels labels = RecordLabels.of(records, features.label(), task, asked.classes());
    return new Read(
        new RecordReader(records, input, labels, asked.images().unreadable()),
        notes,
        images,
        table);
  }

  /** The shape of one example: as was asked, or as a model takes it. */
  private List<Long> extents(InterleavedRecords records, String feature) {
    boolean open = asked.features().feature().map(RawFeature::shape).orElse(List.of()).isEmpty();
    boolean silent = asked.shape().isEmpty() && open && !RecordInput.isImage(records, feature);
    return silent
        ? asked
            .model()
            .flatMap(ModelDataCheck::example)
            .filter(shape -> shape.rank() > 1)
            .map(shape -> Arrays.stream(shape.sizes()).boxed().toList())
            .orElse(List.of())
        : asked.shape();
  }

  /** How numbers are scaled: by the model's table, else by what they need. */
  private Optional<Table> scaling(InterleavedRecords records, RecordInput input) {
    Optional<Table> known = asked.model().flatMap(Metadata::table);
    if (known.isPresent()) {
      List<String> names = input.form().bytes() ? List.of() : input.columnNames();
      if (!known.get().names().equals(names)) {
        throw new InputFault(
            "%s: feature '%s' is %s (expected: the columns that the model takes: %s)"
                .formatted(
                    records.names(), input.feature(), input.form().shape(), known.get().names()));
      }
      return known;
    }
    if (asked.model().isPresent() || !input.isWide(records)) {
      return Optional.empty(); // a model from elsewhere takes them as they are
    }
    return Optional.of(
            LargeNumbers.scaling(
                records, input, asked.features().label(), records.sha256(), unpacked))
        .filter(table -> !table.columns().isEmpty());
  }

  /** How images are read: in the size and channels of all, where the settings leave them open. */
  private ImageSettings images(InterleavedRecords records, String feature, List<String> notes) {
    ImageSizes sizes = sizes(records, feature);
    if (sizes.counts().isEmpty()) {
      throw new InputFault(
          "%s: no image that can be read (expected: %s)"
              .formatted(records.name(0), ImageFormat.READ));
    }
    ImageSettings taken = asked.images().completed(sizes);
    notes.addAll(sizes.notes("training images", asked.images(), taken));
    return taken;
  }

  private ImageSizes sizes(InterleavedRecords records, String feature) {
    ImageSizes.Heads heads =
        new ImageSizes.Heads() {
          @Override
          public String name(int index) {
            return records.name(index);
          }

          @Override
          public ImageHead head(int index) throws IOException {
            return RecordInput.head(records, index, feature);
          }
        };
    return ImageSizes.of(
        "data '%s'".formatted(name),
        records.count(),
        heads,
        Sha256.ofTexts(feature, records.sha256()),
        unpacked,
        listener);
  }

  private static String input(Example first, RecordSettings features, String record) {
    List<String> others =
        first.features().keySet().stream().filter(n -> !n.equals(features.label())).toList();
    if (others.size() != 1) {
      throw new InputFault(
          "%s: features %s (expected: '%s' and one other); say which by records.input"
              .formatted(record, first.features().keySet(), features.label()));
    }
    return others.get(0);
  }

  private InterleavedRecords interleaved(List<Path> files) {
    return InterleavedRecords.of(
        files.parallelStream().map(file -> PackedRecords.open(file, unpacked)).toList());
  }
}
