package org.distill4j.tflite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Sha256;
import org.distill4j.storage.UserCache;

/**
 * The files that are known to run: those that were written here and those that a {@link
 * TrialProcess} survived. They are known by their digests, in this process and in the user's cache,
 * so a file is tried once; what a file says of its maker could be copied with it.
 */
final class TriedFiles {
  private static final long PATIENCE_SECONDS = 120;
  private static final int MOST = 1000;
  private static final Set<String> KNOWN = ConcurrentHashMap.newKeySet();

  private TriedFiles() {}

  /**
   * Refuses a file that ends the process it runs in.
   *
   * @throws InputFault naming it
   */
  static void require(TfliteFile file) {
    String sha256 = new Sha256().add(file.bytes()).hex();
    if (isKnown(sha256)) {
      return;
    }
    TrialProcess.Outcome outcome = tried(file);
    if (outcome == TrialProcess.Outcome.DIED) {
      throw new InputFault(
          file.name()
              + ": ends the process that it runs in (expected: a TFLite model whose numbers its"
              + " kernels can work with); it is damaged: copy or export it again");
    }
    if (outcome == TrialProcess.Outcome.RAN) {
      remember(sha256);
    }
  }

  private static TrialProcess.Outcome tried(TfliteFile file) {
    try (TrialProcess trial = TrialProcess.start()) {
      return trial.of(file.bytes(), PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (IOException e) {
      return TrialProcess.Outcome.UNKNOWN; // no processes here: as without a trial
    }
  }

  /** A file that was written and run here. */
  static void remember(TfliteFile file) {
    remember(new Sha256().add(file.bytes()).hex());
  }

  private static boolean isKnown(String sha256) {
    if (!KNOWN.contains(sha256) && !remembered().contains(sha256)) {
      return false;
    }
    KNOWN.add(sha256);
    return true;
  }

  private static void remember(String sha256) {
    if (isKnown(sha256)) {
      return;
    }
    KNOWN.add(sha256);
    Path list = list();
    try {
      List<String> before = remembered();
      if (before.size() >= MOST) {
        String kept = String.join("\n", before.subList(before.size() - MOST / 2, before.size()));
        AtomicFile.write(list, "tried", kept + "\n");
      }
      Files.createDirectories(list.getParent());
      Files.writeString(
          list,
          sha256 + "\n",
          StandardCharsets.US_ASCII,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException | RunFault e) {
      return; // a cache that cannot be written: it is tried again next time
    }
  }

  private static List<String> remembered() {
    try {
      return Files.readAllLines(list(), StandardCharsets.ISO_8859_1);
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  private static Path list() {
    return UserCache.folder().resolve("tflite-" + TfliteNatives.version() + "-tried");
  }
}
