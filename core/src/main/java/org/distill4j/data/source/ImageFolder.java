package org.distill4j.data.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
import org.distill4j.images.Pixels;
import org.distill4j.progress.ProgressListener;
import org.distill4j.settings.DigestText;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.Shape;

/**
 * Images in a folder per class: {@code train/cat/7.png}, or {@code cat/7.png} where the parts are
 * drawn. Classes and files go by their names' alphabetical order.
 */
record ImageFolder(
    String name, DataSettings settings, UnpackedFolder unpacked, ProgressListener listener) {
  private static final String IMAGE = ".*\\.(png|jpe?g|bmp|gif)";
  private static final Preprocessing BYTES = Preprocessing.scale(1.0 / 255);

  /** One image that is to be read. */
  private record Entry(Path file, int label) {}

  /** Whether a folder has folders with images, directly or below {@code train}. */
  static boolean is(Path folder) {
    return !classes(root(folder)).isEmpty();
  }

  private static Path root(Path folder) {
    Path train = folder.resolve("train");
    return Files.isDirectory(train) ? train : folder;
  }

  /** The names of the folders that have an image somewhere. */
  private static List<String> classes(Path root) {
    return children(root).stream()
        .filter(Files::isDirectory)
        .filter(folder -> !images(folder, 1).isEmpty())
        .map(folder -> folder.getFileName().toString())
        .toList();
  }

  private static List<Path> children(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw ByteSource.of(folder).unreadable(e);
    }
  }

  private static List<Path> images(Path folder, long most) {
    try (Stream<Path> files = Files.walk(folder)) {
      Stream<Path> images =
          files.filter(f -> f.getFileName().toString().toLowerCase(Locale.ROOT).matches(IMAGE));
      return (most == 1 ? images.limit(1) : images.sorted()).toList();
    } catch (IOException e) {
      throw ByteSource.of(folder).unreadable(e);
    }
  }

  /** Opens the folder; parts that have no folder are drawn from the training images. */
  Splits open(Path folder) {
    if (settings.columns().taskOrUsual() != TaskType.SINGLE_LABEL
        || settings.columns().table().isPresent()) {
      throw new InputFault(
          "task, table: given for %s (expected: absent, as a folder of images has one class each)"
              .formatted(folder));
    }
    Path root = root(folder);
    List<String> classes =
        settings.columns().classes().isEmpty() ? classes(root) : settings.columns().classes();
    ImageSettings images =
        complete(settings.source().images().orElseGet(ImageSettings::defaults), root);
    Dataset train = read(root, classes, images);
    Optional<Dataset> validation =
        part(folder, "validation")
            .or(() -> part(folder, "val"))
            .map(part -> read(part, classes, images));
    Optional<Dataset> test = part(folder, "test").map(part -> read(part, classes, images));
    return DrawnSplits.of(name, settings.sampling(), train, validation, test).splits();
  }

  private static Optional<Path> part(Path folder, String part) {
    return Optional.of(folder.resolve(part))
        .filter(p -> Files.isDirectory(folder.resolve("train")) && Files.isDirectory(p));
  }

  /** Size and channels of the first image that can be read, where the settings leave them open. */
  private ImageSettings complete(ImageSettings asked, Path root) {
    if (asked.size().isPresent() && asked.channels().isPresent()) {
      return asked;
    }
    for (String folder : classes(root)) {
      for (Path file : images(root.resolve(folder), Long.MAX_VALUE)) {
        try {
          Pixels first = Pixels.read(Files.readAllBytes(file));
          return new ImageSettings(
              Optional.of(asked.size().orElse(List.of(first.height(), first.width()))),
              Optional.of(asked.channels().orElse(first.channels())),
              asked.fit(),
              asked.unreadable());
        } catch (IOException e) {
          // it is counted and named when all are read
        }
      }
    }
    throw new InputFault(root + ": no image that can be read (expected: PNG or JPEG files)");
  }

  private Dataset read(Path root, List<String> classes, ImageSettings images) {
    List<Entry> entries = new ArrayList<>();
    for (String folder : classes(root)) {
      int label = classes.indexOf(folder);
      if (label < 0) {
        throw new InputFault(
            "%s: a folder of no class (expected: one of %s, as %s)"
                .formatted(
                    root.resolve(folder),
                    classes,
                    settings.columns().classes().isEmpty()
                        ? "the training images have"
                        : "the setting classes has"));
      }
      images(root.resolve(folder), Long.MAX_VALUE)
          .forEach(file -> entries.add(new Entry(file, label)));
    }
    Shape shape =
        Shape.of(images.channels().get(), images.size().get().get(0), images.size().get().get(1));
    Source source = new Source(entries, images, shape, root);
    Rows rows =
        RowStore.open(
            "data '%s' %s".formatted(name, root.getFileName()),
            source,
            key(entries, classes, images, root),
            settings.source().cache().orElse(Cache.DISK),
            unpacked,
            listener);
    return new RowDataset(
        name,
        shape,
        classes,
        TaskType.SINGLE_LABEL,
        rows,
        true,
        source.rowBytes(),
        settings.columns().scale().map(Preprocessing::scale).orElse(BYTES));
  }

  /** Files are told apart by path, length and time of change. */
  private static String key(
      List<Entry> entries, List<String> classes, ImageSettings images, Path root) {
    Sha256 sha = new Sha256().add("images 1").add(classes.toString()).add(DigestText.of(images));
    try {
      for (Entry entry : entries) {
        sha.add(root.relativize(entry.file()).toString())
            .add(entry.label() + " " + Files.size(entry.file()))
            .add(Files.getLastModifiedTime(entry.file()).toString());
      }
      return sha.add(root.toAbsolutePath().toString()).hex();
    } catch (IOException e) {
      throw ByteSource.of(root).unreadable(e);
    }
  }

  /** Decodes image files. */
  private record Source(List<Entry> entries, ImageSettings images, Shape shape, Path root)
      implements Rows.Source {
    @Override
    public long count() {
      return entries.size();
    }

    @Override
    public int rowBytes() {
      return Math.toIntExact(shape.elements() + Float.BYTES);
    }

    @Override
    public int truths() {
      return 1;
    }

    @Override
    public int mayMiss() {
      return images.unreadable();
    }

    @Override
    public byte[] decode(long index) throws Rows.Undecodable {
      Entry entry = entries.get((int) index);
      try {
        byte[] values =
            Pixels.read(Files.readAllBytes(entry.file()))
                .channels(images.channels().get())
                .size(images.size().get().get(0), images.size().get().get(1), images.fit())
                .values();
        byte[] row = new byte[rowBytes()];
        ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN).put(values).putFloat(entry.label());
        return row;
      } catch (IOException e) {
        throw new Rows.Undecodable(entry.file() + ": " + AtomicFile.reason(e));
      }
    }
  }
}
