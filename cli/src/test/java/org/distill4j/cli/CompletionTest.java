package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What a shell completes with the script that is printed for it. */
class CompletionTest {
  @TempDir private Path folder;

  /** What a shell offers to make of the last of some words; it starts once for all of them. */
  private List<List<String>> offered(String shell, Path script, List<List<String>> asked)
      throws Exception {
    StringBuilder text = new StringBuilder();
    text.append("source '").append(script).append("'\n");
    text.append("[ -z \"${ZSH_VERSION:-}\" ] || setopt ksharrays\n"); // as for functions of bash
    for (List<String> words : asked) {
      text.append("COMP_WORDS=('").append(String.join("' '", words)).append("')\nCOMP_CWORD=");
      text.append(words.size() - 1);
      text.append("\n_complete_distill4j\nprintf '%s,' \"${COMPREPLY[@]}\"; echo\n");
    }
    Process child = start(shell, Files.writeString(folder.resolve("asked"), text).toString());
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).as(said).isZero();
    List<String> answers = said.lines().toList();
    assertThat(answers).hasSameSizeAs(asked);
    List<List<String>> offered = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      List<String> words = asked.get(i);
      List<String> all = Stream.of(answers.get(i).split(",")).map(String::strip).toList();
      // bash leaves others out in the function, zsh behind it
      offered.add(startingWith(all, words.get(words.size() - 1)));
    }
    return offered;
  }

  private Process start(String... words) throws IOException {
    ProcessBuilder command = new ProcessBuilder(words);
    command.environment().put("ZDOTDIR", folder.toString()); // zsh keeps what it found there
    Process child =
        command
            .redirectError(ProcessBuilder.Redirect.DISCARD) // compopt misses a line being edited
            .start();
    child.getOutputStream().close();
    return child;
  }

  private static List<String> startingWith(Collection<String> names, String start) {
    return names.stream().filter(n -> n.startsWith(start)).sorted().toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh"})
  void script_sourcedByAShell_completesCommandsAndOptions(String shell) throws Exception {
    try {
      start(shell, "-c", ":").waitFor();
    } catch (IOException e) {
      String reason = "skipped: no " + shell + " here";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    Path script = folder.resolve("distill4j.sh");
    Files.writeString(script, Spoken.of("completion").out());
    CommandLine main = new CommandLine(new Main());
    Collection<String> names = main.getSubcommands().keySet();
    List<List<String>> asked = new ArrayList<>(List.of(List.of("distill4j", "ru")));
    List<List<String>> right = new ArrayList<>(List.of(List.of("run")));
    Random random = new Random(Seeds.of(13));
    for (int i = 0; i < 3; i++) {
      String name = names.stream().sorted().toList().get(random.nextInt(names.size()));
      String start = name.substring(0, 1 + random.nextInt(2));
      asked.add(List.of("distill4j", start));
      right.add(startingWith(names, start));
      asked.add(List.of("distill4j", name, "--h"));
      right.add(
          startingWith(
              main.getSubcommands().get(name).getCommandSpec().options().stream()
                  .flatMap(option -> Stream.of(option.names()))
                  .toList(),
              "--h"));
    }
    assertThat(offered(shell, script, asked)).as(asked.toString()).isEqualTo(right);
  }
}
