package org.distill4j.inference;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The processor that models run on, and what it can do.
 *
 * @param name the model, as the system names it
 * @param features the instructions that decide how fast a net runs, sorted; empty where the system
 *     does not tell
 */
public record Processor(String name, List<String> features) {
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
  private static final Set<String> DOT_PRODUCTS =
      Set.of("avx512_vnni", "avx_vnni", "amx_int8", "asimddp", "i8mm");

  /** Takes a copy. */
  public Processor {
    features = List.copyOf(features);
  }

  /** This machine's. */
  public static Processor here() {
    List<String> told = told();
    return new Processor(name(told), features(told));
  }

  /**
   * Whether it multiplies and adds 8-bit integers in one instruction. Without it 8 bits are hardly
   * faster than floats, and on x86 sums of two products of 8-bit numbers saturate in 16 bits.
   */
  public boolean hasInt8DotProducts() {
    return features.stream().anyMatch(DOT_PRODUCTS::contains);
  }

  private static List<String> told() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8);
    } catch (IOException | SecurityException e) {
      return List.of(); // only Linux has it
    }
  }

  static String name(List<String> told) {
    for (String line : told) {
      if (line.startsWith("model name") && line.indexOf(':') > 0) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    String windows = System.getenv("PROCESSOR_IDENTIFIER");
    return windows == null ? System.getProperty("os.arch", "unknown") : windows;
  }

  static List<String> features(List<String> told) {
    Set<String> found = new TreeSet<>();
    for (String line : told) {
      if (line.startsWith("flags") || line.startsWith("Features")) {
        found.addAll(
            Arrays.asList(line.substring(line.indexOf(':') + 1).strip().split("\\s+", -1)));
      }
    }
    found.retainAll(TELLING);
    return new ArrayList<>(found);
  }
}
