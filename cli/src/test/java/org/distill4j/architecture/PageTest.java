package org.distill4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
  @TempDir Path folder;

  private Page page(String rows) throws IOException {
    Path file = folder.resolve("page.md");
    Files.writeString(
        file,
        "| package | what it is | imports | doors |\n|---|---|---|---|\n" + rows + "\nThe end.\n");
    return Page.read(file);
  }

  @Test
  void lines_ofWhatWasRead_areTheSame() throws IOException {
    Page page =
        page(
            """
            | `fault` | what went wrong | none | `InputFault`, `RunFault` |
            | `data.source` | where from | `fault` | none |
            """);
    assertThat(page.rows()).containsOnlyKeys("fault", "data.source");
    assertThat(page.lines()).isEqualTo(Files.readAllLines(folder.resolve("page.md")));
    assertThat(page.doors()).isEqualTo(2);
  }

  @Test
  void of_typeThatAnotherModuleUses_isADoor_andWithinItsModuleNone() throws IOException {
    House house =
        new Sketch(folder)
            .file("core", "data", "Dataset")
            .file("core", "data", "Cache")
            .file("core", "eval", "Tally")
            .file("train", "distill", "Trainer")
            .file("examples", "examples", "Main")
            .uses("eval.Tally", "data.Cache")
            .uses("distill.Trainer", "data.Dataset")
            .uses("examples.Main", "eval.Tally")
            .house();
    assertThat(page("").of(house).lines())
        .contains(
            "| `data` |  | none | `Dataset` |",
            "| `eval` |  | `data` | `Tally` |",
            "| `distill` |  | `data` | none |")
        .noneMatch(line -> line.contains("`examples`"));
  }

  @Test
  void of_newPackage_standsBelowWhatItImports_withItsOwnSentence() throws IOException {
    House house =
        new Sketch(folder)
            .file("core", "data", "Dataset")
            .file("core", "data.source", "Idx")
            .file("core", "eval", "Tally")
            .sentence(
                "data.source", "/**\n * Where {@code .idx} files come from. Not shown.\n */\n")
            .uses("data.Dataset", "data.source.Idx")
            .uses("eval.Tally", "data.Dataset")
            .house();
    Page page =
        page(
            """
            | `eval` | how good a model is | `data` | none |
            | `data` | what examples are | none | none |
            """);
    assertThat(page.of(house).lines())
        .containsSubsequence(
            "| `data.source` | where `.idx` files come from | none | none |",
            "| `data` | what examples are | `data.source` | none |",
            "| `eval` | how good a model is | `data` | none |");
  }

  @Test
  void of_packagesInACircle_areStillDrawn() throws IOException {
    House house =
        new Sketch(folder)
            .file("core", "data", "Dataset")
            .file("core", "eval", "Tally")
            .uses("data.Dataset", "eval.Tally", "data.Dataset")
            .house();
    assertThat(page("").of(house).rows()).containsOnlyKeys("data", "eval");
    assertThat(house.uses("data", "eval")).containsExactly("data.Dataset -> eval.Tally");
  }
}
