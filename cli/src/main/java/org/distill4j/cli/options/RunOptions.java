package org.distill4j.cli.options;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.Recipe;
import org.distill4j.report.ConsoleProgress;
import org.distill4j.report.ConsoleTable;
import org.distill4j.results.Results;
import org.distill4j.run.RecipeRunner;
import picocli.CommandLine.Option;

/** How a run is carried out and shown. */
public final class RunOptions {
  private static final int FAILED = 1;
  private static final int GATE_NOT_PASSED = 3;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The run's folder; runs/<recipe>-<hash> if left out.")
  private Path out;

  @Option(names = "--json", description = "Print the results as one JSON object.")
  private boolean json;

  /**
   * Runs a recipe and prints what it found.
   *
   * @return the exit code: 1 where what ships is no better than chance, 3 where a rule that the
   *     recipe demands is broken
   */
  public int run(Recipe recipe, PrintWriter print) {
    Path folder = out == null ? RecipeRunner.defaultFolder(recipe) : out;
    ProgressListener listener = json ? ProgressListener.NONE : ConsoleProgress.here();
    Results results;
    StopLine ifCutOff = new StopLine();
    try {
      results = RecipeRunner.run(recipe, folder, listener);
    } finally {
      ifCutOff.done();
    }
    if (json) {
      print.println(results.json());
    } else {
      print.println();
      print.print(ConsoleTable.of(results));
      print.println();
      print.println("Look: " + folder.resolve("report.html"));
    }
    print.flush();
    return !results.isSound() ? FAILED : results.isPassed() ? 0 : GATE_NOT_PASSED;
  }
}
