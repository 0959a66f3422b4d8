package org.distill4j.report;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.distill4j.progress.Epoch;
import org.distill4j.progress.ProgressListener;
import org.distill4j.results.Formats;

/**
 * A progress bar on a terminal, with the latest measures and the time left; elsewhere, in a log of
 * a build for instance, a plain line now and then.
 */
public final class ConsoleProgress implements ProgressListener {
  /** Often enough to look alive, seldom enough to cost nothing. */
  private static final long REDRAW_NANOS = 100_000_000L;

  private static final long LINE_NANOS = 10_000_000_000L;
  private static final int WIDEST_BAR = 24;
  private static final int NARROWEST_BAR = 8;

  /** What name, percentage, time left, loss and accuracy take. */
  private static final int BESIDE_BAR = 70;

  private static final int NAME = 20;

  private final PrintStream out;
  private final boolean terminal;
  private final int columns;
  private final char full;
  private final char empty;
  private final LongSupplier nanos;

  private String step = "";
  private String unit = "";
  private long total;
  private long began;
  private long origin = -1;
  private long originNanos;
  private long shown;
  private int drawn;
  private double validation = Double.NaN;

  /**
   * @param terminal whether a line can be drawn over
   * @param columns how wide the terminal is
   * @param unicode whether block characters can be shown
   * @param nanos the time, as {@link System#nanoTime} tells it
   */
  ConsoleProgress(
      PrintStream out, boolean terminal, int columns, boolean unicode, LongSupplier nanos) {
    this.out = out;
    this.terminal = terminal;
    this.columns = columns;
    this.full = unicode ? '\u2588' : '#';
    this.empty = unicode ? '\u2591' : '.';
    this.nanos = nanos;
  }

  /** Shows on the error stream, which leaves the output stream to results. */
  public static ConsoleProgress here() {
    boolean terminal = isTerminal() && !"dumb".equals(System.getenv("TERM"));
    String encoding =
        System.getProperty(
            "sun.stderr.encoding", System.getProperty("native.encoding", "US-ASCII"));
    boolean unicode = Charset.forName(encoding).newEncoder().canEncode('\u2588');
    return new ConsoleProgress(System.err, terminal, columns(), unicode, System::nanoTime);
  }

  /** Since JDK 22 there is a console even where there is no terminal, but it says which. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  private static int columns() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(columns) : 80;
  }

  @Override
  public void begin(String name, long units, String countedUnit) {
    step = name;
    total = units;
    unit = countedUnit;
    validation = Double.NaN;
    began = nanos.getAsLong();
    shown = began;
    origin = -1;
    if (terminal) {
      draw(bar(0, Map.of()));
    }
  }

  @Override
  public void advance(long done, Map<String, Double> measures) {
    long now = nanos.getAsLong();
    if (origin < 0) {
      boolean restored = measures.isEmpty(); // an earlier process did these
      origin = restored ? done : 0;
      originNanos = restored ? now : began;
    }
    if (now - shown < (terminal ? REDRAW_NANOS : LINE_NANOS)) {
      return;
    }
    shown = now;
    if (terminal) {
      draw(bar(done, measures));
    } else {
      out.println(step + ": " + share(done) + left(done) + Formats.of(measures));
    }
  }

  @Override
  public void epoch(Epoch epoch) {
    if (!terminal) {
      shown = nanos.getAsLong();
      out.println(step + ": " + Formats.of(epoch));
    } else {
      validation = epoch.validationAccuracy();
    }
  }

  @Override
  public void note(String line) {
    if (drawn > 0) {
      draw(line);
      out.println();
      drawn = 0;
    } else {
      out.println(line);
    }
  }

  @Override
  public void end(String summary) {
    String took = " in " + Formats.clock((nanos.getAsLong() - began) / 1e9);
    if (terminal) {
      draw(pad(step) + " " + summary + took);
      out.println();
      drawn = 0;
    } else {
      out.println(step + ": " + summary + took);
    }
  }

  /** {@code student ######...... 50 % 0:12 left loss 0.4123 accuracy 0.8610}, spaced out. */
  private String bar(long done, Map<String, Double> measures) {
    int cells = Math.max(NARROWEST_BAR, Math.min(WIDEST_BAR, columns - BESIDE_BAR));
    int filled = total == 0 ? cells : (int) (cells * Math.min(done, total) / total);
    StringBuilder line = new StringBuilder(pad(step)).append(' ');
    line.append(String.valueOf(full).repeat(filled));
    line.append(String.valueOf(empty).repeat(cells - filled));
    line.append(' ').append(share(done)).append(left(done));
    measures.forEach((name, value) -> appendIfItFits(line, name, value));
    if (!Double.isNaN(validation)) {
      appendIfItFits(line, "validation", validation);
    }
    return line.toString();
  }

  private void appendIfItFits(StringBuilder line, String name, double value) {
    String measure = "  " + name + " " + Formats.measure(value);
    if (line.length() + measure.length() < columns) {
      line.append(measure);
    }
  }

  private String share(long done) {
    return total == 0
        ? String.format(Locale.ROOT, "%,d %s", done, unit)
        : String.format(Locale.ROOT, "%3d %%", 100 * Math.min(done, total) / total);
  }

  /** The rest at this process's mean speed so far. */
  private String left(long done) {
    double seconds = (nanos.getAsLong() - originNanos) / 1e9;
    return origin < 0 || done <= origin || done >= total || seconds < 1
        ? ""
        : "  " + Formats.clock(seconds * (total - done) / (done - origin)) + " left";
  }

  private static String pad(String name) {
    return String.format(Locale.ROOT, "%-" + NAME + "s", name);
  }

  /** Draws over the line; what is too long for the terminal is cut, or it would wrap. */
  private void draw(String text) {
    String line = text.length() < columns ? text : text.substring(0, columns - 1);
    out.print("\r" + line + " ".repeat(Math.max(0, drawn - line.length())));
    out.flush();
    drawn = line.length();
  }
}
