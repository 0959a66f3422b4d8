package org.distill4j.results;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import org.distill4j.fault.RunFault;
import org.distill4j.progress.Epoch;
import org.distill4j.progress.ProgressListener;
import org.distill4j.storage.AtomicFile;

/**
 * The log of a run, {@code log.txt}: a line for each thing that happened, with the time it did, in
 * UTC. A resumed run writes on behind what is there. As a listener it notes begin, epochs and end
 * of each step, not every batch.
 */
public final class RunLog implements ProgressListener, AutoCloseable {
  private final Path file;
  private final Clock clock;
  private final Writer writer;
  private String step = "";

  private RunLog(Path file, Clock clock) throws IOException {
    this.file = file;
    this.clock = clock;
    this.writer =
        Files.newBufferedWriter(
            file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /**
   * Opens a log for writing behind its end; creates file and folder.
   *
   * @throws RunFault if the disk refuses
   */
  public static RunLog open(Path file) {
    return open(file, Clock.systemUTC());
  }

  static RunLog open(Path file, Clock clock) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return new RunLog(file, clock);
    } catch (IOException e) {
      throw fault(file, e);
    }
  }

  /** Notes one line; line breaks in it become spaces. It is on its way to the disk on return. */
  public synchronized void line(String text) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    try {
      writer.write(now + " " + text.replaceAll("\\R", " ") + "\n");
      writer.flush();
    } catch (IOException e) {
      throw fault(file, e);
    }
  }

  @Override
  public void begin(String name, long total, String unit) {
    step = name;
    line(String.format(Locale.ROOT, "%s: begins, %,d %s", step, total, unit));
  }

  @Override
  public void advance(long done, Map<String, Double> measures) {}

  @Override
  public void epoch(Epoch epoch) {
    line(step + ": " + Formats.of(epoch));
  }

  @Override
  public void note(String note) {
    line(note);
  }

  @Override
  public void end(String summary) {
    line(step + ": " + summary);
  }

  @Override
  public synchronized void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw fault(file, e);
    }
  }

  private static RunFault fault(Path file, IOException e) {
    return new RunFault(
        file
            + ": cannot be written: "
            + AtomicFile.reason(e)
            + "; free space or choose another folder",
        e);
  }
}
