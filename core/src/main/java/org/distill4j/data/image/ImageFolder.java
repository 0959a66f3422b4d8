package org.distill4j.data.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.data.Cache;
import org.distill4j.data.Dataset;
import org.distill4j.data.FoundParts;
import org.distill4j.data.folder.DataPart;
import org.distill4j.data.folder.FileStamps;
import org.distill4j.data.store.RowDataset;
import org.distill4j.data.store.RowStore;
import org.distill4j.data.store.Rows;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.images.ImageFormat;
import org.distill4j.images.ImageHead;
import org.distill4j.images.Pixels;
import org.distill4j.progress.ProgressListener;
import org.distill4j.settings.DigestText;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.Shape;

/**
 * Images in a folder per class: {@code train/cat/7.png}, or {@code cat/7.png} where the parts are
 * drawn. Classes and files go by their names' alphabetical order.
 *
 * @param said the classes, or none: then those of the training images
 * @param asked how images are read
 */
public record ImageFolder(
    String name,
    List<String> said,
    ImageSettings asked,
    Cache cache,
    Preprocessing scale,
    UnpackedFolder unpacked,
    ProgressListener listener) {

  /** Whether a folder has folders with images, directly or below a part. */
  public static boolean is(Path folder) {
    return ClassFolders.anyIn(folder);
  }

  /** Opens the folder. */
  public FoundParts open(Path folder) {
    ImageParts parts = ImageParts.of(folder);
    ClassFolders train =
        ClassFolders.of(parts.train(), called(folder, parts.train()), parts.folders().values());
    List<String> classes = said.isEmpty() ? train.names() : said;
    Part training = part(train, DataPart.TRAIN);
    if (training.sizes().counts().isEmpty()) {
      throw new InputFault(
          "%s: no image that can be read (expected: %s files)"
              .formatted(parts.train(), ImageFormat.READ));
    }
    ImageSettings images = asked.completed(training.sizes());
    return new FoundParts(
        read(training, classes, images, parts.notes(folder)),
        other(folder, parts, DataPart.VALIDATION, classes, images),
        other(folder, parts, DataPart.TEST, classes, images));
  }

  /** A folder as notes call it: from the one that was opened on. */
  private static String called(Path top, Path folder) {
    return Path.of(String.valueOf(top.getFileName())).resolve(top.relativize(folder)).toString();
  }

  private Optional<Dataset> other(
      Path top, ImageParts parts, DataPart part, List<String> classes, ImageSettings images) {
    return Optional.ofNullable(parts.folders().get(part))
        .map(folder -> part(ClassFolders.of(folder, called(top, folder), List.of()), part))
        .map(found -> read(found, classes, images, List.of()));
  }

  /** The images of a part, as they are on disk. */
  private record Part(ClassFolders folders, DataPart part, String stamps, ImageSizes sizes) {}

  private Part part(ClassFolders folders, DataPart part) {
    List<Path> files = folders.images();
    Path root = folders.root();
    String stamps =
        Sha256.ofTexts(root.toAbsolutePath().toString(), FileStamps.sha256(root, files));
    ImageSizes.Heads heads =
        new ImageSizes.Heads() {
          @Override
          public String name(int index) {
            return root.relativize(files.get(index)).toString();
          }

          @Override
          public ImageHead head(int index) throws IOException {
            return ImageHead.read(files.get(index));
          }
        };
    ImageSizes sizes =
        ImageSizes.of("data '%s'".formatted(name), files.size(), heads, stamps, unpacked, listener);
    return new Part(folders, part, stamps, sizes);
  }

  private Dataset read(
      Part part, List<String> classes, ImageSettings images, List<String> partNotes) {
    Path root = part.folders().root();
    List<Integer> labels = labels(part.folders(), classes);
    Shape shape =
        Shape.of(images.channels().get(), images.size().get().get(0), images.size().get().get(1));
    Source source = new Source(part.folders().images(), labels, images, shape);
    String key =
        Sha256.ofTexts("images 2", classes.toString(), DigestText.of(images), part.stamps());
    String what = "data '%s' %s".formatted(name, root.getFileName());
    Rows rows = RowStore.open(what, source, key, cache, unpacked, listener);
    List<String> notes = new ArrayList<>(partNotes);
    notes.addAll(part.folders().notes());
    notes.addAll(part.sizes().notes(part.part().spelling() + " images", asked, images));
    notes.addAll(rows.notes(what));
    return FittedImages.of(
        new RowDataset(
            name,
            shape,
            classes,
            TaskType.SINGLE_LABEL,
            rows,
            true,
            source.rowBytes(),
            scale,
            notes),
        images.fit());
  }

  private List<Integer> labels(ClassFolders folders, List<String> classes) {
    Map<String, Integer> numbers = new HashMap<>();
    classes.forEach(each -> numbers.put(each, numbers.size()));
    for (String folder : folders.names()) {
      if (!numbers.containsKey(folder)) {
        throw new InputFault(
            "%s: a folder of no class (expected: one of %s, as %s)"
                .formatted(
                    folders.root().resolve(folder),
                    classes,
                    said.isEmpty() ? "the training images have" : "the setting classes has"));
      }
    }
    return folders.images().stream().map(image -> numbers.get(folders.name(image))).toList();
  }

  /** Decodes image files. */
  private record Source(List<Path> files, List<Integer> labels, ImageSettings images, Shape shape)
      implements Rows.Source {
    @Override
    public long count() {
      return files.size();
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
      Path file = files.get((int) index);
      try {
        byte[] values =
            Pixels.read(Files.readAllBytes(file))
                .channels(images.channels().get())
                .size(images.size().get().get(0), images.size().get().get(1), images.fit())
                .values();
        byte[] row = new byte[rowBytes()];
        ByteBuffer.wrap(row)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(values)
            .putFloat(labels.get((int) index));
        return row;
      } catch (IOException e) {
        throw new Rows.Undecodable(file + ": " + AtomicFile.reason(e));
      }
    }
  }
}
