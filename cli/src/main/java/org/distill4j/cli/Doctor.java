package org.distill4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.distill4j.cli.options.JsonOutput;
import org.distill4j.data.source.DataLocations;
import org.distill4j.fault.RunFault;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.natives.LoadFault;
import org.distill4j.natives.UnpackFolders;
import org.distill4j.quantize.Int8Speed;
import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.report.Environment;
import org.distill4j.storage.UserCache;
import org.distill4j.tensorflow.TensorFlowNatives;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What this machine has and what it lacks. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Looks at the JDK, the native libraries, the processor, the disk and the caches.",
    footer = {"", "Example: ./distill4j doctor --clean"})
final class Doctor implements Callable<Integer> {
  private static final long MEGABYTE = 1 << 20;

  @Option(names = "--clean", description = "Empty the caches: unpacked data and downloads.")
  private boolean clean;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  /** One finding. */
  record Finding(boolean fine, String says) {}

  @Override
  public Integer call() {
    if (clean) {
      empty(UserCache.folder(), f -> true);
      empty(UnpackFolders.ofJavaCpp(), f -> f.getFileName().toString().startsWith("tensorflow"));
    }
    int cores = Runtime.getRuntime().availableProcessors();
    Environment here = Environment.here(cores);
    Map<String, Finding> findings = new LinkedHashMap<>();
    int feature = Runtime.version().feature();
    findings.put(
        "java",
        new Finding(
            feature >= 17, here.java() + (feature >= 17 ? "" : " (expected: 17 or newer)")));
    findings.put("system", new Finding(true, here.os()));
    findings.put(
        "processor",
        new Finding(
            true, here.cpu() + ", " + cores + " cores, " + String.join(" ", here.features())));
    findings.put("int8 arithmetic", int8());
    findings.put("ONNX Runtime", attempt(() -> new OnnxRuntime().name()));
    findings.put("TensorFlow", attempt(Doctor::tensorFlow));
    findings.put("temporary disk", disk(Path.of(System.getProperty("java.io.tmpdir"))));
    findings.put("data cache", cache(UserCache.folder()));
    findings.put("natives cache", cache(UnpackFolders.ofJavaCpp()));
    findings.put("natives disk", disk(UnpackFolders.ofJavaCpp()));
    findings.put("JNA's folder", folder(UnpackFolders.ofJna()));
    findings.put(
        "data folder",
        new Finding(
            true,
            DataLocations.here()
                .shared()
                .map(Path::toString)
                .orElse("none ($" + DataLocations.SHARED + " is not set)")));
    print(findings, spec.commandLine().getOut());
    return findings.values().stream().allMatch(Finding::fine) ? 0 : 1;
  }

  private static String tensorFlow() {
    TensorFlowNatives.load();
    return org.tensorflow.TensorFlow.version()
        + (TensorFlowNatives.oneDnnActive()
            ? ", oneDNN on"
            : ", oneDNN off: training is two to three times slower");
  }

  private static Finding int8() {
    return attempt(
        () ->
            "weights get %s bits: %s"
                .formatted(TargetMachine.HERE.weightBits(), Int8Speed.probed()));
  }

  private static Finding attempt(Supplier<String> check) {
    try {
      return new Finding(true, check.get());
    } catch (RuntimeException | LinkageError e) {
      return new Finding(false, "cannot be loaded: " + e.getMessage());
    }
  }

  /** A folder that a native library of some kilobytes is unpacked into. */
  static Finding folder(Path folder) {
    return LoadFault.obstacle(folder)
        .map(obstacle -> new Finding(false, folder + " " + obstacle))
        .orElseGet(() -> new Finding(true, folder.toString()));
  }

  private static Finding disk(Path folder) {
    Finding found = folder(folder);
    if (!found.fine()) {
      return found;
    }
    Path there = folder;
    while (!Files.exists(there)) {
      there = there.toAbsolutePath().getParent();
    }
    long free = there.toFile().getUsableSpace();
    return new Finding(
        free > 1024 * MEGABYTE, folder + ", " + free / MEGABYTE + " MB free (expected: > 1024)");
  }

  static Finding cache(Path folder) {
    if (!Files.exists(folder)) {
      return new Finding(true, folder + ", empty");
    }
    try (Stream<Path> files = Files.walk(folder)) {
      long bytes =
          files
              .filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS))
              .mapToLong(f -> f.toFile().length())
              .sum();
      return new Finding(true, folder + ", " + bytes / MEGABYTE + " MB; --clean empties it");
    } catch (IOException e) {
      return new Finding(false, folder + ": cannot be read: " + e.getMessage());
    }
  }

  /** Deletes the entries of a folder that are chosen, with all that is in them. */
  private static void empty(Path folder, Predicate<Path> chosen) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.filter(chosen).toList()) {
        try (Stream<Path> files = Files.walk(entry)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    } catch (IOException e) {
      throw new RunFault(folder + ": cannot be emptied: " + e.getMessage(), e);
    }
  }

  private void print(Map<String, Finding> findings, PrintWriter out) {
    if (json) {
      out.println(JsonOutput.line(findings));
      return;
    }
    findings.forEach(
        (what, f) -> out.printf("%s %-16s %s%n", f.fine() ? "ok  " : "bad ", what, f.says()));
  }
}
