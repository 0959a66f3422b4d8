package org.distill4j.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.distill4j.fault.RunFault;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Sha256;

/**
 * The checksums of all files of a step's folder, in a file {@code SHA256SUMS} beside them as {@code
 * sha256sum -c} reads it. It is written when the step's files are whole, before {@code stage.json},
 * whose text it already holds to account.
 */
final class StepChecksums {
  static final String FILE = "SHA256SUMS";
  private static final String LINE = "[0-9a-f]{64}  .+";
  private static final String UNFINISHED = "(.*/)?[^/]+\\.part(/.*)?"; // as AtomicFile names them
  private static final String HIDDEN = "(.*/)?\\.[^/]*(/.*)?";
  private static final int NAME = 66; // after 64 digits and two spaces

  private final Path folder;

  StepChecksums(Path folder) {
    this.folder = folder;
  }

  /** Whether the folder has any; those of earlier versions have none. */
  boolean areThere() {
    return Files.exists(folder.resolve(FILE));
  }

  /**
   * Writes them, once the neighbours are gone that a killed attempt left of files it was writing.
   *
   * @param known digests of files that need not be read for it, or that are yet to be written
   */
  void write(Map<String, String> known) {
    removeUnfinished();
    Map<String, String> sums = new TreeMap<>(known);
    files().forEach((name, file) -> sums.computeIfAbsent(name, n -> Sha256.of(file)));
    StringBuilder text = new StringBuilder();
    sums.forEach((name, sha256) -> text.append(sha256).append("  ").append(name).append('\n'));
    AtomicFile.write(folder.resolve(FILE), "sums", text.toString());
  }

  /**
   * Holds all files against them, each read once.
   *
   * @throws RunFault naming the first file that was altered, removed or added
   */
  void require() {
    Map<String, String> sums = read();
    Map<String, Path> files = files();
    for (String name : files.keySet()) {
      if (!sums.containsKey(name)) {
        throw new RunFault(
            "%s: does not belong to the step (expected: the files that %s names); remove it, or%s"
                .formatted(files.get(name), FILE, wayOut()));
      }
    }
    sums.forEach(
        (name, made) -> {
          if (!files.containsKey(name)) {
            throw new RunFault(
                "%s: is gone (expected: sha256 %s, as it was made);%s"
                    .formatted(folder.resolve(name), made, wayOut()));
          }
          String found = Sha256.of(files.get(name));
          if (!found.equals(made)) {
            throw new RunFault(
                "%s: sha256 %s (expected: %s, as it was made);%s"
                    .formatted(files.get(name), found, made, wayOut()));
          }
        });
  }

  private String wayOut() {
    return " delete the folder " + folder + " to make it again";
  }

  private Map<String, String> read() {
    Path file = folder.resolve(FILE);
    Map<String, String> sums = new TreeMap<>();
    try (Stream<String> lines = Files.lines(file)) {
      lines.forEach(
          line -> {
            if (!line.matches(LINE)) {
              throw new RunFault(
                  file + ": is damaged (expected: a sha256 and a name a line);" + wayOut());
            }
            if (!line.substring(NAME).matches(HIDDEN)) { // which earlier versions summed up too
              sums.put(line.substring(NAME), line.substring(0, NAME - 2));
            }
          });
      return sums;
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new RunFault(file + ": is damaged (expected: lines of UTF-8 text);" + wayOut(), e);
    }
  }

  /**
   * All files of the folder but the sums, by their names from there. Hidden ones are left by the
   * system, such as {@code .DS_Store} and {@code .nfs1234}.
   */
  private Map<String, Path> files() {
    try (Stream<Path> all = Files.walk(folder)) {
      Map<String, Path> files = new TreeMap<>();
      all.filter(file -> !Files.isDirectory(file))
          .forEach(file -> files.put(spelled(folder.relativize(file)), file));
      files.keySet().removeIf(name -> name.matches(HIDDEN));
      files.remove(FILE);
      return files;
    } catch (IOException e) {
      throw new RunFault(folder + ": cannot be read: " + AtomicFile.reason(e), e);
    }
  }

  private void removeUnfinished() {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        if (spelled(folder.relativize(path)).matches(UNFINISHED)) {
          Files.delete(path);
        }
      }
    } catch (IOException e) {
      throw new RunFault(folder + ": cannot be cleared: " + AtomicFile.reason(e), e);
    }
  }

  private static String spelled(Path file) {
    return file.toString().replace('\\', '/');
  }
}
