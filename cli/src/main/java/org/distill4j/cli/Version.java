package org.distill4j.cli;

import java.util.Map;
import java.util.stream.Stream;
import org.distill4j.report.Environment;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: this project's version, then those of what it runs on. */
final class Version implements IVersionProvider {
  private static final String OWN = "Distill4j";

  @Override
  public String[] getVersion() {
    Environment here = Environment.here(1);
    Map<String, String> versions = here.versions();
    return Stream.concat(
            Stream.of("distill4j " + versions.get(OWN)),
            Stream.concat(
                versions.entrySet().stream()
                    .filter(e -> !e.getKey().equals(OWN))
                    .map(e -> e.getKey() + " " + e.getValue()),
                Stream.of("Java " + here.java())))
        .toArray(String[]::new);
  }
}
