package org.distill4j;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * The folder of models, data and reference files that may lie beside the repository: {@code shared}
 * in one of the folders above, or the parent of {@code $DISTILL4J_DATA}.
 */
public final class SharedFolder {
  private SharedFolder() {}

  /** A file or folder in it; skips the test, saying so, where it is absent. */
  public static Path require(String relative) {
    Optional<Path> found = find(relative);
    if (found.isEmpty()) {
      String reason = "skipped: no shared/" + relative + " beside the repository";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    return found.orElseThrow();
  }

  private static Optional<Path> find(String relative) {
    for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      Path candidate = up.resolve("shared").resolve(relative);
      if (Files.exists(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.ofNullable(System.getenv("DISTILL4J_DATA"))
        .map(data -> Path.of(data).toAbsolutePath().resolveSibling(relative))
        .filter(Files::exists);
  }
}
