package org.distill4j.data.source;

import java.nio.file.Path;
import java.util.Optional;
import org.distill4j.data.Cache;
import org.distill4j.data.image.ImageSettings;
import org.distill4j.settings.Describe;
import org.distill4j.table.Dialect;
import org.distill4j.table.Quotes;

/**
 * The source of examples: a name or a path, and how the files found there are read.
 *
 * @param name of a known data set, or what one's own are called
 * @param path of one's own file or folder
 * @param dir a folder to look in first for the files of a name
 * @param images how image files are read
 * @param cache where decoded images and records are kept
 * @param encoding the character set of CSV files
 * @param quotes how a cell of a CSV file may hold a separator
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
        Optional<Cache> cache,
    @Describe(
            "CSV: the character set, such as windows-1251, latin1, gbk or utf-16; if absent, utf-8 or what the file's first bytes tell")
        Optional<String> encoding,
    @Describe(
            "CSV: how a quoted cell holds a quote: doubled or backslash; none: quotes are plain characters; if absent, doubled")
        Optional<Quotes> quotes) {
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
    encoding.ifPresent(Dialect::charset);
  }

  /** Whether a text may be the name of a data set, which is a part of paths. */
  static boolean isName(String text) {
    return text.matches("[A-Za-z0-9][A-Za-z0-9._-]*");
  }

  /** A data set by its name. */
  static DataSource named(String name, Optional<Path> dir) {
    return of(Optional.of(name), Optional.empty(), dir);
  }

  /** One's own file or folder. */
  static DataSource at(Path path) {
    return of(Optional.empty(), Optional.of(path), Optional.empty());
  }

  private static DataSource of(Optional<String> name, Optional<Path> path, Optional<Path> dir) {
    return new DataSource(
        name, path, dir, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The same with images read and kept so. */
  DataSource images(ImageSettings settings, Cache kept) {
    return new DataSource(
        name, path, dir, Optional.of(settings), Optional.of(kept), encoding, quotes);
  }

  /** The same, whose text is written so. */
  public DataSource text(Optional<String> charset, Optional<Quotes> quoted) {
    return new DataSource(name, path, dir, images, cache, charset, quoted);
  }
}
