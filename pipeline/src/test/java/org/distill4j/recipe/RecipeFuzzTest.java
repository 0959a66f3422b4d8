package org.distill4j.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.distill4j.fault.InputFault;
import org.junit.jupiter.api.Test;

class RecipeFuzzTest {
  private static final long SEED = 20_261_122;
  private static final Pattern WORD = Pattern.compile("[\\w./-]+");
  private static final List<String> ODD =
      List.of("-1", "0", "1e999", "99999999999", "null", "''", "[]", "{}", "nan", "~", "x: y");

  @Test
  void parse_recipeWithItsWordsAndLinesMixedUp_givesARecipeOrFaults() {
    SplittableRandom random = new SplittableRandom(SEED);
    int good = 0;
    for (int i = 0; i < 3_000; i++) {
      String text = Recipes.text(random.nextBoolean() ? "good.yaml" : "file.yaml");
      for (int edits = random.nextInt(1, 4); edits > 0; edits--) {
        text = random.nextBoolean() ? words(text, random) : lines(text, random);
      }
      good += outcome(text) ? 1 : 0;
    }
    assertThat(good).as("recipes that are still good, seed " + SEED).isBetween(50, 2_900);
  }

  /** Puts a word of the recipe, or an odd one, in the place of another. */
  private static String words(String text, SplittableRandom random) {
    List<MatchResult> words = WORD.matcher(text).results().toList();
    MatchResult old = words.get(random.nextInt(words.size()));
    String other =
        random.nextBoolean()
            ? ODD.get(random.nextInt(ODD.size()))
            : words.get(random.nextInt(words.size())).group();
    return text.substring(0, old.start()) + other + text.substring(old.end());
  }

  /** Takes a line away, or puts it somewhere else as well. */
  private static String lines(String text, SplittableRandom random) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    String line = lines.get(random.nextInt(lines.size()));
    if (random.nextBoolean()) {
      lines.remove(line);
    } else {
      lines.add(random.nextInt(lines.size() + 1), line);
    }
    return lines.isEmpty() ? "x" : String.join("\n", lines) + "\n";
  }

  private static boolean outcome(String text) {
    try {
      Recipe recipe = RecipeReader.parse(text, "recipe.yaml", Path.of("/r"), List.of());
      String written = RecipeWriter.text(recipe);
      assertThat(RecipeReader.parse(written, "w", Path.of("/"), List.of())).isEqualTo(recipe);
      return true;
    } catch (InputFault fault) {
      assertThat(fault.lines())
          .isNotEmpty()
          .allSatisfy(line -> assertThat(line).startsWith("recipe.yaml").doesNotContain("\n"));
      return false;
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("seed " + SEED + ":\n" + text, e);
    }
  }
}
