package org.distill4j.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.junit.jupiter.api.Test;

class RowCellsTest {
  private final SplittableRandom random = new SplittableRandom(Seeds.of(23));

  @Test
  void of_rowsThatAreDrawn_tellsTheirCellsBack() {
    List<String> jobs = List.of("clerk", "cook", "nurse");
    Table table =
        new Table(
            List.of(
                new Column.Quantity("age", false, 40, 13, true),
                new Column.Quantity("income", true, 9.5, 1.2, false),
                new Column.Categorical("job", jobs, true, true)),
            List.of("buys"),
            List.of(""));
    for (int i = 0; i < 50; i++) {
      String age = i == 0 ? "" : String.valueOf(18 + random.nextInt(70));
      String income = String.format(Locale.ROOT, "%d", 100 * (1 + random.nextInt(900)));
      String job = i == 1 ? "" : i == 2 ? "pilot" : jobs.get(random.nextInt(3));
      List<List<String>> told = table.cells(table.encode(List.of(age, income, job), "row " + i));
      assertThat(told)
          .isEqualTo(
              new ArrayList<>(
                  List.of(
                      List.of("age", age),
                      List.of("income", told.get(1).get(1)),
                      List.of("job", job.equals("pilot") ? "another" : job))));
      double back = Double.parseDouble(told.get(1).get(1)); // through a logarithm of 32 bits
      assertThat(back / Double.parseDouble(income)).isBetween(0.99999, 1.00001);
    }
  }

  @Test
  void of_numbersThatRoundingMoved_areToldWithoutItsDigits() {
    for (int i = 0; i < 200; i++) {
      boolean log = random.nextBoolean();
      double offset = random.nextDouble(0.2, 3);
      double scale = random.nextDouble(0.5, 3);
      Column.Quantity gain = new Column.Quantity("gain", log, offset, scale, false);
      Table table = new Table(List.of(gain), List.of("buys"), List.of(""));
      for (String cell : List.of("0", "1", "-1", "0.5", "-0.25", "12", "7688", "-99999")) {
        assertThat(table.cells(table.encode(List.of(cell), "row")))
            .as("log %s, offset %s, scale %s", log, offset, scale)
            .satisfies(
                told -> {
                  double back = Double.parseDouble(told.get(0).get(1));
                  double right = Double.parseDouble(cell);
                  assertThat(back)
                      .isCloseTo(right, within(1e-6 * Math.max(1, 4 * Math.abs(right))));
                })
            .satisfies(
                told -> {
                  if (cell.equals("0")) {
                    assertThat(told.get(0).get(1)).isEqualTo("0");
                  }
                });
      }
    }
  }

  @Test
  void of_dates_tellsTheirDayBackHoweverFarTheyLieApart() {
    for (double scale : new double[] {1, 400, 7_300, 36_500, 200_000}) {
      Table table =
          new Table(
              List.of(new Column.Dated("born", "uuuu-M-d", -25_567, scale, false)),
              List.of("label"),
              List.of(""));
      for (int i = 0; i < 2_000; i++) {
        String born = String.format(Locale.ROOT, "%04d-01-01", 1000 + i);
        float[] numbers = table.encode(List.of(born), "row " + i);
        assertThat(table.cells(numbers)).containsExactly(List.of("born", born));
      }
    }
  }
}
