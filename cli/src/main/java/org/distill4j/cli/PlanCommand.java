package org.distill4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.distill4j.cli.options.JsonOutput;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.Recipe;
import org.distill4j.run.Plan;
import org.distill4j.run.RecipeRunner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a run would do. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description =
        "Tells what a recipe would do: data, shapes, losses, parameters, memory, time. Runs"
            + " nothing.",
    footer = {"", "Example: ./distill4j plan my.yaml --set student.train.epochs=40"})
final class PlanCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RECIPE.yaml", description = "The recipe.")
  private Path recipe;

  @Option(
      names = "--set",
      paramLabel = "path.to.key=value",
      description = "Replaces a value of the recipe; may be given again.")
  private List<String> overrides = List.of();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Recipe read = RecipeRunner.read(recipe, overrides);
    Plan plan = Plan.of(read, ProgressListener.NONE);
    spec.commandLine().getOut().println(json ? JsonOutput.line(plan) : plan.text());
    return 0;
  }
}
