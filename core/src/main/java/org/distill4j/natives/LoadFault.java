package org.distill4j.natives;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.distill4j.fault.RunFault;

/**
 * Why a native library does not load, where that can be found out: denied by the JVM, or unpacked
 * where nothing can be run.
 */
public final class LoadFault {
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Pattern ADDRESS_SPACE =
      Pattern.compile("^Max address space\\s+(\\d+)\\s.*", Pattern.MULTILINE);

  /** How the system's loader and memory's allocators say that there is no room for more. */
  private static final Pattern NO_ROOM =
      Pattern.compile("failed to map|cannot map|allocate memory|out of memory|bad_alloc|ENOMEM");

  private static final String TEMPORARY = "java.io.tmpdir";
  private static final int MEGABYTE = 1 << 20;
  private static final int MAX_LENGTH = 300;

  private LoadFault() {}

  /**
   * The fault to throw: the one that loading itself threw, or what can be found out.
   *
   * @param library what people call it, such as {@code TensorFlow}
   * @param folder where it is unpacked
   * @param property the system property that chooses the folder
   * @param thrown what loading it threw
   */
  public static RunFault of(String library, Path folder, String property, Throwable thrown) {
    return causes(thrown)
        .filter(RunFault.class::isInstance)
        .map(RunFault.class::cast)
        .findFirst()
        .orElseGet(
            () ->
                new RunFault(
                    library
                        + ": its native library cannot be loaded: "
                        + reason(folder, property, thrown, limits()),
                    thrown));
  }

  /**
   * Why, and the way out.
   *
   * @param limits of this process, as Linux tells them
   */
  static String reason(Path folder, String property, Throwable thrown, String limits) {
    String move = "choose another with -D" + property + "=DIR";
    return denied(thrown)
        .or(
            () ->
                obstacle(folder)
                    .or(() -> property.equals(TEMPORARY) ? absent(folder) : Optional.empty())
                    .map(o -> folder + " " + o + "; " + move + " (" + words(thrown) + ")"))
        .or(() -> shortOfAddresses(thrown, limits))
        .orElseGet(
            () ->
                words(thrown)
                    + " (expected: its jar for this system on the class path, and room in "
                    + folder
                    + "); free space or "
                    + move);
  }

  /** The fault to throw for a library that JavaCPP unpacks. */
  public static RunFault ofJavaCpp(String library, Throwable thrown) {
    return of(library, UnpackFolders.ofJavaCpp(), UnpackFolders.JAVA_CPP, thrown);
  }

  /** What keeps a folder from holding native libraries; empty if nothing does. */
  public static Optional<String> obstacle(Path folder) {
    if (Files.isDirectory(folder)) {
      if (!Files.isWritable(folder)) {
        return Optional.of("cannot be written (expected: a folder of one's own)");
      }
      return MountedFileSystem.of(folder)
          .filter(MountedFileSystem::isNoExec)
          .map(m -> "is mounted noexec (expected: files there may be run)");
    }
    Path parent = folder.toAbsolutePath().getParent();
    if (Files.exists(folder)) {
      return Optional.of("is a file (expected: a folder)");
    }
    return parent == null ? absent(folder) : obstacle(parent);
  }

  /** The libraries make any folder but the temporary one, if they have something to unpack. */
  private static Optional<String> absent(Path folder) {
    return Files.exists(folder)
        ? Optional.empty()
        : Optional.of("does not exist (expected: a folder)");
  }

  private static Optional<String> denied(Throwable thrown) {
    return causes(thrown)
        .filter(t -> t.getClass().getSimpleName().equals("IllegalCallerException"))
        .findFirst()
        .map(
            t ->
                "the JVM denies native code (expected: --enable-native-access=ALL-UNNAMED, and no"
                    + " --illegal-native-access=deny)");
  }

  private static String limits() {
    try {
      return Files.readString(LIMITS, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return ""; // no such file on this system
    }
  }

  private static Optional<String> shortOfAddresses(Throwable thrown, String limits) {
    Matcher limit = ADDRESS_SPACE.matcher(limits);
    boolean isShort =
        causes(thrown)
            .anyMatch(t -> t instanceof OutOfMemoryError || NO_ROOM.matcher(t + "").find());
    return isShort && limit.find()
        ? Optional.of(
            words(thrown)
                + ": this process may have "
                + Long.parseUnsignedLong(limit.group(1)) / MEGABYTE
                + " MB of addresses (expected: no limit; see ulimit -v)")
        : Optional.empty();
  }

  private static String words(Throwable thrown) {
    List<Throwable> all = causes(thrown).toList();
    Throwable root = all.get(all.size() - 1);
    String text = root.getMessage() == null ? root.toString() : root.getMessage();
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "...";
  }

  private static Stream<Throwable> causes(Throwable thrown) {
    return Stream.iterate(thrown, t -> t != null, Throwable::getCause);
  }
}
