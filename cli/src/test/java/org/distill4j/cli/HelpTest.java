package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

class HelpTest {
  /** Every command below one, those below them among them. */
  private static List<CommandLine> below(CommandLine command) {
    List<CommandLine> all = new ArrayList<>();
    for (CommandLine sub : command.getSubcommands().values()) {
      all.add(sub);
      all.addAll(below(sub));
    }
    return all;
  }

  @Test
  void help_ofTheWhole_showsAWholeSentenceForEachCommand() {
    String help = String.join(" ", Spoken.of("--help").out().split("\\s+"));
    for (CommandLine command : new CommandLine(new Main()).getSubcommands().values()) {
      String first = command.getCommandSpec().usageMessage().description()[0];
      assertThat(first).endsWith(".");
      assertThat(help).contains(command.getCommandName() + " " + first);
    }
  }

  @Test
  void help_ofEachCommand_isGivenWhereItIsAskedFor() {
    for (CommandLine command : below(new CommandLine(new Main()))) {
      String name = command.getCommandSpec().qualifiedName(" ").replaceFirst("^distill4j ", "");
      String[] asked = (name + " --help").split(" ");
      Spoken said = Spoken.of(asked);
      assertThat(said.exitCode()).as(name + said.err()).isZero();
      assertThat(said.out()).contains("Usage: distill4j " + name);
    }
  }

  @Test
  void help_ofEachCommand_isMadeOfWholeSentencesAndAnExample() {
    for (CommandLine command : below(new CommandLine(new Main()))) {
      String name = command.getCommandName();
      assertThat(command.getCommandSpec().usageMessage().description())
          .as(name)
          .isNotEmpty()
          .allMatch(paragraph -> paragraph.endsWith("."));
      for (ArgSpec argument : command.getCommandSpec().args()) {
        assertThat(String.join(" ", argument.description()))
            .as(name + " " + argument)
            .endsWith(".");
      }
      if (command.getSubcommands().isEmpty()) {
        assertThat(command.getCommandSpec().usageMessage().footer())
            .as(name)
            .anyMatch(line -> line.startsWith("Example: ./distill4j "))
            .allMatch(line -> line.length() <= 80); // what picocli does not break
      }
    }
  }
}
