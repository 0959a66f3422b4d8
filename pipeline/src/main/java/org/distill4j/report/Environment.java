package org.distill4j.report;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.distill4j.inference.Processor;

/**
 * The environment of a run: the machine and the software it happened on, without which no time
 * means anything.
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
    Processor processor = Processor.here();
    return new Environment(
        property("java.vm.vendor") + " " + property("java.runtime.version"),
        property("os.name") + " " + property("os.version") + " " + property("os.arch"),
        processor.name(),
        processor.features(),
        Runtime.getRuntime().availableProcessors(),
        threads,
        Runtime.getRuntime().maxMemory(),
        libraries());
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
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
