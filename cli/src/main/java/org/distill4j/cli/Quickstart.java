package org.distill4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.distill4j.cli.options.RunOptions;
import org.distill4j.recipe.RecipeReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code quickstart}: a teacher and its students on embedded data. */
@Command(
    name = "quickstart",
    mixinStandardHelpOptions = true,
    description = {
      "Trains a teacher, and one small student three ways: alone on few labels, distilled, and on"
          + " all labels.",
      "Takes a few minutes and needs no network."
    },
    footer = {"", "Example: ./distill4j quickstart --out runs/quickstart"})
final class Quickstart implements Callable<Integer> {
  @Mixin private RunOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    return options.run(
        RecipeReader.parse(recipe(), "quickstart.yaml", Path.of(""), List.of()),
        spec.commandLine().getOut());
  }

  /** The recipe's text. */
  static String recipe() throws IOException {
    try (InputStream in = Quickstart.class.getResourceAsStream("quickstart.yaml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
