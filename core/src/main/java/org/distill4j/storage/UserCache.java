package org.distill4j.storage;

import java.nio.file.Path;

/**
 * The user's cache folder, where downloads and unpacked data are kept between runs: {@code
 * $DISTILL4J_CACHE}, else {@code $XDG_CACHE_HOME/distill4j}, else {@code ~/.cache/distill4j}.
 */
public final class UserCache {
  private UserCache() {}

  /** The folder; it need not exist yet. */
  public static Path folder() {
    String own = System.getenv("DISTILL4J_CACHE");
    if (own != null && !own.isBlank()) {
      return Path.of(own);
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg == null || xdg.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    return base.resolve("distill4j");
  }
}
