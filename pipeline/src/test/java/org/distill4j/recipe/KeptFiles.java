package org.distill4j.recipe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Files that commit 4692927 made, which whatever comes later has to read: {@code recipes} and how
 * it {@code written} them out, a whole {@code run} of {@code chain.yaml} with its models and
 * labels, and the {@code answers} of the models.
 */
public final class KeptFiles {
  private static final String ROOT = "/kept/4692927/";

  private KeptFiles() {}

  public static Path path(String name) {
    try {
      URL found = KeptFiles.class.getResource(ROOT + name);
      return Path.of(Objects.requireNonNull(found, ROOT + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** The names of the files in a folder. */
  static List<String> names(String folder) {
    try (Stream<Path> files = Files.list(path(folder))) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies the run, so that it can be gone on with. */
  static void copyRun(Path to) throws IOException {
    Path from = path("run");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }
}
