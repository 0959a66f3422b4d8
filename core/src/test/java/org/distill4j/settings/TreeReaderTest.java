package org.distill4j.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import org.distill4j.fault.InputFault;
import org.junit.jupiter.api.Test;

class TreeReaderTest {
  private static final Binding<Kitchen> BINDING = new Binding<>(Kitchen.class);

  private static List<String> faults(String yaml) {
    InputFault fault =
        catchThrowableOfType(
            InputFault.class, () -> BINDING.parse(yaml, "k.yaml", Path.of("/"), List.of()));
    assertThat(fault).as("a fault").isNotNull();
    return fault.lines();
  }

  @Test
  void read_nothing_saysWhatIsExpected() {
    String line =
        "k.yaml: empty (expected: a mapping with name, seed, seats, open, menu, stove, heat,"
            + " courses, cooks, mix)";
    assertThat(faults("")).containsExactly(line);
    assertThat(faults("# only a comment\n")).containsExactly(line);
  }

  @Test
  void read_noMapping_saysWhatIsThere() {
    assertThat(faults("just text"))
        .singleElement()
        .asString()
        .startsWith("k.yaml:1: 'just text' (expected: a mapping with name,");
    assertThat(faults("[a, b]"))
        .singleElement()
        .asString()
        .startsWith("k.yaml:1: a list (expected: a mapping with name,");
  }

  @Test
  void read_brokenSyntax_namesTheLine() {
    assertThat(faults("name: a\nheat: [1, 2\nseats: 1\n"))
        .singleElement()
        .asString()
        .startsWith("k.yaml:3: not YAML: ");
    assertThat(faults("name: a\n  heat: 1\n"))
        .singleElement()
        .asString()
        .startsWith("k.yaml:2: not YAML: ");
    assertThat(faults("name: \"a\n")).singleElement().asString().contains("not YAML: ");
  }

  @Test
  void read_tabs_saysSpaces() {
    assertThat(faults("name: a\nmix:\n\tsalt: 1\n"))
        .containsExactly("k.yaml:3: a tab (expected: spaces)");
  }

  @Test
  void read_controlCharacter_isOneLine() {
    assertThat(faults("name: a\u0000b"))
        .containsExactly("k.yaml: not YAML: the character U+0000 (expected: text in UTF-8)");
  }

  @Test
  void read_secondDocument_isRefused() {
    assertThat(faults("name: a\nheat: 1\n---\nname: b\n"))
        .containsExactly("k.yaml:4: a second document (expected: one)");
  }

  @Test
  void read_tagsAndOddKeys_areRefusedTogether() {
    assertThat(faults("name: !!java.net.URL [a]\n? [1, 2]\n: 3\nheat: !x 1\n"))
        .contains(
            "k.yaml:1: tag 'tag:yaml.org,2002:java.net.URL' (expected: no tags)",
            "k.yaml:2: a list as a key (expected: a word)",
            "k.yaml:4: tag '!x' (expected: no tags)");
  }

  @Test
  void read_unknownOrRecursiveAlias_isRefused() {
    assertThat(faults("name: *nobody"))
        .containsExactly("k.yaml:1: *nobody (expected: an anchor that ends before it)");
    assertThat(faults("cooks: &c [*c]"))
        .containsExactly("k.yaml:1: *c (expected: an anchor that ends before it)");
  }

  @Test
  void read_aliasesThatStandForBillions_areRefusedBeforeTheyAreBuilt() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 20; i++) {
      String below = "*a" + (i - 1);
      // values up to here: 10, 91, 820, 7381 and then more than allowed
      bomb.append("a%d: &a%d [%s".formatted(i, i, below)).append((", " + below).repeat(8) + "]\n");
    }
    assertThat(faults(bomb.toString()))
        .containsExactly("k.yaml:5: too many values (expected: at most 10000)");
  }

  @Test
  void read_deepNesting_isRefusedWithoutExhaustingTheStack() {
    String line = "k.yaml:1: nested too deeply (expected: at most 64 levels)";
    assertThat(faults("a: " + "[".repeat(200_000))).containsExactly(line);
    assertThat(faults("{a: ".repeat(100_000))).containsExactly(line);
  }

  @Test
  void read_nestingThroughAliases_isRefused() {
    StringBuilder chain = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 100; i++) {
      chain.append("a%d: &a%d [*a%d]\n".formatted(i, i, i - 1));
    }
    assertThat(faults(chain.toString()))
        .singleElement()
        .asString()
        .endsWith("nested too deeply (expected: at most 64 levels)");
  }

  @Test
  void read_moreFaultsThanAnyoneReads_tellsTheFirstHundred() {
    StringBuilder yaml = new StringBuilder("name: a\nheat: 1\n");
    for (int i = 0; i < 150; i++) {
      yaml.append("wrong").append(i).append(": 1\n");
    }
    assertThat(faults(yaml.toString())).hasSize(101).last().isEqualTo("... and 50 more");
  }
}
