package org.distill4j.data.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.distill4j.data.Cache;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.data.cells.ClassNames;
import org.distill4j.data.folder.DataPart;
import org.distill4j.data.store.RowDataset;
import org.distill4j.data.store.RowStore;
import org.distill4j.data.store.Rows;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.images.ImageFormat;
import org.distill4j.images.ImageHead;
import org.distill4j.progress.ProgressListener;
import org.distill4j.records.Example;
import org.distill4j.storage.Sha256;

/**
 * TFRecord files: one, or several per part, as {@link RecordParts} tells them apart. Examples of
 * several files take turns: the first of each, the second of each, and so on, so that neighbours
 * come from different files.
 */
record RecordFiles(
    String name, DataSettings settings, UnpackedFolder unpacked, ProgressListener listener) {
  /** Whether a path is such a file, or a folder that has one. */
  static boolean is(Path path) {
    return !RecordParts.of(path).files().isEmpty();
  }

  /** Opens a file or a folder; parts that have no file are drawn from the training records. */
  Splits open(Path path) {
    if (settings.columns().table().isPresent() || settings.columns().label().isPresent()) {
      throw new InputFault(
          "table, label: given for %s (expected: absent; records.label names the feature)"
              .formatted(path));
    }
    RecordParts parts = RecordParts.of(path);
    InterleavedRecords train = interleaved(parts.train());
    Read read = reader(train, settings.columns().classes());
    List<String> notes = new ArrayList<>(parts.notes());
    notes.addAll(read.notes());
    Dataset training = dataset(read.reader(), "train", notes);
    return DrawnSplits.of(
            name,
            settings.sampling(),
            training,
            other(parts, DataPart.VALIDATION, read.reader()),
            other(parts, DataPart.TEST, read.reader()))
        .splits();
  }

  private Optional<Dataset> other(RecordParts parts, DataPart part, RecordReader like) {
    return Optional.ofNullable(parts.files().get(part))
        .map(own -> dataset(like.over(interleaved(own)), part.spelling(), List.of()));
  }

  private Dataset dataset(RecordReader reader, String part, List<String> notes) {
    RecordReader.Form form = reader.input().form();
    Rows rows =
        RowStore.open(
            "data '%s' %s".formatted(name, part),
            reader,
            Sha256.ofTexts("records 2", reader.describe(), reader.records().sha256()),
            settings.source().cache().orElse(Cache.DISK),
            unpacked,
            listener);
    Preprocessing suited = form.bytes() ? Preprocessing.scale(1.0 / 255) : Preprocessing.NONE;
    return new RowDataset(
        name,
        form.shape(),
        reader.classes(),
        reader.task(),
        rows,
        form.bytes(),
        reader.rowBytes(),
        settings.columns().scale().map(Preprocessing::scale).orElse(suited),
        notes);
  }

  /** A reader, and what was found out for it. */
  private record Read(RecordReader reader, List<String> notes) {}

  private Read reader(InterleavedRecords records, List<String> classes) {
    if (records.count() == 0) {
      throw new InputFault(records.names() + ": no records (expected: at least one)");
    }
    RecordSettings features = settings.columns().records().orElseGet(RecordSettings::defaults);
    ImageSettings asked = settings.source().images().orElseGet(ImageSettings::defaults);
    TaskType task = settings.columns().taskOrUsual();
    Example first = records.example(0);
    String feature = features.input().orElseGet(() -> input(first, features, records.name(0)));
    List<String> notes = new ArrayList<>();
    RecordInput input =
        RecordInput.of(records, feature, settings)
            .orElseGet(() -> images(records, feature, asked, notes));
    List<String> named =
        classes.isEmpty() ? classes(records, features.label(), task, first) : classes;
    return new Read(
        new RecordReader(records, input, features.label(), task, named, asked.unreadable()), notes);
  }

  /** Images of the size and channels of all, where the settings leave them open. */
  private RecordInput images(
      InterleavedRecords records, String feature, ImageSettings asked, List<String> notes) {
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
    ImageSizes sizes =
        ImageSizes.of(
            "data '%s'".formatted(name),
            records.count(),
            heads,
            Sha256.ofTexts(feature, records.sha256()),
            unpacked,
            listener);
    if (sizes.counts().isEmpty()) {
      throw new InputFault(
          "%s: no image that can be read (expected: %s)"
              .formatted(records.name(0), ImageFormat.READ));
    }
    ImageSettings taken = asked.completed(sizes);
    notes.addAll(sizes.notes("training images", asked, taken));
    return RecordInput.images(feature, taken);
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

  private static List<String> classes(
      InterleavedRecords records, String label, TaskType task, Example first) {
    if (task == TaskType.REGRESSION) {
      int count = RecordInput.feature(first, label, records.name(0)).count();
      return count == 1
          ? List.of(label)
          : ClassNames.numbers(count).stream().map(n -> label + " " + n).toList();
    }
    TreeSet<String> names = new TreeSet<>();
    int largest = 0;
    for (int i = 0; i < records.count(); i++) {
      Example.Feature said = RecordInput.feature(records.example(i), label, records.name(i));
      if (said instanceof Example.Bytes texts) {
        texts.values().forEach(text -> names.add(RecordReader.text(text)));
      } else if (said instanceof Example.Numbers numbers) {
        for (float number : numbers.values()) {
          largest = Math.max(largest, RecordReader.classNumber(number, 1 << 16, records.name(i)));
        }
      }
    }
    return names.isEmpty() ? ClassNames.numbers(largest + 1) : List.copyOf(names);
  }

  private InterleavedRecords interleaved(List<Path> files) {
    return InterleavedRecords.of(
        files.parallelStream().map(file -> PackedRecords.open(file, unpacked)).toList());
  }
}
