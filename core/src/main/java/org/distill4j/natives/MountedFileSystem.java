package org.distill4j.natives;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file system as Linux mounted it.
 *
 * @param point the folder where it appears
 * @param options how, such as {@code noexec}
 */
record MountedFileSystem(String point, List<String> options) {
  private static final Path TABLE = Path.of("/proc/self/mounts");

  /** A line holds device, folder, kind and options. */
  private static final int POINT = 1;

  private static final int OPTIONS = 3;

  MountedFileSystem {
    options = List.copyOf(options);
  }

  boolean isNoExec() {
    return options.contains("noexec");
  }

  /** The file system that a folder lies on; empty where the system does not tell. */
  static Optional<MountedFileSystem> of(Path folder) {
    try {
      String table = new String(Files.readAllBytes(TABLE), StandardCharsets.UTF_8);
      return of(folder.toRealPath().toString(), table.lines().toList());
    } catch (IOException e) {
      return Optional.empty(); // no such file on this system
    }
  }

  /** The one whose folder is nearest; what was mounted last hides what lay there before. */
  static Optional<MountedFileSystem> of(String folder, List<String> table) {
    return table.stream()
        .map(line -> line.split(" "))
        .filter(fields -> fields.length > OPTIONS)
        .map(f -> new MountedFileSystem(unescaped(f[POINT]), List.of(f[OPTIONS].split(","))))
        .filter(mounted -> mounted.holds(folder))
        .reduce((a, b) -> b.point().length() >= a.point().length() ? b : a);
  }

  private boolean holds(String folder) {
    return point.equals("/") || folder.equals(point) || folder.startsWith(point + "/");
  }

  private static String unescaped(String name) {
    return name.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
  }
}
