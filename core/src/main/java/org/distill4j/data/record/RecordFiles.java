package org.distill4j.data.record;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distill4j.data.Cache;
import org.distill4j.data.Dataset;
import org.distill4j.data.FoundParts;
import org.distill4j.data.folder.DataPart;
import org.distill4j.data.image.ImageSettings;
import org.distill4j.data.image.ImageSizes;
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
public record RecordFiles(
    String name, Asked asked, UnpackedFolder unpacked, ProgressListener listener) {
  /**
   * What the settings say.
   *
   * @param classes their names; none: those of the training records
   * @param shape of one example; none: as the features have it
   * @param scale the factor of raw values
   */
  public record Asked(
      List<String> classes,
      TaskType task,
      List<Long> shape,
      Optional<Double> scale,
      RecordSettings features,
      ImageSettings images,
      Cache cache) {
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
        dataset(read.reader(), "train", notes),
        other(parts, DataPart.VALIDATION, read.reader()),
        other(parts, DataPart.TEST, read.reader()));
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
            asked.cache(),
            unpacked,
            listener);
    Preprocessing suited = form.bytes() ? Preprocessing.scale(1.0 / 255) : Preprocessing.NONE;
    return new RowDataset(
        name,
        form.shape(),
        reader.labels().classes(),
        reader.labels().task(),
        rows,
        form.bytes(),
        reader.rowBytes(),
        asked.scale().map(Preprocessing::scale).orElse(suited),
        notes);
  }

  /** A reader, and what was found out for it. */
  private record Read(RecordReader reader, List<String> notes) {}

  private Read reader(InterleavedRecords records) {
    if (records.count() == 0) {
      throw new InputFault(records.names() + ": no records (expected: at least one)");
    }
    RecordSettings features = asked.features();
    TaskType task = asked.task();
    Example first = records.example(0);
    String feature = features.input().orElseGet(() -> input(first, features, records.name(0)));
    List<String> notes = new ArrayList<>();
    RecordInput input =
        RecordInput.of(records, feature, asked.shape(), features.feature())
            .orElseGet(() -> images(records, feature, notes));
    RecordLabels labels = RecordLabels.of(records, features.label(), task, asked.classes());
    return new Read(new RecordReader(records, input, labels, asked.images().unreadable()), notes);
  }

  /** Images of the size and channels of all, where the settings leave them open. */
  private RecordInput images(InterleavedRecords records, String feature, List<String> notes) {
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
    ImageSettings taken = asked.images().completed(sizes);
    notes.addAll(sizes.notes("training images", asked.images(), taken));
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

  private InterleavedRecords interleaved(List<Path> files) {
    return InterleavedRecords.of(
        files.parallelStream().map(file -> PackedRecords.open(file, unpacked)).toList());
  }
}
