package org.distill4j.tflite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Sha256;
import org.distill4j.storage.UserCache;

/**
 * The files that are known to run: those that were written here and those that a {@link
 * TrialProcess} survived. They are known by their digests, in this process and in the user's cache,
 * so a file is tried once; what a file says of its maker could be copied with it.
 *
 * <p>One that still runs when nobody waits any longer has shown what it can, and is known as well.
 * One that is refused, or that could not be tried, is known in this process alone.
 */
final class TriedFiles {
  private static final long PATIENCE_SECONDS = 120;
  private static final int MOST = 1000;
  private static final Set<String> KNOWN = ConcurrentHashMap.newKeySet();

  /** What is to be told of a file, by its name. */
  private static final Map<String, String> NOTES = new ConcurrentHashMap<>();

  private TriedFiles() {}

  /**
   * Refuses a file that ends the process it runs in.
   *
   * @throws InputFault naming it
   */
  static void require(TfliteFile file) {
    require(file, () -> tried(file));
  }

  /** {@link #require(TfliteFile)} by another trial. */
  static void require(TfliteFile file, Supplier<TrialProcess.Outcome> trial) {
    String sha256 = new Sha256().add(file.bytes()).hex();
    if (isKnown(sha256)) {
      return;
    }
    switch (trial.get()) {
      case RAN -> remember(sha256);
      case REFUSED -> KNOWN.add(sha256);
      case SLOW -> {
        remember(sha256);
        NOTES.put(
            file.name(),
            "still ran after "
                + PATIENCE_SECONDS
                + " s in a process of its own (expected: an answer by then); taken as it is");
      }
      case UNKNOWN -> {
        KNOWN.add(sha256);
        NOTES.put(
            file.name(),
            "could not be tried in a process of its own (expected: room for a second JVM beside"
                + " this one); taken untried: if it is damaged, it may end this process");
      }
      case DIED ->
          throw new InputFault(
              file.name()
                  + ": ends the process that it runs in (expected: a TFLite model whose numbers its"
                  + " kernels can work with); it is damaged: copy or export it again");
    }
  }

  /** What its trial left open, in one line. */
  static Optional<String> note(String name) {
    return Optional.ofNullable(NOTES.get(name));
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
