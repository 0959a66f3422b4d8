package org.distill4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.distill4j.cli.options.RunOptions;
import org.distill4j.recipe.Recipe;
import org.distill4j.run.RecipeRunner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Carries out a recipe. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Carries out a recipe; what is already done is not done again.",
      "Exit code 1 also where what ships knows no more than the commonest class, or its weights have"
          + " grown beyond all use: nothing is exported then.",
      "Exit code 3: the run is done and everything is kept, but it did not pass the recipe's gate."
    },
    footer = {"", "Example: ./distill4j run my.yaml --out runs/mine --set distill.temperature=4"})
final class Run implements Callable<Integer> {
  @Parameters(paramLabel = "RECIPE.yaml", description = "The recipe.")
  private Path recipe;

  @Option(
      names = "--set",
      paramLabel = "path.to.key=value",
      description = "Replaces a value of the recipe; may be given again.")
  private List<String> overrides = List.of();

  @Mixin private RunOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Recipe read = RecipeRunner.read(recipe, overrides);
    return options.run(read, spec.commandLine().getOut());
  }
}
