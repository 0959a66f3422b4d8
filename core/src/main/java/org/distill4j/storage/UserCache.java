package org.distill4j.storage;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The user's cache folder, where downloads and unpacked data are kept between runs: {@code
 * $DISTILL4J_CACHE}, else {@code $XDG_CACHE_HOME/distill4j}, else {@code ~/.cache/distill4j}; and
 * folders for a while.
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

  /**
   * A new folder for a while, in the temporary folder. Who asked for it removes it; whatever is
   * left goes with the process, or with the next one if this one is killed.
   */
  public static Path scratch(String purpose) throws IOException {
    return ScratchFolder.own().folder(purpose);
  }

  /** Lets a folder that a library made in the temporary folder go with this process, too. */
  public static void adopt(Path library) throws IOException {
    ScratchFolder.own().adopt(library);
  }
}
