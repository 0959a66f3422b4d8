package org.distill4j.data.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.distill4j.data.folder.DataPart;
import org.distill4j.data.folder.FolderWalk;
import org.distill4j.fault.InputFault;

/**
 * The folders of the parts of a folder of images, each with a folder for every class: {@code
 * Train/cat/7.png}, also one deeper, {@code data/train/cat/7.png}. Where no folder is to train on,
 * all is, but for the parts beside its classes.
 *
 * @param root the folder that holds the parts, or the classes
 * @param folders that are parts
 * @param beside other folders with images, beside the parts
 * @param asClasses folders that are called as parts are, but have none of the classes
 */
record ImageParts(Path root, Map<DataPart, Path> folders, List<Path> beside, List<Path> asClasses) {
  ImageParts {
    folders = Map.copyOf(folders);
    beside = List.copyOf(beside);
    asClasses = List.copyOf(asClasses);
  }

  /** Finds the parts; a fault in one line if a part has two folders. */
  static ImageParts of(Path folder) {
    Map<DataPart, Path> folders = partsIn(folder);
    if (folders.containsKey(DataPart.TRAIN)) {
      return new ImageParts(folder, folders, besides(folder, folders), List.of());
    }
    List<Path> deeper =
        FolderWalk.children(folder).stream()
            .filter(child -> partsIn(child).containsKey(DataPart.TRAIN))
            .toList();
    if (deeper.size() == 1) {
      ImageParts inside = of(deeper.get(0));
      List<Path> beside = new ArrayList<>(inside.beside());
      FolderWalk.children(folder).stream()
          .filter(child -> !child.equals(deeper.get(0)) && ClassFolders.hasImages(child))
          .forEach(beside::add);
      return new ImageParts(inside.root(), inside.folders(), beside, inside.asClasses());
    }
    Set<String> classes =
        classFolders(folder).stream()
            .filter(child -> !folders.containsValue(child))
            .map(ImageParts::name)
            .collect(Collectors.toSet());
    Map<DataPart, Path> ofTheseClasses = new EnumMap<>(folders);
    ofTheseClasses
        .values()
        .removeIf(
            part -> classFolders(part).stream().noneMatch(child -> classes.contains(name(child))));
    requireClasses(folder, classes, folders.values());
    List<Path> asClasses =
        classFolders(folder).stream()
            .filter(child -> part(name(child)).isPresent())
            .filter(child -> !ofTheseClasses.containsValue(child))
            .toList();
    return new ImageParts(folder, ofTheseClasses, List.of(), asClasses);
  }

  /** Refuses images whose only folders are parts: {@code train/7.png} beside {@code test/8.png}. */
  private static void requireClasses(Path folder, Set<String> classes, Collection<Path> parts) {
    if (classes.isEmpty() && !parts.isEmpty()) {
      throw new InputFault(
          "%s: no images to train on beside %s (expected: train/<class>/..., or folders of classes)"
              .formatted(folder, parts.stream().map(ImageParts::name).sorted().toList()));
    }
    boolean train = classes.stream().anyMatch(c -> part(c).equals(Optional.of(DataPart.TRAIN)));
    if (train && classes.stream().allMatch(c -> part(c).isPresent())) {
      throw new InputFault(
          "%s: images in %s without folders of their classes (expected: train/<class>/... or <class>/...)"
              .formatted(folder, classes.stream().sorted().toList()));
    }
  }

  private static Optional<DataPart> part(String name) {
    return DataPart.named(name);
  }

  /** The folders in one that are named as parts and have folders with images. */
  private static Map<DataPart, Path> partsIn(Path folder) {
    Map<DataPart, Path> found = new EnumMap<>(DataPart.class);
    for (Path child : FolderWalk.children(folder)) {
      Optional<DataPart> part = part(name(child));
      if (part.isPresent() && !classFolders(child).isEmpty()) {
        Path other = found.put(part.get(), child);
        if (other != null) {
          throw new InputFault(
              "%s: %s and %s are both %s (expected: one folder); rename the other"
                  .formatted(folder, name(other), name(child), part.get().spelling()));
        }
      }
    }
    return found;
  }

  private static List<Path> classFolders(Path folder) {
    return FolderWalk.children(folder).stream().filter(ClassFolders::hasImages).toList();
  }

  private static List<Path> besides(Path folder, Map<DataPart, Path> parts) {
    return classFolders(folder).stream().filter(child -> !parts.containsValue(child)).toList();
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  /** The folder of the training images. */
  Path train() {
    return folders.getOrDefault(DataPart.TRAIN, root);
  }

  /**
   * Which folder is which part; nothing where there are no parts.
   *
   * @param top the folder that was opened
   */
  List<String> notes(Path top) {
    List<String> notes = new ArrayList<>();
    if (!folders.isEmpty()) {
      notes.add(
          "parts: "
              + Arrays.stream(DataPart.values())
                  .map(part -> part.spelling() + " " + said(part, top))
                  .collect(Collectors.joining(", ")));
    }
    if (!beside.isEmpty()) {
      notes.add(
          "passed over beside the parts: %s (expected: train, validation or test with a folder for each class)"
              .formatted(
                  beside.stream()
                      .map(path -> top.relativize(path).toString())
                      .collect(Collectors.joining(", "))));
    }
    for (Path folder : asClasses) {
      List<String> inside = classFolders(folder).stream().map(ImageParts::name).toList();
      notes.add(
          "%s is taken for a class, as %s"
              .formatted(
                  top.relativize(folder),
                  inside.isEmpty()
                      ? "it has no folders of classes; if it is a part, move it elsewhere"
                      : "none of its folders is called as a class: " + inside));
    }
    return notes;
  }

  private String said(DataPart part, Path top) {
    Path folder = part == DataPart.TRAIN ? train() : folders.get(part);
    return folder == null
        ? "drawn from training"
        : "from " + (folder.equals(top) ? name(top) : top.relativize(folder));
  }
}
