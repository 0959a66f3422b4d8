package org.distill4j.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.distill4j.fault.InputFault;
import org.junit.jupiter.api.Test;

class FuzzTest {
  private static final long SEED = 20_261_101;
  private static final Binding<Kitchen> BINDING = new Binding<>(Kitchen.class);
  private static final String GOOD =
      """
      name: "inn"
      seed: 3
      open: false
      menu: cards/menu.txt
      stove: {gas-stove: {max-power: 1e-1}}
      heat:
        rising: &r
          from: 0.5
          to: 7
      courses: [dessert, soup]
      cooks:
        - anna
        - {name: bert, stars: 3}
      mix: {saltiness: 0.25}
      """;
  private static final String[] BITS = {
    "\n",
    "  ",
    "\t",
    ": ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "'",
    "\"",
    "#",
    "&a ",
    "*r",
    "!!x ",
    "|",
    ">",
    "%",
    "@",
    "\u0000",
    "\uD800",
    "null",
    "-1",
    "1e999",
    "99999999999999999999",
    "true",
    "name",
    "heat: 1\n",
    "...\n",
    "---\n",
    "? ",
    "<<: *r",
    "é",
    "0x1F",
    ".nan"
  };

  @Test
  void parse_mutatedText_givesSettingsOrFaults() {
    SplittableRandom random = new SplittableRandom(SEED);
    int good = 0;
    for (int i = 0; i < 5_000; i++) {
      StringBuilder text = new StringBuilder(GOOD);
      for (int edits = random.nextInt(1, 4); edits > 0; edits--) {
        mutate(text, random);
      }
      good += outcome(text.toString(), List.of()) ? 1 : 0;
    }
    assertThat(good).as("texts that are still good, seed " + SEED).isBetween(100, 4_900);
  }

  @Test
  void parse_mutatedOptions_givesSettingsOrFaults() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 1_500; i++) {
      StringBuilder option = new StringBuilder("cooks.1.stars={rising: {from: 1}}");
      for (int edits = random.nextInt(1, 6); edits > 0; edits--) {
        mutate(option, random);
      }
      outcome(GOOD, List.of(option.toString(), "stove.knife=" + option));
    }
  }

  private static void mutate(StringBuilder text, SplittableRandom random) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + random.nextInt(1, 12));
    switch (random.nextInt(4)) {
      case 0 -> text.delete(at, end);
      case 1 -> text.insert(at, BITS[random.nextInt(BITS.length)]);
      case 2 -> text.replace(at, end, BITS[random.nextInt(BITS.length)]);
      default -> text.insert(random.nextInt(text.length() + 1), text.substring(at, end));
    }
  }

  private static boolean outcome(String text, List<String> options) {
    try {
      Kitchen kitchen = BINDING.parse(text, "k.yaml", Path.of("/"), options);
      String written = BINDING.write(kitchen);
      assertThat(BINDING.parse(written, "w", Path.of("/"), List.of())).isEqualTo(kitchen);
      return true;
    } catch (InputFault fault) {
      assertThat(fault.lines())
          .isNotEmpty()
          .allSatisfy(line -> assertThat(line).doesNotContain("\n"));
      return false;
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("seed " + SEED + ", options " + options + ":\n" + text, e);
    }
  }
}
