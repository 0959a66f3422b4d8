package org.distill4j.track;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The machine and the software a run happened on: without them no time means anything.
 *
 * @param java vendor and version of the JVM
 * @param os name, version and architecture
 * @param cpu the processor's model, as the system names it
 * @param features the processor's instructions that decide how fast a net runs, sorted
 * @param cores how many processors the JVM may use
 * @param threads how many threads the run was given
 * @param heapBytes the most the JVM's heap may grow to
 * @param versions of this project and of the libraries it runs on, by name
 */
public record Environment(
    String java,
    String os,
    String cpu,
    List<String> features,
    int cores,
    int threads,
    long heapBytes,
    Map<String, String> versions) {
  private static final Set<String> TELLING =
      Set.of(
          "avx2",
          "fma",
          "avx512f",
          "avx512_vnni",
          "avx_vnni",
          "amx_int8",
          "asimd",
          "asimddp",
          "i8mm",
          "sve");

  /** Takes copies. */
  public Environment {
    features = List.copyOf(features);
    versions = Collections.unmodifiableMap(new TreeMap<>(versions));
  }

  /**
   * This machine. The commit is what the system property {@code distill4j.commit} says, if it is
   * set.
   *
   * @param threads how many threads the run is given, at least 1
   */
  public static Environment here(int threads) {
    List<String> cpuInfo = cpuInfo();
    return new Environment(
        property("java.vm.vendor") + " " + property("java.runtime.version"),
        property("os.name") + " " + property("os.version") + " " + property("os.arch"),
        cpu(cpuInfo),
        features(cpuInfo),
        Runtime.getRuntime().availableProcessors(),
        threads,
        Runtime.getRuntime().maxMemory(),
        libraries());
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }

  private static List<String> cpuInfo() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8);
    } catch (IOException | SecurityException e) {
      return List.of(); // only Linux has it
    }
  }

  static String cpu(List<String> cpuInfo) {
    for (String line : cpuInfo) {
      if (line.startsWith("model name") && line.indexOf(':') > 0) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    String windows = System.getenv("PROCESSOR_IDENTIFIER");
    return windows == null ? property("os.arch") : windows;
  }

  static List<String> features(List<String> cpuInfo) {
    Set<String> found = new TreeSet<>();
    for (String line : cpuInfo) {
      if (line.startsWith("flags") || line.startsWith("Features")) {
        found.addAll(
            Arrays.asList(line.substring(line.indexOf(':') + 1).strip().split("\\s+", -1)));
      }
    }
    found.retainAll(TELLING);
    return new ArrayList<>(found);
  }

  static Map<String, String> libraries() {
    Properties properties = new Properties();
    try (InputStream in = Environment.class.getResourceAsStream("versions.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new AssertionError("versions.properties: cannot be read from the jar", e);
    }
    Map<String, String> versions = new TreeMap<>();
    properties.stringPropertyNames().forEach(n -> versions.put(n, properties.getProperty(n)));
    String commit = System.getProperty("distill4j.commit", "");
    if (!commit.isBlank()) {
      versions.put("Distill4j commit", commit);
    }
    return versions;
  }
}
