package org.distill4j.data.source;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.storage.UserCache;

/**
 * The folders where data are looked for, besides the one that a recipe names.
 *
 * @param shared has a folder per data set: {@code $DISTILL4J_DATA}
 * @param cache the user's cache; downloads and unpacked data are kept in it
 * @param offline whether downloading is forbidden
 */
public record DataLocations(Optional<Path> shared, Path cache, boolean offline) {
  /** Variable that names the shared folder. */
  public static final String SHARED = "DISTILL4J_DATA";

  /** Variable that forbids downloads if it is not blank. */
  public static final String OFFLINE = "DISTILL4J_OFFLINE";

  /** As this process's environment says. */
  public static DataLocations here() {
    return of(System.getenv(), UserCache.folder());
  }

  static DataLocations of(Map<String, String> environment, Path cache) {
    Optional<Path> shared =
        Optional.ofNullable(environment.get(SHARED)).filter(s -> !s.isBlank()).map(Path::of);
    return new DataLocations(shared, cache, !environment.getOrDefault(OFFLINE, "").isBlank());
  }

  /** Where a data set's downloads are kept. */
  Path downloads(String name) {
    return cache.resolve("data").resolve(name);
  }

  /** Where unpacked and parsed data are kept. */
  UnpackedFolder unpacked() {
    return new UnpackedFolder(cache.resolve("unpacked"));
  }
}
