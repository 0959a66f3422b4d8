package org.distill4j.tfjs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.distill4j.fault.RunFault;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Sha256;
import org.distill4j.storage.UserCache;

/**
 * The TF.js library: one script, kept in the user's cache, fetched by {@code npm pack} at first
 * use. No artefact of it is published where this library's other parts come from.
 */
public final class TfjsScript {
  /** The version that exports are run with. */
  public static final String VERSION = "4.22.0";

  private static final String PACKAGE = "@tensorflow/tfjs@" + VERSION;
  private static final String ENTRY = "package/dist/tf.min.js";
  private static final String SHA256 =
      "300dfae273d20b4046f46a06d735688f03675a807561e9bcb5f664eb2f3d2831";

  private static final int BLOCK = 512; // of a tar archive
  private static final long PATIENCE_MINUTES = 3;

  private TfjsScript() {}

  /** The script if it is in the cache or can be fetched; empty if neither. */
  public static synchronized Optional<Path> find() {
    Path cached = UserCache.folder().resolve("tfjs-" + VERSION).resolve("tf.min.js");
    if (Files.exists(cached) && Sha256.of(cached).equals(SHA256)) {
      return Optional.of(cached);
    }
    Optional<byte[]> script = fetch();
    script.ifPresent(bytes -> AtomicFile.write(cached, "tfjs-script", bytes));
    return script.map(bytes -> cached);
  }

  /**
   * The script.
   *
   * @throws RunFault if there is none and none can be fetched
   */
  public static Path require() {
    return find()
        .orElseThrow(
            () ->
                new RunFault(
                    "TF.js: npm could not fetch "
                        + PACKAGE
                        + " (expected: npm and a network at first use); install Node.js, or leave"
                        + " out --demo"));
  }

  private static Optional<byte[]> fetch() {
    Path folder = null;
    try {
      folder = UserCache.scratch("npm");
      Process npm =
          new ProcessBuilder(List.of("npm", "pack", "--silent", PACKAGE))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      if (!npm.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
        npm.destroyForcibly();
        return Optional.empty();
      }
      try (Stream<Path> files = Files.list(folder)) {
        Optional<Path> packed = files.filter(f -> f.toString().endsWith(".tgz")).findFirst();
        return packed.isEmpty() ? Optional.empty() : entry(Files.readAllBytes(packed.get()));
      }
    } catch (IOException e) {
      return Optional.empty(); // no npm here
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      delete(folder);
    }
  }

  /** The script's bytes out of a packed tar archive, if they are the ones that are known. */
  private static Optional<byte[]> entry(byte[] packed) throws IOException {
    try (InputStream tar = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] header = tar.readNBytes(BLOCK);
      while (header.length == BLOCK && header[0] != 0) {
        String name = text(header, 0, 100);
        int size = Integer.parseInt(text(header, 124, 12).strip(), 8);
        byte[] content = tar.readNBytes(size);
        tar.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        if (name.equals(ENTRY)) {
          return Sha256.of(content).equals(SHA256) ? Optional.of(content) : Optional.empty();
        }
        header = tar.readNBytes(BLOCK);
      }
    }
    return Optional.empty();
  }

  private static String text(byte[] header, int from, int length) {
    int end = from;
    while (end < from + length && header[end] != 0) {
      end++;
    }
    return new String(header, from, end - from, StandardCharsets.US_ASCII);
  }

  private static void delete(Path folder) {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      return; // a leftover in the temporary folder
    }
  }
}
