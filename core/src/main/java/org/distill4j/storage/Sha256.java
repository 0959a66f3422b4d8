package org.distill4j.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.distill4j.fault.InputFault;

/** A running SHA-256 digest, read as 64 lower-case hex digits. */
public final class Sha256 {
  /** Reads a whole file. */
  @FunctionalInterface
  interface Reading {
    String digest(Path file) throws IOException;
  }

  private static final long LARGE = 1 << 22;
  private static final long APART_MILLIS = 2000; // the coarsest clock of a file system
  private static final int MOST = 1000;
  private static final String UNIX = "unix";
  private static final Map<String, String> READ = new ConcurrentHashMap<>();

  private final MessageDigest digest;

  /** The digest of nothing yet. */
  public Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** Adds bytes. */
  public Sha256 add(byte[] bytes) {
    digest.update(bytes);
    return this;
  }

  /** Adds what remains of the buffer; its position stays. */
  public Sha256 add(ByteBuffer bytes) {
    digest.update(bytes.duplicate());
    return this;
  }

  /**
   * Adds a text's UTF-8 bytes and a separator, so that {@code ("ab", "c")} differs from {@code
   * ("a", "bc")}.
   */
  public Sha256 add(String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    return this;
  }

  /** The digest of all that was added; starts anew afterwards. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The digest of bytes. */
  public static String of(byte[] bytes) {
    return new Sha256().add(bytes).hex();
  }

  /** The digest of texts, each closed by a separator. */
  public static String ofTexts(String... texts) {
    Sha256 sha = new Sha256();
    for (String text : texts) {
      sha.add(text);
    }
    return sha.hex();
  }

  /**
   * The digest of a file's content. A large file is read once in a process, as long as the system
   * vouches that nobody wrote to it.
   */
  public static String of(Path file) {
    return of(file, System.currentTimeMillis(), Sha256::read);
  }

  /**
   * {@link #of(Path)} at a time.
   *
   * @param now in milliseconds
   */
  static String of(Path file, long now, Reading reading) {
    try {
      String state = stateOf(file, now);
      String known = state == null ? null : READ.get(state);
      if (known != null) {
        return known;
      }
      String found = reading.digest(file);
      if (state != null && READ.size() < MOST) {
        READ.put(state, found);
      }
      return found;
    } catch (IOException e) {
      throw new InputFault(file + ": cannot be read: " + AtomicFile.reason(e), e);
    }
  }

  private static String read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Sha256 sha = new Sha256();
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha.digest.update(buffer, 0, n);
      }
      return sha.hex();
    }
  }

  /**
   * What tells a file's content apart within this process: its place on the disk, its size and when
   * it was last changed, which no program can set back. Null for what is small, or was changed so
   * lately that the next change could bear the same time.
   */
  private static String stateOf(Path file, long now) throws IOException {
    if (Files.size(file) < LARGE
        || !file.getFileSystem().supportedFileAttributeViews().contains(UNIX)) {
      return null;
    }
    Map<String, Object> all = Files.readAttributes(file, UNIX + ":dev,ino,size,ctime");
    FileTime changed = (FileTime) all.get("ctime");
    boolean isLate = changed.toMillis() > now - APART_MILLIS;
    return isLate ? null : new TreeMap<>(all).toString();
  }
}
