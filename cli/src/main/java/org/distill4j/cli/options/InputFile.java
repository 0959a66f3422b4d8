package org.distill4j.cli.options;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

  @Override
  public Path convert(String text) {
    return of(new PathConverter().convert(text));
  }

  /**
   * The file itself, or what was read from it if it is a pipe.
   *
   * @throws RunFault if the temporary folder has no room for it
   */
  static Path of(Path file) {
    return isPipe(file) ? kept(file) : file;
  }

  private static boolean isPipe(Path file) {
    try {
      int mode = (int) Files.getAttribute(file, "unix:mode") & KIND;
      return mode == PIPE || mode == SOCKET;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return false; // not there, or a system without pipes in its files
    }
  }

  private static Path kept(Path pipe) {
    try (InputStream in = Files.newInputStream(pipe)) {
      Path file = UserCache.scratch("pipe").resolve(pipe.getFileName());
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw new RunFault(pipe + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
