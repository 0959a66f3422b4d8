package org.distill4j.cli.options;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.distill4j.fault.RunFault;
import org.distill4j.storage.UserCache;
import picocli.CommandLine.ITypeConverter;

/**
 * A file to read that may be a pipe, such as {@code /dev/stdin} or {@code <(zcat data.csv.gz)}.
 * What comes through a pipe can be read once; it is kept in a temporary file, to be read as often
 * as other files are.
 */
public final class InputFile implements ITypeConverter<Path> {
  private static final int KIND = 0170000;
  private static final int PIPE = 0010000;
  private static final int SOCKET = 0140000;
  private static final String DESCRIPTOR = "/dev/(stdin|fd/\\d+)|/proc/(self|\\d+)/fd/\\d+";

  private static final Set<Path> KEPT = ConcurrentHashMap.newKeySet(); // in the temporary folder

  @Override
  public Path convert(String text) {
    return of(new PathConverter().convert(text));
  }

  /**
   * The file itself, or what was read from it if it is a pipe.
   *
   * @throws RunFault if the temporary folder has no room for it
   */
  private static Path of(Path file) {
    return of(file, "");
  }

  /** Data, as {@link #of(Path)}; what comes through a pipe without a name is rows of text. */
  static Path ofData(Path file) {
    return of(file, ".csv");
  }

  private static Path of(Path file, String ending) {
    boolean nameless = file.toString().matches(DESCRIPTOR);
    if (isPipe(file).orElse(false)) {
      return kept(file, nameless || !name(file).contains(".") ? ending : "");
    }
    return nameless ? redirected(file).orElseGet(() -> kept(file, ending)) : file;
  }

  /** The file that was redirected into a descriptor, where the system tells. */
  private static Optional<Path> redirected(Path descriptor) {
    try {
      return Optional.of(descriptor.toRealPath())
          .filter(real -> Files.isRegularFile(real) && !real.toString().matches(DESCRIPTOR));
    } catch (IOException e) {
      return Optional.empty(); // it has been removed
    }
  }

  /**
   * Whether a file is a pipe, named or not; empty where it is not there or the system says nothing.
   */
  public static Optional<Boolean> isPipe(Path file) {
    try {
      int mode = (int) Files.getAttribute(file, "unix:mode") & KIND;
      return Optional.of(mode == PIPE || mode == SOCKET);
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName()); // of the root there is none
  }

  /** Where a file lies: the working folder for what came through a pipe. */
  public static Path folder(Path file) {
    return KEPT.contains(file) ? Path.of("").toAbsolutePath() : file.toAbsolutePath().getParent();
  }

  private static Path kept(Path pipe, String ending) {
    try (InputStream in = Files.newInputStream(pipe)) {
      Path file = UserCache.scratch("pipe").resolve(name(pipe) + ending);
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      KEPT.add(file);
      return file;
    } catch (IOException e) {
      throw new RunFault(pipe + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
