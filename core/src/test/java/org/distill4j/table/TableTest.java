package org.distill4j.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Random;
import org.distill4j.Seeds;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final Table TABLE =
      new Table(
          List.of(
              new Column.Numeric("age", false, 40, 10, true),
              new Column.Categorical("job", List.of("clerk", "cook"), true, true),
              new Column.Numeric("gain", true, 0, 2, false)),
          List.of("income"),
          List.of("", "?"));

  private static final Column.Scaled X = new Column.Quantity("x", false, 0, 1, false);

  @Test
  void encode_row_scalesNumbersAndMarksNames() {
    float log = (float) (Math.log1p(99) / 2); // ln 100 / 2
    assertThat(TABLE.encode(List.of("50", "cook", "99"), "r"))
        .containsExactly(1, 0, 0, 1, 0, 0, log);
    assertThat(TABLE.features())
        .containsExactly(
            "age", "age missing", "job=clerk", "job=cook", "job other", "job missing", "gain");
    assertThat(TABLE.width()).isEqualTo(7);
  }

  @Test
  void encode_emptyAndUnknownCells_haveTheirPlaces() {
    assertThat(TABLE.encode(List.of("?", "pilot", ""), "r")).containsExactly(0, 1, 0, 0, 1, 0, 0);
    assertThat(TABLE.encode(List.of("30", "", "-99"), "r")[5]).isEqualTo(1);
    Column.Categorical strict = new Column.Categorical("job", List.of("clerk"), false, false);
    assertThat(strict.place("pilot")).isEqualTo(-1);
    assertThat(strict.missingPlace()).isEqualTo(-1);
  }

  @Test
  void place_numberInAnotherSpelling_isTheNameThatIsTheSameNumber() {
    Column.Categorical code = new Column.Categorical("code", List.of("10", "7", "x"), true, false);
    assertThat(code.place("7.0")).isEqualTo(1);
    assertThat(code.place("010")).isZero();
    assertThat(code.place("8")).isEqualTo(3);
    // two spellings that training examples have stay two names
    Column.Categorical both = new Column.Categorical("code", List.of("07", "7"), false, false);
    assertThat(both.place("7")).isEqualTo(1);
  }

  @Test
  void encode_textInAColumnOfNumbers_isNamed() {
    assertThatThrownBy(() -> TABLE.encode(List.of("old", "cook", "1"), "new.csv:7"))
        .hasMessage("new.csv:7 column 'age': 'old' (expected: a finite number)");
  }

  @Test
  void encode_byTheTableOfAnOlderModel_isShortenedBeforeItIsScaled() {
    Random random = new Random(Seeds.of(32));
    Table older =
        new Table(
            List.of(new Column.Numeric("x", false, 0.3, 0.7, false)), List.of("y"), List.of(""));
    Table newer =
        new Table(
            List.of(new Column.Quantity("x", false, 0.3, 0.7, false)), List.of("y"), List.of(""));
    for (int i = 0; i < 1000; i++) {
      String cell = "" + 1e6 * random.nextGaussian();
      float before = (float) ((Float.parseFloat(cell) - 0.3) / 0.7);
      assertThat(older.encode(List.of(cell), "r")[0]).isEqualTo(before);
      float now = (float) ((Double.parseDouble(cell) - 0.3) / 0.7);
      assertThat(newer.encode(List.of(cell), "r")[0]).isEqualTo(now);
    }
  }

  @Test
  void table_asJson_isReadBackAndAnOlderOneStill() throws JsonProcessingException {
    ObjectMapper json = new ObjectMapper();
    Table table =
        new Table(
                List.of(
                    new Column.Quantity("x", true, 1, 2, true),
                    new Column.Dated("day", "d/M/uuuu", 18_000, 30, false),
                    new Column.Categorical("job", List.of("a", "b"), false, true)),
                List.of("y"),
                List.of(""))
            .origins(List.of(1.7e12));
    assertThat(json.readValue(json.writeValueAsString(table), Table.class)).isEqualTo(table);
    // as version 0.1.0 wrote it
    String older =
        "{\"columns\":[{\"kind\":\"numeric\",\"name\":\"age\",\"log\":false,\"offset\":40.0,"
            + "\"scale\":10.0,\"missing\":true},{\"kind\":\"categorical\",\"name\":\"job\","
            + "\"values\":[\"clerk\",\"cook\"],\"other\":true,\"missing\":true},{\"kind\":"
            + "\"numeric\",\"name\":\"gain\",\"log\":true,\"offset\":0.0,\"scale\":2.0,"
            + "\"missing\":false}],\"label\":[\"income\"],\"missing\":[\"\",\"?\"]}";
    assertThat(json.readValue(older, Table.class)).isEqualTo(TABLE);
    assertThat(json.writeValueAsString(TABLE)).isEqualTo(older);
  }

  @Test
  void fit_numbers_isMeanAndPopulationDeviation() {
    ColumnFit.Numbers fit = new ColumnFit.Numbers(X, Scaling.STANDARD);
    for (float x : new float[] {2, 4, 4, 4, 5, 5, 7, 9}) {
      fit.add(x);
    }
    Column.Quantity column = (Column.Quantity) fit.column();
    assertThat(column.offset()).isCloseTo(5, within(1e-12));
    assertThat(column.scale()).isCloseTo(2, within(1e-12)); // sqrt(32 / 8)
    assertThat(column.missing()).isFalse();
    fit.add(Float.NaN);
    assertThat(((Column.Quantity) fit.column()).missing()).isTrue();
  }

  @Test
  void fit_oneValue_isNotDividedByZero() {
    ColumnFit.Numbers fit = new ColumnFit.Numbers(X, Scaling.MIN_MAX);
    fit.add(3);
    assertThat(fit.column()).isEqualTo(new Column.Quantity("x", false, 3, 1, false));
  }

  @Test
  void fit_manyNames_keepsTheCommonest() {
    ColumnFit.Names fit = new ColumnFit.Names("job", List.of("b", "a", "c", "unseen"), 2);
    for (int code : new int[] {0, 0, 1, 2, 2, -1}) {
      fit.add(code);
    }
    assertThat(fit.column())
        .isEqualTo(new Column.Categorical("job", List.of("b", "c"), true, true));
  }
}
