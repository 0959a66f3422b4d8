package org.distill4j.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.distill4j.fault.RunFault;

/**
 * The user's cache folder, where downloads and unpacked data are kept between runs: {@code
 * $DISTILL4J_CACHE}, else {@code $XDG_CACHE_HOME/distill4j}, else {@code ~/.cache/distill4j}; and
 * folders for a while.
 */
public final class UserCache {
  private static final Path SELF = Path.of("/proc/self");
  private static final String OWNER = "unix:uid";

  private UserCache() {}

  /** The folder; it need not exist yet. */
  public static Path folder() {
    String own = System.getenv("DISTILL4J_CACHE");
    if (own != null && !own.isBlank()) {
      return Path.of(own);
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base = xdg == null || xdg.isBlank() ? home().resolve(".cache") : Path.of(xdg);
    return base.resolve("distill4j");
  }

  /**
   * The user's home folder. Where the system knows of none, or of one that is not there: {@code
   * $HOME}, else a folder of this user alone in the temporary folder.
   *
   * @throws RunFault if the temporary folder cannot be written
   */
  public static Path home() {
    for (String told : new String[] {System.getProperty("user.home"), System.getenv("HOME")}) {
      if (told != null && Path.of(told).isAbsolute() && Files.isWritable(Path.of(told))) {
        return Path.of(told);
      }
    }
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      Path folder = temporary.resolve("distill4j-" + user());
      if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      // What somebody else laid there is not trusted.
      return isOwn(folder) ? folder : Files.createTempDirectory(temporary, "distill4j-home");
    } catch (IOException e) {
      throw new RunFault(
          temporary
              + ": cannot hold a folder for the user: "
              + e.getMessage()
              + " (expected: room there, or a home folder); set HOME or java.io.tmpdir",
          e);
    }
  }

  private static String user() throws IOException {
    return Files.exists(SELF)
        ? Files.getAttribute(SELF, OWNER).toString()
        : System.getProperty("user.name");
  }

  private static boolean isOwn(Path folder) throws IOException {
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && (!Files.exists(SELF)
            || Files.getAttribute(folder, OWNER, LinkOption.NOFOLLOW_LINKS)
                .equals(Files.getAttribute(SELF, OWNER)));
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
