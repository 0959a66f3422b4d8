package org.distill4j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import org.distill4j.cli.options.JsonOutput;
import org.distill4j.report.Pareto;
import org.distill4j.report.ParetoPage;
import org.distill4j.search.Candidate;
import org.distill4j.search.SearchState;

/**
 * Shows what a search found, even where it is cut off: after each candidate the page {@code
 * pareto.html} is drawn anew, and a search that is interrupted names the best so far.
 */
final class ParetoProgress implements Consumer<SearchState>, AutoCloseable {
  private final Path model;
  private final Path folder;
  private final PrintWriter printer;
  private final boolean json;
  private final Thread atTheEnd = new Thread(this::interrupted, "best-so-far");
  private volatile SearchState found;

  /**
   * Watches a search from now on.
   *
   * @param model what is made smaller
   * @param folder keeps the candidates
   * @param json whether one JSON object is printed rather than lines
   */
  ParetoProgress(Path model, Path folder, PrintWriter printer, boolean json) {
    this.model = model;
    this.folder = folder;
    this.printer = printer;
    this.json = json;
    Runtime.getRuntime().addShutdownHook(atTheEnd);
  }

  @Override
  public void accept(SearchState soFar) {
    found = soFar;
    ParetoPage.write(page(), model.getFileName().toString(), lead(soFar), pareto(soFar));
  }

  /** What was found up to now; null before the first candidate. */
  SearchState found() {
    return found;
  }

  Path page() {
    return folder.resolve("pareto.html");
  }

  /** By a signal, before the search is over; the test set was not read. */
  void interrupted() {
    SearchState last = found;
    if (last == null) {
      return;
    }
    if (json) {
      printer.println(JsonOutput.line(last));
    } else {
      printer.printf(
          Locale.ROOT,
          "%ncut off; best so far: %s, %s (%,d bytes, %+.2f points on validation; the test set was not read)%n",
          last.best().name(),
          folder.resolve(last.best().file()),
          last.best().bytes(),
          0 - 100 * last.best().drop());
      printer.println("Run it again to go on; see " + page());
    }
    printer.flush();
  }

  private static String lead(SearchState soFar) {
    Candidate base = soFar.candidates().get(0);
    Candidate best = soFar.best();
    return best.name().equals(base.name())
        ? "Nothing that gains was made yet."
        : String.format(
            Locale.ROOT,
            "%s takes %.0f %% of the bytes; accuracy on validation %+.2f points, beside the float model.",
            best.name(),
            100.0 * best.bytes() / base.bytes(),
            0 - 100 * best.drop());
  }

  private static Pareto pareto(SearchState soFar) {
    return new Pareto(
        soFar.candidates().stream()
            .map(
                c ->
                    new Pareto.Point(
                        c.name(),
                        c.bytes(),
                        c.accuracy(),
                        c.parameters(),
                        c.macs(),
                        c.integerMacs(),
                        c.p50Ms(),
                        c.name().equals(soFar.best().name())))
            .toList());
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atTheEnd);
    } catch (IllegalStateException e) {
      // the process is ending already, and the hook runs
    }
  }
}
