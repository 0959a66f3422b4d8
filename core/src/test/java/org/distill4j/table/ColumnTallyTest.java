package org.distill4j.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import org.distill4j.Seeds;
import org.junit.jupiter.api.Test;

class ColumnTallyTest {
  private final Random random = new Random(Seeds.of(7));

  private static ColumnTally of(String name, List<String> cells) {
    ColumnTally tally = new ColumnTally(name, List.of());
    for (int i = 0; i < cells.size(); i++) {
      tally.add(i + 2, cells.get(i)); // behind a header
    }
    return tally;
  }

  private static List<String> cells(int count, IntFunction<String> cell) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      cells.add(cell.apply(i));
    }
    return cells;
  }

  @Test
  void stray_fewCellsOfAnotherKind_isTheFirstOfThem() {
    String[] bad = {"1e39", "Infinity", "-inf", "-1E400", "abc", "1,234", "n.a.", "3 km", "∞"};
    for (String cell : bad) {
      List<String> cells = cells(600, i -> "" + random.nextGaussian());
      int first = random.nextInt(500);
      for (int at = first; at < 600; at += 50) {
        cells.set(at, cell);
      }
      ColumnTally tally = of("x", cells);
      assertThat(tally.stray()).as(cell).isPresent();
      assertThat(tally.stray().get().line()).isEqualTo(first + 2);
      assertThat(tally.stray().get().cell()).isEqualTo(cell);
      assertThat(tally.stray().get().expected()).endsWith("of its 600 cells");
    }
  }

  @Test
  void stray_infinitiesHoweverMany_keepAColumnFromBeingNumbers() {
    List<String> cells = cells(100, i -> i % 4 == 0 ? "inf" : "" + i);
    assertThat(of("x", cells).stray().get().line()).isEqualTo(2);
    assertThat(of("x", cells(100, i -> i % 4 == 0 ? "3e40" : "" + i)).stray()).isPresent();
  }

  @Test
  void stray_cellThatIsNoDateAmongDates_isNamed() {
    for (String bad : List.of("soon", "2021-02-30", "20210118", "18.01.2021")) {
      List<String> cells =
          cells(200, i -> String.format(Locale.ROOT, "2021-%02d-%02d", 1 + i % 12, 1 + i % 28));
      int at = random.nextInt(200);
      cells.set(at, bad);
      assertThat(of("day", cells).stray().get().line()).as(bad).isEqualTo(at + 2);
      assertThat(of("day", cells).stray().get().expected()).startsWith("a date as uuuu-M-d");
    }
  }

  @Test
  void stray_columnOfOneKind_isNone() {
    assertThat(of("x", cells(100, i -> "" + i)).stray()).isEmpty();
    assertThat(of("x", cells(100, i -> "g" + i % 5)).stray()).isEmpty();
    assertThat(of("x", cells(100, i -> i % 3 == 0 ? "A" + i % 7 : "" + i % 7)).stray()).isEmpty();
    assertThat(of("x", cells(100, i -> (i + 1) + "e40")).stray()).isEmpty();
    assertThat(of("x", cells(100, i -> "2021-01-18 10:00")).stray()).isEmpty();
  }

  @Test
  void kind_namesNewInNearlyEveryRow_areNoVocabulary() {
    assertThat(of("id", cells(300, i -> "C" + i)).kind()).isEqualTo(ColumnTally.Kind.NEW_NAMES);
    assertThat(of("id", cells(300, i -> "C" + i / 3)).kind()).isEqualTo(ColumnTally.Kind.NAMES);
    assertThat(of("id", cells(300, i -> "C" + Math.max(15, i))).kind())
        .isEqualTo(ColumnTally.Kind.NEW_NAMES);
    assertThat(of("id", cells(10, i -> "C" + i)).kind()).isEqualTo(ColumnTally.Kind.NAMES);
    assertThat(of("customer_id", cells(300, i -> "" + (1000 + 7 * i))).notes().get(0))
        .contains("as an id is");
    assertThat(of("n", cells(300, i -> "" + (1000 + i))).notes().get(0)).contains("as an id is");
    assertThat(of("millis", cells(300, i -> "" + (1000 + 7 * i))).notes()).isEmpty();
  }

  @Test
  void stray_cellsThatStandForNoDate_areNamedWhereverTheyStand() {
    for (String none : new String[] {"unknown", "0000-00-00", "n.a.", "31.02.2020"}) {
      List<String> cells =
          cells(
              2_000,
              i ->
                  i < 150
                      ? none
                      : String.format(
                          Locale.ROOT,
                          "%04d-%02d-%02d",
                          random.nextInt(1950, 2030),
                          random.nextInt(1, 13),
                          random.nextInt(1, 29)));
      ColumnTally.Stray first = of("day", cells).stray().orElseThrow();
      assertThat(first).isEqualTo(new ColumnTally.Stray(2, none, first.expected()));
      assertThat(first.expected()).isEqualTo("a date as uuuu-M-d, as in 1,850 of its 2,000 cells");
      Collections.shuffle(cells, random);
      ColumnTally.Stray shuffled = of("day", cells).stray().orElseThrow();
      assertThat(shuffled)
          .isEqualTo(new ColumnTally.Stray(cells.indexOf(none) + 2, none, first.expected()));
    }
  }

  @Test
  void kind_dates_areReadAsDaysAndDoubtsAreTold() {
    List<String> american = cells(100, i -> "%d/%d/2021".formatted(1 + i % 12, 1 + i % 28));
    assertThat(of("day", american).kind()).isEqualTo(ColumnTally.Kind.DATES);
    assertThat(((Column.Dated) of("day", american).unfitted(false)).format()).isEqualTo("M/d/uuuu");
    assertThat(of("day", american).notes()).hasSize(1);
    List<String> either = cells(100, i -> "%d/%d/2021".formatted(1 + i % 12, 1 + i % 7));
    assertThat(of("day", either).notes().get(1)).contains("could also be a date as d/M/uuuu");
    assertThat(of("day", cells(100, i -> "202101" + (10 + i % 20))).kind())
        .isEqualTo(ColumnTally.Kind.DATES);
    assertThat(of("sum", cells(100, i -> "" + (20_210_110 + i))).kind())
        .isEqualTo(ColumnTally.Kind.NUMBERS);
  }

  @Test
  void kind_datesWithYearsOfTwoDigits_areDatesOrAskedAbout() {
    for (String between : List.of("/", "-")) {
      List<String> clear =
          cells(
              60, i -> "%02d%s%02d%s%02d".formatted(13 + i % 15, between, 1 + i % 12, between, i));
      String format = between.equals("/") ? "d/M/uu" : "dd-MM-uu";
      assertThat(((Column.Dated) of("born", clear).unfitted(false)).format()).isEqualTo(format);
      assertThat(of("born", clear).question()).isEmpty();
      List<String> either =
          cells(
              60,
              i ->
                  "%02d%s%02d%s%02d"
                      .formatted(1 + i % 12, between, 1 + i % 11, between, 1 + i % 7));
      assertThat(of("born", either).question().orElseThrow())
          .contains(" may be a date as " + format + " or ")
          .contains("table.dates: ['" + format + "'] says which");
      ColumnTally said = new ColumnTally("born", List.of(format));
      either.forEach(cell -> said.add(1, cell));
      assertThat(said.question()).isEmpty();
      assertThat(((Column.Dated) said.unfitted(false)).format()).isEqualTo(format);
    }
    ColumnTally american =
        of("day", cells(60, i -> "%d/%d/%02d".formatted(1 + i % 12, 13 + i % 16, i % 9)));
    assertThat(american.kind()).isEqualTo(ColumnTally.Kind.DATES);
    assertThat(american.question()).isEmpty();
    assertThat(american.notes().get(0))
        .isEqualTo("dates as M/d/uu, read as days; years of two digits are 1969 to 2068");
    assertThat(
            of("born", cells(60, i -> "%02d.%02d.%02d".formatted(1 + i % 28, 1 + i % 12, i + 30)))
                .question())
        .isEmpty();
    assertThat(of("version", cells(60, i -> "%d.%d.%d".formatted(i % 5, i % 9, i))).kind())
        .isNotEqualTo(ColumnTally.Kind.DATES);
  }

  @Test
  void column_numbersBeyondFloats_areFittedWithoutOverflow() {
    for (double size : new double[] {1e39, 1e200, 1e307}) {
      double[] drawn = random.doubles(40, -1, 1).toArray();
      ColumnTally tally = of("x", cells(40, i -> "" + drawn[i] * size));
      double mean = Arrays.stream(drawn).average().orElseThrow();
      double deviation =
          Math.sqrt(Arrays.stream(drawn).map(d -> (d - mean) * (d - mean)).sum() / 40);
      for (Scaling scaling : List.of(Scaling.STANDARD, Scaling.MIN_MAX)) {
        ColumnFit.Numbers fit =
            new ColumnFit.Numbers((Column.Scaled) tally.unfitted(false), scaling);
        Arrays.stream(drawn).forEach(d -> fit.add(d * size));
        Column.Scaled fitted = (Column.Scaled) fit.column();
        double range =
            Arrays.stream(drawn).max().getAsDouble() - Arrays.stream(drawn).min().getAsDouble();
        double right = scaling == Scaling.STANDARD ? deviation : range;
        assertThat(fitted.scale() / size).isCloseTo(right, within(1e-9));
      }
    }
  }

  @Test
  void places_ofManyNames_areThoseOfEach() {
    List<String> values = cells(50, i -> i % 2 == 0 ? "n" + i : "" + i);
    Collections.shuffle(values, random);
    for (boolean other : new boolean[] {true, false}) {
      Column.Categorical column = new Column.Categorical("c", values, other, true);
      List<String> asked =
          cells(120, i -> i < 50 ? values.get(i) : i % 3 == 0 ? i % 50 + ".0" : "z" + i);
      int[] places = column.places(asked);
      for (int i = 0; i < asked.size(); i++) {
        String plain = asked.get(i).replaceFirst("\\.0$", "");
        int right = values.contains(plain) ? values.indexOf(plain) : other ? 50 : -1;
        assertThat(places[i])
            .as(asked.get(i))
            .isEqualTo(right)
            .isEqualTo(column.place(asked.get(i)));
      }
    }
  }

  @Test
  void notes_constantAndEmptyColumns_areTold() {
    assertThat(of("x", cells(50, i -> "3.0")).notes().get(0)).startsWith("is '3.0' in every row");
    assertThat(new ColumnTally("x", List.of()).stray()).isEmpty();
    assertThat(new ColumnTally("x", List.of()).notes().get(0))
        .startsWith("all its cells are empty");
    assertThat(of("x", cells(50, i -> i % 7 + ",50")).notes().get(0))
        .contains("look like numbers but are spelled otherwise, such as '0,50'");
  }

  @Test
  void distinct_isExactForFewAndNearForMany() {
    for (int most : new int[] {1, 300, 16_000, 200_000}) {
      DistinctCount numbers = new DistinctCount();
      DistinctCount names = new DistinctCount();
      Set<Integer> right = new HashSet<>();
      for (int i = 0; i < 1.5 * most; i++) {
        int value = random.nextInt(most);
        right.add(value);
        numbers.add(value / 8.0);
        names.add("AaBB".repeat(value % 2) + value);
      }
      double near = right.size() <= 16_384 ? 0 : .05 * right.size();
      assertThat((double) numbers.count()).isCloseTo(right.size(), within(near));
      assertThat((double) names.count()).isCloseTo(right.size(), within(near));
    }
  }

  @Test
  void distinct_amongManyColumns_isNearInLessMemory() {
    DistinctCount many = new DistinctCount(10_000);
    for (int i = 0; i < 50_000; i++) {
      many.add(i / 4.0);
    }
    assertThat((double) many.count()).isCloseTo(50_000, within(.2 * 50_000));
  }
}
