package org.distill4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.TaskType;
import org.distill4j.table.Column;
import org.distill4j.table.Table;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class SlicesTest {
  private static final Table TABLE =
      new Table(
          List.of(
              new Column.Numeric("age", false, 40, 10, true),
              new Column.Categorical("job", List.of("clerk", "smith"), true, false),
              new Column.Numeric("children", false, 0, 1, false)),
          List.of("rich"),
          List.of("?"));

  /** Age, job, children. */
  private static final List<List<String>> ROWS =
      List.of(
          List.of("20", "clerk", "0"),
          List.of("31", "smith", "2"),
          List.of("?", "smith", "0"),
          List.of("45", "clerk", "1"),
          List.of("52.5", "baker", "0"),
          List.of("60", "clerk", "2"));

  private static final int[] TRUTHS = {0, 1, 1, 0, 1, 0};

  /** Rows of text as a model takes them. */
  private record People(Table known, List<List<String>> rows) implements Dataset {
    @Override
    public String name() {
      return "people";
    }

    @Override
    public Shape shape() {
      return Shape.of(known.width());
    }

    @Override
    public List<String> classes() {
      return List.of("poor", "rich");
    }

    @Override
    public long size() {
      return rows.size();
    }

    @Override
    public void read(long index, FloatBuffer target) {
      target.put(known.encode(rows.get((int) index), "row " + index));
    }

    @Override
    public int label(long index) {
      return TRUTHS[(int) index];
    }

    @Override
    public Optional<Table> table() {
      return Optional.of(known);
    }
  }

  private static final Dataset PEOPLE = new People(TABLE, ROWS);

  /** Right about rows 0, 1, 3 and 4. */
  private static final Evaluation MODEL = evaluation(0, 1, 0, 0, 1, 1);

  private static Evaluation evaluation(int... answers) {
    return new Evaluation(
        "people",
        "test",
        "a1",
        TaskType.SINGLE_LABEL,
        .5,
        new Confusion(List.of("poor", "rich"), new int[2][2]),
        new CalibrationAccumulator().calibration(),
        new Predictions(TRUTHS, answers),
        Map.of());
  }

  private static List<String> shown(Slices slices, int smallest) {
    return slices.of(List.of(MODEL), smallest).stream()
        .map(s -> "%s: %.2f of %d".formatted(s.name(), s.estimate().value(), s.estimate().n()))
        .toList();
  }

  @Test
  void byClass_worstFirst() {
    assertThat(shown(Slices.byClass(PEOPLE), 1))
        .containsExactly("poor: 0.67 of 3", "rich: 0.67 of 3");
  }

  @Test
  void byColumn_ofNames_hasASliceForEach_andForTheRest() {
    assertThat(shown(Slices.byColumn(PEOPLE, "job"), 1))
        .containsExactly(
            "job = smith: 0.50 of 2", "job = clerk: 0.67 of 3", "job other: 1.00 of 1");
    assertThat(shown(Slices.byColumn(PEOPLE, "job"), 3)).containsExactly("job = clerk: 0.67 of 3");
    assertThat(shown(Slices.byColumn(PEOPLE, "job"), 4)).isEmpty();
  }

  @Test
  void byColumn_ofFewNumbers_hasASliceForEach_andForEmptyCells() {
    assertThat(shown(Slices.byColumn(PEOPLE, "children"), 1))
        .containsExactly(
            "children = 2: 0.50 of 2", "children = 0: 0.67 of 3", "children = 1: 1.00 of 1");
    assertThat(shown(Slices.byColumn(PEOPLE, "age"), 1))
        .contains("age missing: 0.00 of 1", "age = 52.5: 1.00 of 1");
  }

  @Test
  void byColumn_ofManyNumbers_isPartedIntoQuarters() {
    List<List<String>> rows =
        java.util.stream.IntStream.range(0, 100)
            .mapToObj(i -> List.of(Integer.toString(i), "clerk", "0"))
            .toList();
    Slices quarters = Slices.byColumn(new People(TABLE, rows), "age");
    int[] truths = new int[100];
    int[] answers = new int[100];
    java.util.Arrays.fill(answers, 0, 26, 1); // wrong about the youngest quarter
    Evaluation model =
        new Evaluation(
            "people",
            "test",
            "a1",
            TaskType.SINGLE_LABEL,
            .5,
            new Confusion(List.of("poor", "rich"), new int[2][2]),
            new CalibrationAccumulator().calibration(),
            new Predictions(truths, answers),
            Map.of());
    List<Slices.Slice> slices = quarters.of(List.of(model), 1);
    assertThat(slices)
        .extracting(Slices.Slice::name)
        .containsExactlyInAnyOrder("age <= 25", "25 < age <= 50", "50 < age <= 75", "age > 75");
    assertThat(slices.get(0).name()).isEqualTo("age <= 25");
    assertThat(slices.get(0).estimate().value()).isZero();
    assertThat(slices.get(0).estimate().n()).isEqualTo(26);
  }

  @Test
  void of_seeds_isTheirMean() {
    Evaluation right = evaluation(TRUTHS);
    assertThat(
            Slices.byColumn(PEOPLE, "job").of(List.of(MODEL, right), 2).get(0).estimate().value())
        .isEqualTo(.75); // smith: 0.5 and 1
  }

  @Test
  void byColumn_thatIsNotThere_isRefused() {
    assertThatThrownBy(() -> Slices.byColumn(PEOPLE, "sex"))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "data 'people' slices by 'sex': no such column (expected: class, or one of age, job, children)");
    Dataset images = new Toy.Rows(new float[][] {{1, 2, 3}}, 0);
    assertThatThrownBy(() -> Slices.byColumn(images, "sex"))
        .hasMessage("data 'toy' slices by 'sex': no table (expected: class, or a table's column)");
  }
}
