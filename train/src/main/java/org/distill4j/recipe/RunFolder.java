package org.distill4j.recipe;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.progress.Epoch;
import org.distill4j.progress.LayerHealth;
import org.distill4j.results.IntegerParity;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Failpoint;
import org.distill4j.storage.Sha256;

/**
 * A run on disk: one folder per stage with its artefact and {@code stage.json}. A stage whose
 * inputs, settings and format are what they were is not done again. One process at a time works in
 * it.
 */
final class RunFolder implements AutoCloseable {
  /** Makes an artefact. */
  interface Work {
    /** Writes the artefact whole and tells what was measured. */
    Made make(Path artefact);
  }

  /**
   * What making an artefact brought.
   *
   * @param epochs what each epoch brought; empty for a stage that does not train
   * @param health how the layers were, for each epoch that was looked at
   * @param figures what was measured, by name
   * @param parity whether a model of integers says the same wherever it runs; null for others
   */
  record Made(
      List<Epoch> epochs,
      List<LayerHealth.OfEpoch> health,
      Map<String, Double> figures,
      IntegerParity parity) {
    /** Of a model that does not round on the way. */
    Made(List<Epoch> epochs, List<LayerHealth.OfEpoch> health, Map<String, Double> figures) {
      this(epochs, health, figures, null);
    }

    /** Of a stage that does not train. */
    Made(Map<String, Double> figures) {
      this(List.of(), List.of(), figures);
    }
  }

  static final String RESULTS = "results.json";
  static final String REPORT = "report.html";

  private final Path folder;
  private final FileChannel lockFile;

  private RunFolder(Path folder, FileChannel lockFile) {
    this.folder = folder;
    this.lockFile = lockFile;
  }

  /** Opens or creates the folder and keeps other processes out of it. */
  static RunFolder open(Path folder) {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new RunFault(
            folder
                + ": another process is working in it (expected: one at a time); wait for it or"
                + " give another --out");
      }
      return new RunFolder(folder, channel);
    } catch (IOException e) {
      throw new InputFault(
          folder
              + ": cannot be used as a run's folder: "
              + AtomicFile.reason(e)
              + "; give another --out",
          e);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }

  /** A file of the run. */
  Path file(String name) {
    return folder.resolve(name);
  }

  /** A file of a stage. */
  Path file(String stage, String name) {
    return folder.resolve(stage).resolve(name);
  }

  /**
   * Does a stage, unless it is done.
   *
   * @param artefact the artefact's file name
   * @param inputs the digests and settings that the artefact depends on
   * @throws RunFault if an artefact is not what it was when it was made
   */
  Stage stage(String name, StageKind kind, String artefact, List<String> inputs, Work work) {
    Path target = file(name, artefact);
    Path recordFile = file(name, "stage.json");
    String key = key(kind, inputs);
    Optional<StageRecord> before = StageRecord.read(recordFile).filter(r -> r.key().equals(key));
    if (before.isPresent() && Files.exists(target)) {
      String sha256 = Sha256.of(target);
      if (!sha256.equals(before.get().sha256())) {
        throw new RunFault(
            "%s: sha256 %s (expected: %s, as it was made); delete the folder %s to make it again"
                .formatted(target, sha256, before.get().sha256(), target.getParent()));
      }
      return new Stage(name, target, true, before.get());
    }
    forgetFindings();
    clearOthers(name, key);
    long start = System.nanoTime();
    Made made = work.make(target);
    Failpoint.visit(name + "-made");
    StageRecord record =
        new StageRecord(
            kind.format(),
            key,
            artefact,
            Sha256.of(target),
            (System.nanoTime() - start) / 1e9,
            made.epochs(),
            made.health(),
            made.figures(),
            made.parity());
    record.write(recordFile);
    return new Stage(name, target, false, record);
  }

  private static String key(StageKind kind, List<String> inputs) {
    Sha256 sha = new Sha256().add(kind.name()).add(Integer.toString(kind.format()));
    inputs.forEach(sha::add);
    return sha.hex();
  }

  /**
   * Removes what an earlier attempt with other inputs left behind; what belongs to this one is kept
   * and resumed. The key says whose a stage's files are: it goes first and comes last.
   */
  private void clearOthers(String name, String key) {
    Path stage = folder.resolve(name);
    Path owner = stage.resolve("key");
    try {
      if (Files.exists(owner) && Files.readString(owner).equals(key)) {
        return;
      }
      Files.deleteIfExists(owner);
      if (Files.exists(stage)) {
        try (var files = Files.walk(stage)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            if (!file.equals(stage)) {
              Files.delete(file);
            }
          }
        }
      }
    } catch (IOException e) {
      throw new RunFault(
          stage
              + ": cannot be cleared: "
              + AtomicFile.reason(e)
              + "; delete it or give another --out",
          e);
    }
    AtomicFile.write(owner, "stage-key", key);
  }

  /** Removes what an earlier run found: it was found on a stage that is made anew. */
  private void forgetFindings() {
    for (String name : List.of(RESULTS, REPORT)) {
      try {
        Files.deleteIfExists(file(name));
      } catch (IOException e) {
        throw new RunFault(
            file(name) + ": cannot be replaced: " + AtomicFile.reason(e) + "; give another --out",
            e);
      }
    }
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new RunFault(folder + ": its lock cannot be released: " + AtomicFile.reason(e), e);
    }
  }
}
