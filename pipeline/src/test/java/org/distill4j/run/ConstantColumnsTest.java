package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.distill4j.Seeds;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.RecipeReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What plan tells of columns that hold one value. */
class ConstantColumnsTest {
  private static final String RECIPE =
      """
      name: told
      threads: 1
      data: {path: rows.csv, label: kind, test: 100, validation: 100, table: {}}
      teacher:
        net: {mlp: {hidden: [4]}}
        train: {epochs: 2, batch: 32}
      student:
        net: {mlp: {hidden: [4]}}
        train: {epochs: 2, batch: 32}
      """;

  private final SplittableRandom random = new SplittableRandom(Seeds.of(12));

  @TempDir private Path folder;

  private String number() {
    return String.format(Locale.ROOT, "%.6f", random.nextGaussian());
  }

  private List<String> told(String... overrides) {
    return Plan.of(
            RecipeReader.parse(RECIPE, "told.yaml", folder, List.of(overrides)),
            ProgressListener.NONE)
        .data();
  }

  /** Rows of so many columns, a class's behind some of them; the same cell in some. */
  private void columns(int columns, int label, Set<Integer> constant, boolean header, String cell)
      throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = header ? -1 : 0; i < 500; i++) {
      List<String> row = new ArrayList<>();
      for (int c = 0; c < columns; c++) {
        row.add(i < 0 ? "c" + c : constant.contains(c) ? cell : number());
      }
      row.add(label, i < 0 ? "kind" : i % 2 == 0 ? "u" : "v");
      lines.add(String.join(",", row));
    }
    Files.write(folder.resolve("rows.csv"), lines);
  }

  private Set<Integer> some(int count, int columns) {
    Set<Integer> some = new TreeSet<>();
    while (some.size() < count) {
      some.add(random.nextInt(columns));
    }
    return some;
  }

  @Test
  void plan_columnsOfOneValue_areNamedOrCounted() throws Exception {
    String data = "data={path: '%s', label: %s, classes: [u, v], test: 100, validation: 100}";
    String numbers = data.formatted(folder.resolve("rows.csv"), "kind");
    String places = data.formatted(folder.resolve("rows.csv"), "3");
    columns(2, 2, Set.of(), true, "");
    assertThat(told()).noneMatch(line -> line.contains("one value"));
    assertThat(told(numbers)).noneMatch(line -> line.contains("one value"));

    int one = random.nextInt(12);
    for (String cell : List.of("7.5", "0")) {
      columns(12, random.nextInt(12), Set.of(one), true, cell);
      String line =
          "column 'c%s' holds one value in all training examples: nothing is learnt from it"
              .formatted(one);
      assertThat(told(numbers)).contains(line);
      assertThat(told()).contains(line);
    }
    columns(12, random.nextInt(12), Set.of(one), true, "north"); // a name, in a table
    assertThat(told()).anyMatch(line -> line.startsWith("column 'c%s' holds one".formatted(one)));

    int label = 2; // the third column
    Set<Integer> two = some(2, 12);
    columns(12, label, two, false, "3");
    List<String> third =
        two.stream().map(c -> Integer.toString(c < label ? c + 1 : c + 2)).toList();
    assertThat(told(places))
        .contains(
            "columns %s, %s each hold one value in all training examples: nothing is learnt from them"
                .formatted(third.get(0), third.get(1)));

    int many = 9 + random.nextInt(3);
    columns(20, label, some(many, 20), true, "1");
    assertThat(told(numbers))
        .contains(
            many
                + " of 20 columns hold one value in all training examples: nothing is learnt from"
                + " them");
  }
}
