package org.distill4j.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.distill4j.cli.options.InputFile;

/** Standard output, which remembers what a print writer swallows: that it could not be written. */
final class StandardOutput extends FilterOutputStream {
  private static final Pattern NO_READER = Pattern.compile("(?i)broken pipe|connection reset");

  private final Path target;
  private IOException fault;

  StandardOutput() {
    this(new FileOutputStream(FileDescriptor.out), Path.of("/dev/fd/1"));
  }

  /**
   * A stream that stands for it.
   *
   * @param target what it writes to, such as a file or a named pipe
   */
  StandardOutput(OutputStream instead, Path target) {
    super(instead);
    this.target = target;
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
    return fault == null || hadEnough()
        ? Optional.empty()
        : Optional.of(
            "standard output: cannot be written: "
                + fault.getMessage()
                + " (expected: room for what the command says); the output is not whole");
  }

  /** The system's words say so, in English as a rule; and a pipe fails for no other reason. */
  private boolean hadEnough() {
    return NO_READER.matcher(String.valueOf(fault.getMessage())).find()
        || InputFile.isPipe(target).orElse(false);
  }
}
