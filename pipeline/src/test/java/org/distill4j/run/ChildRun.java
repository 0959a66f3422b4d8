package org.distill4j.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.RecipeReader;
import org.distill4j.recipe.Recipes;
import org.distill4j.results.Results;
import org.distill4j.step.StageRecord;
import org.distill4j.storage.Sha256;

/** The run of {@code tiny.yaml}, here or in a process of its own that can be killed. */
final class ChildRun {
  /** What tells the time, or is there to be looked at. */
  private static final Set<String> NOT_COMPARED =
      Set.of("log.txt", "report.html", "results.json", "stage.json", "SHA256SUMS", ".lock");

  private ChildRun() {}

  /** The child: carries out the recipe in the given folder, with the overrides that follow it. */
  public static void main(String[] args) {
    here(Path.of(args[0]), Arrays.copyOfRange(args, 1, args.length));
  }

  /** Carries out the recipe in this process. */
  static Results here(Path folder, String... overrides) {
    return RecipeRunner.run(
        RecipeReader.read(Recipes.path("tiny.yaml"), List.of(overrides)),
        folder,
        ProgressListener.NONE);
  }

  /**
   * Starts a child; what it prints goes to {@code out.txt} in its own temporary folder.
   *
   * @param run the run's folder
   * @param own for what the child unpacks, as a killed process leaves it behind
   * @param failpoint where it is to end, as {@link org.distill4j.storage.Failpoint} has it; or none
   */
  static Process start(Path run, Path own, String failpoint, String... overrides)
      throws IOException {
    Files.createDirectories(own);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Djava.io.tmpdir=" + own);
    command.add("-Ddistill4j.latency=" + Long.getLong("distill4j.latency", 1500));
    if (!failpoint.isEmpty()) {
      command.add("-Ddistill4j.failpoint=" + failpoint);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ChildRun.class.getName(), run.toString()));
    command.addAll(List.of(overrides));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("DISTILL4J_CACHE", own.resolve("cache").toString());
    return builder.redirectOutput(own.resolve("out.txt").toFile()).start();
  }

  /** What a child printed. */
  static List<String> printed(Path own) throws IOException {
    return Files.readAllLines(own.resolve("out.txt"), StandardCharsets.UTF_8);
  }

  /**
   * Everything that must be the same however often a run was cut off: the digest of each file, and
   * what {@code stage.json} says but for speeds and times.
   */
  static Map<String, String> result(Path run) throws IOException {
    Map<String, String> result = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (!NOT_COMPARED.contains(name)) {
          result.put(run.relativize(file).toString(), Sha256.of(file));
        } else if (name.equals("stage.json")) {
          result.put(run.relativize(file).toString(), untimed(file));
        }
      }
    }
    return result;
  }

  private static String untimed(Path stageJson) {
    StageRecord stage = StageRecord.read(stageJson).orElseThrow();
    List<String> epochs =
        stage.epochs().stream()
            .map(
                e ->
                    "%s %s %s %s %s %s %s"
                        .formatted(
                            e.epoch(),
                            e.step(),
                            e.trainLoss(),
                            e.trainAccuracy(),
                            e.validationLoss(),
                            e.validationAccuracy(),
                            e.rate()))
            .toList();
    return stage.key() + stage.sha256() + epochs + stage.figures().get("kept_epoch");
  }

  /** Removes a folder and all in it. */
  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
