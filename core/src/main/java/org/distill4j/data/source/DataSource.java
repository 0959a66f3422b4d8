package org.distill4j.data.source;

import java.nio.file.Path;
import java.util.Optional;
import org.distill4j.data.Cache;
import org.distill4j.settings.Describe;

/**
 * The source of examples: a name or a path, and how the files found there are read.
 *
 * @param name of a known data set, or what one's own are called
 * @param path of one's own file or folder
 * @param dir a folder to look in first for the files of a name
 * @param images how image files are read
 * @param cache where decoded images and records are kept
 */
public record DataSource(
    @Describe(
            "fashion-mini, digits, mnist, fashion-mnist or adult; or what your own data are called")
        Optional<String> name,
    @Describe(
            "your own data: a CSV or TFRecord file, or a folder of idx, CSV, TFRecord or image files")
        Optional<Path> path,
    @Describe("a folder to look in first for the files of that name") Optional<Path> dir,
    @Describe("how the images of folders and records are read") Optional<ImageSettings> images,
    @Describe("where decoded images and records are kept: disk, memory or none; if absent, disk")
        Optional<Cache> cache) {
  /** Checks that the examples can be told. */
  public DataSource {
    if (name.isEmpty() && path.isEmpty()) {
      throw new IllegalArgumentException("name: absent (expected: a name or a path)");
    }
    if (name.isPresent() && !isName(name.get())) {
      throw new IllegalArgumentException(
          "name: " + name.get() + " (expected: letters, digits, '.', '_', '-'; files go by path)");
    }
    if (path.isPresent() && dir.isPresent()) {
      throw new IllegalArgumentException("dir: " + dir.get() + " (expected: absent beside path)");
    }
  }

  /** Whether a text may be the name of a data set, which is a part of paths. */
  static boolean isName(String text) {
    return text.matches("[A-Za-z0-9][A-Za-z0-9._-]*");
  }

  /** A data set by its name. */
  static DataSource named(String name, Optional<Path> dir) {
    return new DataSource(
        Optional.of(name), Optional.empty(), dir, Optional.empty(), Optional.empty());
  }

  /** One's own file or folder. */
  static DataSource at(Path path) {
    return new DataSource(
        Optional.empty(), Optional.of(path), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The same with images read and kept so. */
  DataSource images(ImageSettings settings, Cache kept) {
    return new DataSource(name, path, dir, Optional.of(settings), Optional.of(kept));
  }
}
