package org.distill4j.step;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.progress.Epoch;
import org.distill4j.progress.LayerHealth;
import org.distill4j.results.IntegerParity;
import org.distill4j.settings.StepKey;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Failpoint;
import org.distill4j.storage.Sha256;

/**
 * A run on disk: one folder per stage with its artefact, {@code stage.json} and the checksums of
 * all its files. A stage whose inputs, settings and format are what they were is not done again.
 * One process at a time works in it.
 */
public final class RunFolder implements AutoCloseable {
  /** Makes an artefact. */
  public interface Work {
    /** Writes the artefact whole and tells what was measured. */
    Made make(Path artefact);
  }

  /**
   * What making an artefact brought.
   *
   * @param epochs what each epoch brought; empty for a stage that does not train
   * @param health how the layers were, for each epoch that was looked at
   * @param result what was found
   * @param parity whether a model of integers says the same wherever it runs; null for others
   */
  public record Made(
      List<Epoch> epochs,
      List<LayerHealth.OfEpoch> health,
      StepResult result,
      IntegerParity parity) {
    /** Of a model that does not round on the way. */
    public Made(List<Epoch> epochs, List<LayerHealth.OfEpoch> health, StepResult result) {
      this(epochs, health, result, null);
    }

    /** Of a stage that does not train. */
    public Made(StepResult result) {
      this(List.of(), List.of(), result);
    }
  }

  public static final String RESULTS = "results.json";
  public static final String REPORT = "report.html";
  private static final String KEY = "key";
  private static final String RECORD = "stage.json";
  private static final String EARLIER = "earlier";
  private static final Pattern NAME = Pattern.compile("(?m)^name: *[\"']?([A-Za-z0-9._-]+)");
  private static final String WAY_OUT = "; delete it or give another --out";

  private final Path folder;
  private final FileChannel lockFile;
  private final Set<String> present = new HashSet<>();
  private boolean saidOlder;

  private RunFolder(Path folder, FileChannel lockFile) {
    this.folder = folder;
    this.lockFile = lockFile;
  }

  /** Opens or creates the folder and keeps other processes out of it. */
  public static RunFolder open(Path folder) {
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
      String fault = folder + ": cannot be used as a run's folder: " + AtomicFile.reason(e);
      if (e instanceof FileAlreadyExistsException || isBelowAFile(folder)) {
        throw new InputFault(fault + "; give another --out", e);
      }
      throw new RunFault(
          fault
              + " (expected: a folder that can be written); free space, allow writing or give"
              + " another --out",
          e);
    }
  }

  private static boolean isBelowAFile(Path folder) {
    Path there = folder.toAbsolutePath();
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    return there != null && !Files.isDirectory(there);
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }

  /**
   * This folder, refused and closed if it is that of another recipe: what that one made must not be
   * taken for this one's.
   *
   * @param recipe the name of the one that is to be run
   * @param yaml where the folder keeps the one that was run
   */
  public RunFolder of(String recipe, String yaml) {
    try {
      requireRecipe(recipe, file(yaml));
      return this;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void requireRecipe(String recipe, Path file) {
    if (!Files.exists(file)) {
      return;
    }
    try {
      Matcher held = NAME.matcher(Files.readString(file));
      if (held.find() && !held.group(1).equals(recipe)) {
        throw new InputFault(
            "%s: holds a run of recipe '%s' (expected: one of '%s', or a new folder); give another --out, or delete it"
                .formatted(folder, held.group(1), recipe));
      }
    } catch (IOException e) {
      throw new RunFault(file + ": cannot be read: " + AtomicFile.reason(e) + WAY_OUT, e);
    }
  }

  /**
   * Moves stages that the present run has not made or taken, which the recipe made before it was
   * changed, into the folder {@code earlier}. They come back when they are wanted again.
   *
   * @param notes hears of each
   */
  public void setOthersAside(Consumer<String> notes) {
    List<Path> others;
    try (Stream<Path> files = Files.walk(folder)) {
      others =
          files
              .filter(file -> file.endsWith(RECORD))
              .map(file -> folder.relativize(file.getParent()))
              .filter(stage -> !stage.startsWith(EARLIER) && !stage.toString().isEmpty())
              .filter(stage -> !present.contains(spelled(stage)))
              .sorted()
              .toList();
    } catch (IOException e) {
      throw new RunFault(folder + ": cannot be read: " + AtomicFile.reason(e) + WAY_OUT, e);
    }
    for (Path stage : others) {
      move(folder.resolve(stage), folder.resolve(EARLIER).resolve(stage));
      notes.accept(spelled(stage) + ": moved to earlier/, as the recipe does not make it now");
    }
  }

  private static String spelled(Path stage) {
    return stage.toString().replace('\\', '/');
  }

  /** A stage that was set aside, where it is what is wanted now and nothing stands in its place. */
  private void takeBack(String name, StepKey key) {
    if (!Files.exists(file(name)) && owner(EARLIER + "/" + name).equals(Optional.of(key.json()))) {
      move(file(EARLIER).resolve(name), file(name));
    }
  }

  private static void move(Path from, Path to) {
    try {
      delete(to, true);
      Files.createDirectories(to.getParent());
      Files.move(from, to);
    } catch (IOException e) {
      throw new RunFault(from + ": cannot be moved: " + AtomicFile.reason(e) + WAY_OUT, e);
    }
  }

  /** Deletes what is in a folder. */
  private static void delete(Path stage, boolean itself) throws IOException {
    if (Files.exists(stage)) {
      try (Stream<Path> files = Files.walk(stage)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          if (itself || !file.equals(stage)) {
            Files.delete(file);
          }
        }
      }
    }
  }

  /** A file of the run. */
  public Path file(String name) {
    return folder.resolve(name);
  }

  /** A file of a stage. */
  public Path file(String stage, String name) {
    return folder.resolve(stage).resolve(name);
  }

  /**
   * Does a stage, unless it is done.
   *
   * @param artefact the artefact's file name
   * @param key all that the artefact depends on
   * @param notes hears, once, that an earlier version left the folder
   * @throws RunFault if a file of the stage is not what it was when it was made
   */
  public Stage stage(String name, String artefact, StepKey key, Work work, Consumer<String> notes) {
    present.add(name);
    takeBack(name, key);
    Path target = file(name, artefact);
    Path recordFile = file(name, RECORD);
    StepChecksums sums = new StepChecksums(folder.resolve(name));
    Optional<StageRecord> before = StageRecord.read(recordFile);
    boolean isSame = before.filter(r -> r.key().equals(key.sha256())).isPresent();
    boolean isOurs = isSame || (before.isPresent() && owner(name).equals(Optional.of(key.json())));
    if (isOurs && sums.areThere()) {
      sums.require();
      return new Stage(name, target, true, before.get());
    }
    if (!saidOlder && (isOlder(name, before, key) || (isSame && !sums.areThere()))) {
      notes.accept(folder + ": made by an earlier version of Distill4j; its steps are made anew");
      saidOlder = true;
    }
    forgetFindings();
    clearOthers(name, key);
    long start = System.nanoTime();
    Made made = work.make(target);
    Failpoint.visit(name + "-made");
    StageRecord record =
        new StageRecord(
            key.format(),
            key.sha256(),
            artefact,
            Sha256.of(target),
            (System.nanoTime() - start) / 1e9,
            made.epochs(),
            made.health(),
            made.result(),
            made.parity());
    sums.write(Map.of(artefact, record.sha256(), RECORD, Sha256.of(record.text())));
    record.write(recordFile);
    return new Stage(name, target, false, record);
  }

  /** Whether what lies in a stage's folder, done or half done, has an earlier format. */
  private boolean isOlder(String name, Optional<StageRecord> before, StepKey key) {
    int format =
        before
            .map(StageRecord::format)
            .or(() -> owner(name).map(StepKey::formatOf))
            .orElse(key.format());
    return format < key.format();
  }

  /** The key of what a stage's folder holds, if it holds anything. */
  private Optional<String> owner(String name) {
    Path file = file(name, KEY);
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      throw new RunFault(file + ": cannot be read: " + AtomicFile.reason(e) + WAY_OUT, e);
    }
  }

  /**
   * Removes what an earlier attempt with other inputs left behind; what belongs to this one is kept
   * and resumed, but no longer counts as done. The key, spelled out, says whose a stage's files
   * are: it goes first and comes last.
   */
  private void clearOthers(String name, StepKey key) {
    Path stage = folder.resolve(name);
    Path owner = stage.resolve(KEY);
    try {
      Files.deleteIfExists(stage.resolve(RECORD));
      if (owner(name).equals(Optional.of(key.json()))) {
        return;
      }
      Files.deleteIfExists(owner);
      delete(stage, false);
    } catch (IOException e) {
      throw new RunFault(stage + ": cannot be cleared: " + AtomicFile.reason(e) + WAY_OUT, e);
    }
    AtomicFile.write(owner, "stage-key", key.json());
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
