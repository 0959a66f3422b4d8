package org.distill4j.data.store;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.distill4j.fault.InputFault;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Sha256;

/**
 * Bytes that can be read from their start as often as needed: a file, or a part of this library.
 */
public final class ByteSource {
  /** What opens a source, again and again. */
  @FunctionalInterface
  private interface Opener {
    InputStream open() throws IOException;
  }

  /** What all bytes of a source amount to, as they are stored. */
  public record Sum(String sha256, long bytes) {}

  private static final int BUFFER = 1 << 16;

  private final String name;
  private final Path file;
  private final Opener opener;

  private ByteSource(String name, Path file, Opener opener) {
    this.name = name;
    this.file = file;
    this.opener = opener;
  }

  /** A file. */
  public static ByteSource of(Path file) {
    return new ByteSource(file.toString(), file, () -> Files.newInputStream(file));
  }

  /** A resource beside a class, such as {@code digits/digits.csv.gz}. */
  public static ByteSource embedded(Class<?> beside, String resource) {
    return new ByteSource(
        "embedded " + resource,
        null,
        () -> {
          InputStream in = beside.getResourceAsStream(resource);
          if (in == null) {
            throw new FileNotFoundException("not part of this build");
          }
          return in;
        });
  }

  /** What messages call it. */
  public String name() {
    return name;
  }

  /** The file, if it is one. */
  public Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  /** Reads everything as it is stored. */
  public Sum sum() {
    try (InputStream in = opener.open()) {
      Sha256 sha = new Sha256();
      byte[] buffer = new byte[BUFFER];
      long bytes = 0;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha.add(ByteBuffer.wrap(buffer, 0, n));
        bytes += n;
      }
      return new Sum(sha.hex(), bytes);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Whether it starts as gzip does. */
  public boolean isGzip() {
    try (InputStream in = opener.open()) {
      return in.read() == 0x1f && in.read() == 0x8b;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Opens the content, unpacked if it is gzip. */
  public InputStream open() {
    boolean gzip = isGzip();
    if (!gzip && name.matches("(?is).*\\.gz")) {
      throw new InputFault(name + ": not gzip (expected: to start with 1f8b); fetch it again");
    }
    try {
      InputStream in = opener.open();
      return gzip ? unpacking(in) : new BufferedInputStream(in, BUFFER);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static InputStream unpacking(InputStream in) throws IOException {
    try {
      return new BufferedInputStream(new GZIPInputStream(in, BUFFER), BUFFER);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /**
   * Reads as many bytes as the content has left, at most {@code length}.
   *
   * @return fewer than {@code length} only at the end
   */
  public int read(InputStream in, byte[] target, int length) {
    try {
      return in.readNBytes(target, 0, length);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** One line for what reading threw. */
  public InputFault unreadable(IOException e) {
    boolean damaged = e instanceof EOFException || e instanceof ZipException;
    return new InputFault(
        damaged
            ? "%s: damaged gzip: %s (expected: the whole file); fetch it again"
                .formatted(name, AtomicFile.reason(e))
            : "%s: cannot be read: %s".formatted(name, AtomicFile.reason(e)),
        e);
  }
}
