package org.distill4j.data.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.distill4j.data.DataSampling;
import org.distill4j.data.Dataset;
import org.distill4j.data.cells.TableRows;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.TaskType;
import org.distill4j.progress.ProgressListener;
import org.distill4j.table.Column;
import org.distill4j.table.ColumnNames;
import org.distill4j.table.Dialect;
import org.distill4j.table.Quotes;
import org.distill4j.table.Table;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files for a model that is there already, whose columns stand otherwise than it was trained. */
class ColumnOrderTest {
  private static final Dialect NAMES_GIVEN =
      new Dialect("", "", List.of("a", "b", "y"), "", Quotes.DOUBLED);

  @TempDir Path folder;

  private final Random random = new Random(Seeds.of(72));

  @Test
  void open_labelsInAnotherOrderThanTheModels_areInTheModels() {
    StringBuilder text = new StringBuilder("x,b,a\n");
    int[][] truths = new int[30][2];
    for (int[] truth : truths) {
      truth[0] = random.nextInt(2);
      truth[1] = random.nextInt(2);
      text.append("1,%d,%d\n".formatted(truth[1], truth[0]));
    }
    Path file = write("t.csv", text.toString());
    Graph model = tableModel(List.of("x"), List.of("a", "b"));
    for (List<String> said : List.of(List.of("b", "a"), List.of("a", "b"), List.of("2", "3"))) {
      Dataset all = whole(file, model, said);
      assertThat(all.classes()).containsExactly("a", "b");
      for (int i = 0; i < truths.length; i++) {
        FloatBuffer targets = FloatBuffer.allocate(2);
        all.targets(i, targets);
        assertThat(targets.array()).containsExactly(truths[i][0], truths[i][1]);
      }
    }
    assertThatThrownBy(() -> whole(file, model, List.of("b", "x")))
        .isInstanceOf(InputFault.class)
        .hasMessage("labels: [b, x] (expected: absent, or the model's, in any order: [a, b])");
  }

  @Test
  void read_rowsWithoutALabelThatStoodInTheMiddle_areTheInputs() {
    Graph net = new Mlp(List.of(2), 0).build(Shape.of(2), 2, 1);
    int place = 1 + random.nextInt(3);
    Path bare = write("bare.csv", "1,2\n3,4\n");
    for (boolean given : new boolean[] {true, false}) {
      ColumnNames names = new ColumnNames(given ? List.of("a", "b") : List.of(), "y", place);
      Graph model = Metadata.withColumns(net, names);
      if (given) {
        Dialect dialect = new Dialect("", "", names.inOrder(), "", Quotes.DOUBLED);
        model = Metadata.withDialect(model, dialect);
      }
      TableRows rows = TableRows.read(bare, model, 9);
      assertThat(rows.rows().get(0)).containsExactly(1, 2);
      assertThat(rows.rows().get(1)).containsExactly(3, 4);
      assertThat(rows.truths()).containsExactly("", "");
    }
  }

  @Test
  void read_namesGivenToAModelOfNumbers_standAsTheFileHasThem() {
    Graph model = new Mlp(List.of(2), 0).build(Shape.of(2), 2, 1);
    model = Metadata.withColumns(model, new ColumnNames(List.of("a", "b"), "y", 3));
    model = Metadata.withDialect(model, NAMES_GIVEN);
    TableRows swapped = TableRows.read(write("s.csv", "b,a,y\n1,2,0\n"), model, 9);
    assertThat(swapped.rows().get(0)).containsExactly(2, 1);
    assertThat(swapped.truths()).containsExactly("0");
    assertThat(TableRows.read(write("p.csv", "1,2,0\n"), model, 9).rows().get(0))
        .containsExactly(1, 2);
    Path twice = write("d.csv", "a,b,b,y\n1,2,2,0\n");
    Graph taken = model;
    assertThatThrownBy(() -> TableRows.read(twice, taken, 9))
        .isInstanceOf(InputFault.class)
        .hasMessage(twice + ": header [a, b, b, y] has 'b' twice (expected: each name once)");
  }

  @Test
  void read_tableTrainedWithoutAHeader_takesPlaces() {
    Table table = table(List.of("column 1", "column 3", "column 4"), List.of("column 5"));
    TableRows five = TableRows.read(write("5.csv", "1,9,3,4,no\n"), table, Dialect.USUAL, 9);
    assertThat(five.rows().get(0)).containsExactly(1, 3, 4);
    assertThat(five.truths()).containsExactly("no");
    TableRows four = TableRows.read(write("4.csv", "1,9,3,4\n5,9,7,8\n"), table, Dialect.USUAL, 9);
    assertThat(four.rows().get(1)).containsExactly(5, 7, 8);
    TableRows taken = TableRows.read(write("3.csv", "1,3,4\n"), table, Dialect.USUAL, 9);
    assertThat(taken.rows().get(0)).containsExactly(1, 3, 4);
    Path named = write("n.csv", "p,q,r,s,y\n1,9,3,4,no\n");
    assertThat(TableRows.read(named, table, Dialect.USUAL, 9).rows().get(0))
        .containsExactly(1, 3, 4);
    assertThatThrownBy(() -> TableRows.read(write("2.csv", "1,3\n"), table, Dialect.USUAL, 9))
        .hasMessageContaining("no column 'column 3'");
  }

  @Test
  void read_rowsWithoutAHeaderThatAreTooLong_areRefusedWithTheColumnsAndTheWayOut() {
    Table table = table(List.of("a", "b"), List.of("y"));
    Path file = write("long.csv", "1,2,no\n3,4,yes\n");
    assertThatThrownBy(() -> TableRows.read(file, table, Dialect.USUAL, 9))
        .isInstanceOf(InputFault.class)
        .hasMessage(file + ":1: 3 columns (expected: 2: [a, b], or a header)");
    Path named = write("named.csv", "y,b,a\nno,1,2\nno,1\n");
    assertThatThrownBy(() -> TableRows.read(named, table, Dialect.USUAL, 9))
        .hasMessage(named + ":3: 2 columns (expected: 3, as the header has)");
  }

  @Test
  void read_columnsCalledByNumbers_areToldFromCellsThatAreSuchNumbers() {
    Random random = new Random(Seeds.of(83));
    List<String> names = IntStream.range(0, 8).mapToObj(String::valueOf).toList();
    Table table = table(names, List.of("y"));
    for (int draw = 0; draw < 10; draw++) {
      List<Integer> order = new ArrayList<>(IntStream.range(0, 8).boxed().toList());
      Collections.shuffle(order, random);
      StringBuilder plain = new StringBuilder();
      String header = order.stream().map(String::valueOf).collect(Collectors.joining(","));
      StringBuilder named = new StringBuilder(header + "\n");
      List<float[]> expected = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        int[] row = random.ints(8, 0, 17).toArray();
        expected.add(toFloats(row));
        plain.append(joined(IntStream.of(row)));
        named.append(joined(order.stream().mapToInt(c -> row[c])));
      }
      for (String text : List.of(plain.toString(), named.toString())) {
        List<float[]> rows = TableRows.read(write("d.csv", text), table, Dialect.USUAL, 99).rows();
        assertThat(rows.toArray(new float[0][])).isDeepEqualTo(expected.toArray(new float[0][]));
      }
    }
  }

  private static float[] toFloats(int[] row) {
    float[] floats = new float[row.length];
    for (int i = 0; i < row.length; i++) {
      floats[i] = row[i];
    }
    return floats;
  }

  private static String joined(IntStream row) {
    return row.mapToObj(String::valueOf).collect(Collectors.joining(",", "", "\n"));
  }

  @Test
  void read_columnWithoutAName_isCalledByItsNumberAsInTraining() {
    Table table = table(List.of("a", "column 3"), List.of("y"));
    TableRows rows = TableRows.read(write("b.csv", "y,a,\nno,1,2\n"), table, Dialect.USUAL, 9);
    assertThat(rows.rows().get(0)).containsExactly(1, 2);
    assertThat(rows.truths()).containsExactly("no");
    Path twice = write("d.csv", "a,a,\n1,2,3\n");
    assertThatThrownBy(() -> TableRows.read(twice, table, Dialect.USUAL, 9))
        .hasMessageContaining("has 'a' twice");
  }

  private static Table table(List<String> columns, List<String> label) {
    return new Table(
        columns.stream().map(c -> (Column) new Column.Quantity(c, false, 0, 1, false)).toList(),
        label,
        List.of("", "?"));
  }

  private static Graph tableModel(List<String> columns, List<String> label) {
    Graph model = new Mlp(List.of(2), 0).build(Shape.of(columns.size()), label.size(), 1);
    model = Metadata.withTask(model, TaskType.MULTI_LABEL);
    return Metadata.withClasses(Metadata.withTable(model, table(columns, label)), label);
  }

  private Dataset whole(Path file, Graph model, List<String> labels) {
    DataColumns columns = DataColumns.USUAL.task(TaskType.MULTI_LABEL, Optional.of(labels));
    return new DataCatalog(
            new DataLocations(Optional.empty(), folder.resolve("cache"), true),
            ProgressListener.NONE)
        .openWhole(
            new DataSettings(DataSettings.at(file).source(), columns, DataSampling.USUAL), model)
        .test()
        .data();
  }

  private Path write(String name, String text) {
    return IdxBytes.write(folder.resolve(name), text.getBytes(UTF_8));
  }

  /** Names in other letters are a header still, and not the columns that are taken. */
  @Test
  void read_aHeaderInOtherLetters_isRefusedAndNoExample() {
    Table table =
        new Table(
            List.of(
                new Column.Categorical("colour", List.of("red", "blue"), true, false),
                new Column.Categorical("size", List.of("big", "small"), true, false)),
            List.of("age"),
            List.of());
    for (String header : List.of("Colour,Size", "Size,Colour", "COLOUR,SIZE", "age,SIZE,Colour")) {
      String rows = header.startsWith("age") ? "\nold,big,red\n" : "\nred,big\n";
      Path file = write(header + ".csv", header + rows);
      assertThatThrownBy(() -> TableRows.read(file, table, Dialect.USUAL, 9))
          .isInstanceOf(InputFault.class)
          .hasMessage(
              file
                  + ": no column 'colour' (expected: the columns the model takes: [colour, size])");
    }
    assertThat(TableRows.read(write("right.csv", "red,big\n"), table, Dialect.USUAL, 9).rows())
        .hasSize(1);
  }
}
