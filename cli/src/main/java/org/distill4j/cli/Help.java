package org.distill4j.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The help of a command, by its name. */
@Command(
    name = "help",
    mixinStandardHelpOptions = true,
    description = "Explains a command.",
    footer = {"", "Example: ./distill4j help run"})
final class Help implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "The command; all commands are listed if it is left out.")
  private List<String> names = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine explained = spec.root().commandLine();
    for (String name : names) {
      CommandLine below = explained.getSubcommands().get(name);
      if (below == null) {
        throw new UnmatchedArgumentException(explained, List.of(name));
      }
      explained = below;
    }
    explained.usage(spec.commandLine().getOut());
    return 0;
  }
}
