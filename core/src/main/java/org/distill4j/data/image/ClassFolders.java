package org.distill4j.data.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.distill4j.data.folder.FolderWalk;
import org.distill4j.images.ImageFormat;

/**
 * A folder with a folder for each class, and the images below these at any depth.
 *
 * @param names of the classes that have an image
 * @param images in the order of their classes and names
 * @param notes on what lies there and is no example
 */
record ClassFolders(Path root, List<String> names, List<Path> images, List<String> notes) {
  /** How many of what is passed over a note names. */
  private static final int NAMED = 5;

  private static final int LONGEST_LINK = 1024;

  ClassFolders {
    names = List.copyOf(names);
    images = List.copyOf(images);
    notes = List.copyOf(notes);
  }

  /** Whether a folder in a folder has an image. */
  static boolean anyIn(Path folder) {
    return FolderWalk.children(folder).stream().anyMatch(ClassFolders::hasImages);
  }

  /** Whether there is an image below a folder. */
  static boolean hasImages(Path folder) {
    return Files.isDirectory(folder) && FolderWalk.has(folder, ClassFolders::isImage);
  }

  /** Whether a path is an image file that is read, by its name. */
  private static boolean isImage(Path file) {
    return ImageFormat.named(file).filter(ImageFormat::isRead).isPresent();
  }

  /**
   * Walks through a folder.
   *
   * @param said what notes call it
   * @param without folders in it that are no classes
   */
  static ClassFolders of(Path root, String said, Collection<Path> without) {
    FolderWalk walk = FolderWalk.of(root, ClassFolders::isImage, without);
    Map<Path, List<Path>> byClass = new TreeMap<>(); // in the order of paths, as files are
    List<Path> loose = new ArrayList<>();
    for (Path file : walk.files()) {
      if (file.getParent().equals(root)) {
        loose.add(file);
      } else {
        byClass.computeIfAbsent(folder(root, file), f -> new ArrayList<>()).add(file);
      }
    }
    Notes notes = new Notes(root, said, new ArrayList<>());
    notes.add("hidden or left by tools", walk.hidden());
    notes.add("images in no folder of a class", loose);
    notes.addFormats(walk.others());
    notes.add("links that lead nowhere", walk.others().stream().filter(f -> isBroken(f)).toList());
    notes.add(
        "links that were unpacked as text",
        walk.others().stream().filter(f -> f.getParent().equals(root) && isLinkAsText(f)).toList());
    return new ClassFolders(
        root,
        byClass.keySet().stream().map(Path::toString).toList(),
        byClass.values().stream().flatMap(List::stream).toList(),
        notes.lines());
  }

  private static boolean isBroken(Path file) {
    return Files.isSymbolicLink(file) && !Files.exists(file);
  }

  /**
   * Whether a file holds the path of a folder, as archives and checkouts without links leave it.
   */
  private static boolean isLinkAsText(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LONGEST_LINK) {
        return false;
      }
      String path = Files.readString(file).strip();
      return !path.isEmpty() && Files.isDirectory(file.resolveSibling(path));
    } catch (IOException | InvalidPathException e) {
      return false; // no text, or none that is a path
    }
  }

  /** What is passed over, a line for each kind. */
  private record Notes(Path root, String said, List<String> lines) {
    void add(String what, List<Path> passedOver) {
      if (!passedOver.isEmpty()) {
        lines.add(
            String.format(
                Locale.ROOT,
                "passed over in %s: %,d %s: %s%s",
                said,
                passedOver.size(),
                what,
                passedOver.stream()
                    .limit(NAMED)
                    .map(path -> root.relativize(path).toString())
                    .collect(Collectors.joining(", ")),
                passedOver.size() > NAMED ? ", ..." : ""));
      }
    }

    void addFormats(List<Path> others) {
      Map<ImageFormat, List<Path>> byFormat = new EnumMap<>(ImageFormat.class);
      for (Path other : others) {
        Optional<ImageFormat> format = ImageFormat.named(other);
        format.ifPresent(f -> byFormat.computeIfAbsent(f, x -> new ArrayList<>()).add(other));
      }
      byFormat.forEach(
          (format, files) ->
              add(
                  "%s files, which are not read (expected: %s)"
                      .formatted(format.spelling(), ImageFormat.READ),
                  files));
    }
  }

  private static Path folder(Path root, Path image) {
    return root.relativize(image).getName(0);
  }

  /** The class of an image. */
  String name(Path image) {
    return folder(root, image).toString();
  }
}
