package org.distill4j.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Standard output, which remembers what a print writer swallows: that it could not be written. */
final class StandardOutput extends FilterOutputStream {
  private static final Path DESCRIPTOR = Path.of("/proc/self/fd/1");

  private IOException fault;

  StandardOutput() {
    super(new FileOutputStream(FileDescriptor.out));
  }

  /** A stream that stands for it. */
  StandardOutput(OutputStream instead) {
    super(instead);
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    try {
      out.write(bytes, from, count);
    } catch (IOException e) {
      if (fault == null) {
        fault = e;
      }
      throw e;
    }
  }

  /**
   * Why output was lost, in one line; empty if all was written, or if who read it wanted no more,
   * as {@code head} does.
   */
  Optional<String> lost() {
    return fault == null || isPipe()
        ? Optional.empty()
        : Optional.of(
            "standard output: cannot be written: "
                + fault.getMessage()
                + " (expected: room for what the command says); the output is not whole");
  }

  private static boolean isPipe() {
    try {
      String target = Files.readSymbolicLink(DESCRIPTOR).toString();
      return target.startsWith("pipe:") || target.startsWith("socket:");
    } catch (IOException | UnsupportedOperationException e) {
      return true; // a system that does not tell
    }
  }
}
