package org.distill4j.data.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.LockFile;
import org.distill4j.storage.MappedFile;
import org.distill4j.storage.Sha256;

/**
 * Keeps what was unpacked or parsed once, so that every later run maps it: a file per key, and
 * beside it its digest in a file of 64 hex digits. The digest is checked at every opening; a file
 * that does not match is made anew.
 *
 * @param folder need not exist yet
 */
public record UnpackedFolder(Path folder) {
  /** Content, ready to be read, and its digest. */
  public record Unpacked(MappedFile file, String sha256) {}

  /**
   * The content under a key, made first if it is missing or damaged. Of several processes that want
   * it one makes it.
   *
   * @param key 64 hex digits of everything the content is a function of
   */
  public Unpacked open(String key, AtomicFile.Content content) {
    Unpacked kept = kept(key);
    if (kept != null) {
      return kept;
    }
    return LockFile.holding(folder.resolve(key + ".lock"), () -> made(key, content));
  }

  private Unpacked made(String key, AtomicFile.Content content) {
    Unpacked others = kept(key);
    if (others != null) {
      return others;
    }
    Path file = folder.resolve(key);
    AtomicFile.write(file, "unpack", content);
    String sha256 = Sha256.of(file);
    AtomicFile.write(digestOf(key), "unpack-digest", sha256);
    return new Unpacked(MappedFile.open(file), sha256);
  }

  private Unpacked kept(String key) {
    Path file = folder.resolve(key);
    try {
      if (!Files.isRegularFile(file) || !Files.isRegularFile(digestOf(key))) {
        return null;
      }
      String sha256 = Sha256.of(file);
      return sha256.equals(Files.readString(digestOf(key)))
          ? new Unpacked(MappedFile.open(file), sha256)
          : null;
    } catch (IOException e) {
      return null; // as good as missing: it is made anew
    }
  }

  private Path digestOf(String key) {
    return folder.resolve(key + ".sha256");
  }
}
