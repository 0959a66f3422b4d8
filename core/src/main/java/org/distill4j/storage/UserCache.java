package org.distill4j.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.distill4j.fault.RunFault;

/**
 * The user's cache folder, where downloads and unpacked data are kept between runs: {@code
 * $DISTILL4J_CACHE}, else {@code $XDG_CACHE_HOME/distill4j}, else {@code ~/.cache/distill4j}; and
 * folders for a while.
 */
public final class UserCache {
  private static final Path SELF = Path.of("/proc/self");
  private static final String UNIX = "unix";
  private static final String OWNER = UNIX + ":uid";
  private static final Path CACHE = Path.of(".cache", "distill4j");

  /** Where there is no home: the same at every call, also where it had to be a new one. */
  private static Path instead;

  private UserCache() {}

  /** The folder; it need not exist yet. */
  public static Path folder() {
    String own = System.getenv("DISTILL4J_CACHE");
    if (own != null && !own.isBlank()) {
      return Path.of(own);
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    return xdg == null || xdg.isBlank()
        ? within(homes(), UserCache::home).resolve(CACHE.toString())
        : Path.of(xdg).resolve("distill4j");
  }

  /**
   * The first home that can be written, or whose cache can. Else another, whose cache has links to
   * the data that one of these holds: so they are found, and what is not there can be added.
   */
  static Path within(List<Path> homes, Supplier<Path> other) {
    for (Path home : homes) {
      if (Files.isWritable(home) || Files.isWritable(home.resolve(CACHE.toString()))) {
        return home;
      }
    }
    Path taken = other.get();
    homes.stream()
        .map(home -> home.resolve(CACHE.toString()))
        .filter(Files::isDirectory)
        .findFirst()
        .ifPresent(cache -> link(cache, taken.resolve(CACHE.toString())));
    return taken;
  }

  static void link(Path from, Path to) {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Path link = to.resolve(from.relativize(file).toString());
        boolean isData =
            !file.getParent().equals(from) && !file.toString().matches(".*\\.(lock|part)");
        if (isData && !Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(link.getParent());
          Files.createSymbolicLink(link, file.toAbsolutePath());
        }
      }
    } catch (IOException | UncheckedIOException | UnsupportedOperationException e) {
      return; // then it is made or fetched anew
    }
  }

  /** What the system and the environment say is the home. */
  private static List<Path> homes() {
    return Stream.of(System.getProperty("user.home"), System.getenv("HOME"))
        .filter(told -> told != null)
        .map(Path::of)
        .filter(Path::isAbsolute)
        .toList();
  }

  /**
   * The user's home folder. Where the system knows of none, or of one that is not there: {@code
   * $HOME}, else a folder of this user alone in the temporary folder.
   *
   * @throws RunFault if the temporary folder cannot be written
   */
  public static Path home() {
    return homes().stream()
        .filter(Files::isWritable)
        .findFirst()
        .orElseGet(() -> instead(Path.of(System.getProperty("java.io.tmpdir"))));
  }

  private static synchronized Path instead(Path temporary) {
    if (instead == null || !instead.startsWith(temporary) || !Files.isDirectory(instead)) {
      instead = made(temporary);
    }
    return instead;
  }

  /** A folder of this user's own, which other processes of the user take too. */
  static Path made(Path temporary) {
    try {
      Path folder = temporary.resolve("distill4j-" + user());
      try {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } catch (FileAlreadyExistsException e) {
        if (!isOwn(folder)) { // what somebody else laid there is not trusted
          return Files.createTempDirectory(temporary, "distill4j-home");
        }
      }
      return folder;
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

  /** Whether it is a folder, no link to one, and this user's. */
  static boolean isOwn(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    if (Files.exists(SELF)) {
      return Files.getAttribute(folder, OWNER, LinkOption.NOFOLLOW_LINKS)
          .equals(Files.getAttribute(SELF, OWNER));
    }
    return !folder.getFileSystem().supportedFileAttributeViews().contains(UNIX)
        || Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS)
            .getName()
            .equals(System.getProperty("user.name"));
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
