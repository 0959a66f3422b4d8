package org.distill4j.data.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.distill4j.data.Cache;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.data.store.ByteSource;
import org.distill4j.data.store.RowDataset;
import org.distill4j.data.store.RowStore;
import org.distill4j.data.store.Rows;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.progress.ProgressListener;
import org.distill4j.records.Example;
import org.distill4j.records.RecordFile;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.MappedFile;
import org.distill4j.storage.Sha256;

/**
 * TFRecord files: one, or several per part, whose names say {@code train}, {@code validation} (or
 * {@code val}) and {@code test}. Examples of several files take turns: the first of each, the
 * second of each, and so on, so that neighbours come from different files.
 */
record RecordFiles(
    String name, DataSettings settings, UnpackedFolder unpacked, ProgressListener listener) {
  private static final String SUFFIX = ".*\\.tfrecords?([-.].*)?";

  /** Whether a path is such a file, or a folder that has one. */
  static boolean is(Path path) {
    return Files.isDirectory(path) ? !in(path).isEmpty() : isRecord(path);
  }

  private static boolean isRecord(Path file) {
    return Files.isRegularFile(file)
        && file.getFileName().toString().toLowerCase(Locale.ROOT).matches(SUFFIX);
  }

  private static List<Path> in(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(RecordFiles::isRecord).sorted().toList();
    } catch (IOException e) {
      throw ByteSource.of(folder).unreadable(e);
    }
  }

  private static String part(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.contains("test")
        ? "test"
        : name.contains("val") || name.contains("dev") ? "validation" : "train";
  }

  /** Opens a file or a folder; parts that have no file are drawn from the training records. */
  Splits open(Path path) {
    if (settings.columns().table().isPresent() || settings.columns().label().isPresent()) {
      throw new InputFault(
          "table, label: given for %s (expected: absent; records.label names the feature)"
              .formatted(path));
    }
    List<Path> files = Files.isDirectory(path) ? in(path) : List.of(path);
    List<Path> train = files.stream().filter(f -> part(f).equals("train")).toList();
    if (train.isEmpty()) {
      train = files.size() == 1 ? files : train;
    }
    if (train.isEmpty()) {
      throw new InputFault(path + ": no TFRecord file to train on (expected: 'train' in its name)");
    }
    RecordReader reader = reader(train, settings.columns().classes());
    Dataset training = dataset(reader, train, "train");
    Optional<Dataset> validation = other(files, train, "validation", reader);
    Optional<Dataset> test = other(files, train, "test", reader);
    return DrawnSplits.of(name, settings.sampling(), training, validation, test).splits();
  }

  private Optional<Dataset> other(
      List<Path> files, List<Path> train, String part, RecordReader like) {
    List<Path> own =
        files.stream().filter(f -> !train.contains(f) && part(f).equals(part)).toList();
    return own.isEmpty()
        ? Optional.empty()
        : Optional.of(dataset(like.over(interleaved(own)), own, part));
  }

  private Dataset dataset(RecordReader reader, List<Path> files, String part) {
    Rows rows =
        RowStore.open(
            "data '%s' %s".formatted(name, part),
            reader,
            key(reader, files),
            settings.source().cache().orElse(Cache.DISK),
            unpacked,
            listener);
    Preprocessing suited =
        reader.form().bytes() ? Preprocessing.scale(1.0 / 255) : Preprocessing.NONE;
    return new RowDataset(
        name,
        reader.form().shape(),
        reader.classes(),
        reader.task(),
        rows,
        reader.form().bytes(),
        reader.rowBytes(),
        settings.columns().scale().map(Preprocessing::scale).orElse(suited),
        List.of());
  }

  /** Files are told apart by path, length and time of change. */
  private static String key(RecordReader reader, List<Path> files) {
    Sha256 sha = new Sha256().add("records 1").add(reader.describe());
    try {
      for (Path file : files) {
        sha.add(file.toAbsolutePath().toString())
            .add(Files.size(file) + " " + Files.getLastModifiedTime(file));
      }
      return sha.hex();
    } catch (IOException e) {
      throw ByteSource.of(files.get(0)).unreadable(e);
    }
  }

  private RecordReader reader(List<Path> files, List<String> classes) {
    InterleavedRecords records = interleaved(files);
    if (records.count() == 0) {
      throw new InputFault(files.get(0) + ": no records (expected: at least one)");
    }
    RecordSettings features = settings.columns().records().orElseGet(RecordSettings::defaults);
    TaskType task = settings.columns().taskOrUsual();
    Example first = records.example(0);
    String input = features.input().orElseGet(() -> input(first, features, records.name(0)));
    RecordReader.Form form = RecordReader.form(records, input, settings);
    List<String> named =
        classes.isEmpty() ? classes(records, features.label(), task, first) : classes;
    return new RecordReader(
        records,
        input,
        features.label(),
        task,
        named,
        form,
        settings.source().images().orElseGet(ImageSettings::defaults));
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
      int count = RecordReader.feature(first, label, records.name(0)).count();
      return count == 1
          ? List.of(label)
          : IdxDataset.numbers(count).stream().map(n -> label + " " + n).toList();
    }
    TreeSet<String> names = new TreeSet<>();
    int largest = 0;
    for (int i = 0; i < records.count(); i++) {
      Example.Feature said = RecordReader.feature(records.example(i), label, records.name(i));
      if (said instanceof Example.Bytes texts) {
        texts.values().forEach(text -> names.add(RecordReader.text(text)));
      } else if (said instanceof Example.Numbers numbers) {
        for (float number : numbers.values()) {
          largest = Math.max(largest, RecordReader.classNumber(number, 1 << 16, records.name(i)));
        }
      }
    }
    return names.isEmpty() ? IdxDataset.numbers(largest + 1) : List.copyOf(names);
  }

  private InterleavedRecords interleaved(List<Path> files) {
    List<RecordFile> opened =
        files.parallelStream()
            .map(
                file -> {
                  ByteSource source = ByteSource.of(file);
                  return source.isGzip()
                      ? RecordFile.open(file.toString(), unpackedFile(source))
                      : RecordFile.open(file);
                })
            .toList();
    return InterleavedRecords.of(opened);
  }

  private MappedFile unpackedFile(ByteSource source) {
    return unpacked
        .open(
            Sha256.ofTexts("unpacked records", source.sum().sha256()),
            channel -> {
              byte[] buffer = new byte[1 << 16];
              try (var in = source.open()) {
                for (int n = source.read(in, buffer, buffer.length);
                    n > 0;
                    n = source.read(in, buffer, buffer.length)) {
                  AtomicFile.writeFully(channel, ByteBuffer.wrap(buffer, 0, n));
                }
              }
            })
        .file();
  }
}
