package org.distill4j.natives;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.distill4j.storage.UserCache;

/**
 * Another name for a model's file or folder, for libraries that misread its own: ONNX Runtime for
 * Java gets characters beyond U+FFFF in another spelling, TensorFlow takes brackets and backslashes
 * for a pattern. It is a link in the temporary folder, there until this is closed.
 */
public final class PlainName implements AutoCloseable {
  private static final String MISREAD = "[]\\";

  private final Path path;
  private final Path link;

  private PlainName(Path path, Path link) {
    this.path = path;
    this.link = link;
  }

  /** A name for what is there; its own if that is plain, or if this system has no links. */
  public static PlainName of(Path named) {
    Path whole = named.toAbsolutePath();
    if (isPlain(whole)) {
      return new PlainName(named, null);
    }
    boolean isFile = Files.isRegularFile(whole);
    // What lies beside a file belongs to it: its folder is linked, if that is enough.
    boolean inFolder = isFile && isPlain(whole.getFileName());
    try {
      Path link = UserCache.scratch("link").resolve(isFile ? "model" : "folder");
      Files.createSymbolicLink(link, inFolder ? whole.getParent() : whole);
      return new PlainName(inFolder ? link.resolve(whole.getFileName()) : link, link);
    } catch (IOException | UnsupportedOperationException e) {
      return new PlainName(named, null);
    }
  }

  private static boolean isPlain(Path path) {
    return path.toString()
        .codePoints()
        .noneMatch(c -> Character.isSupplementaryCodePoint(c) || MISREAD.indexOf(c) >= 0);
  }

  /** The name. */
  public Path path() {
    return path;
  }

  @Override
  public void close() {
    if (link == null) {
      return;
    }
    try {
      Files.delete(link);
      Files.delete(link.getParent());
    } catch (IOException e) {
      return; // a leftover in the temporary folder
    }
  }
}
