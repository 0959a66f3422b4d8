package org.distill4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.table.Column;
import org.distill4j.table.ColumnNames;
import org.distill4j.table.Dialect;
import org.distill4j.table.Quotes;
import org.distill4j.table.Table;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;

class ModelDataCheckTest {
  private static final Graph NET = new Mlp(List.of(), 0).build(Shape.of(2), 2, 1);
  private static final ColumnNames AB = new ColumnNames(List.of("a", "b"), "y", 1);
  private static final Dialect BARS =
      new Dialect("|", "#", List.of("y", "a", "b"), "gbk", Quotes.NONE);

  @Test
  void completed_rowsOfNumbers_keepColumnsAndDialect() {
    Graph told = ModelDataCheck.completed(NET, new Rows(AB));
    assertThat(Metadata.columns(told)).contains(AB);
    assertThat(AB.inOrder()).containsExactly("y", "a", "b");
    assertThat(Metadata.dialect(told)).contains(BARS);
    assertThat(Metadata.classes(told)).contains(List.of("0", "1"));
    ColumnNames other = new ColumnNames(List.of("b", "a"), "y", 3);
    assertThat(ModelDataCheck.completed(told, new Rows(other)).metadata())
        .isEqualTo(told.metadata());
  }

  @Test
  void require_columnsInAnotherOrder_isRefused() {
    Graph told = ModelDataCheck.completed(NET, new Rows(AB));
    assertThatCode(() -> ModelDataCheck.require("teacher", told, new Rows(AB)))
        .doesNotThrowAnyException();
    Rows other = new Rows(new ColumnNames(List.of("b", "a"), "y", 3));
    assertThatThrownBy(() -> ModelDataCheck.require("teacher", told, other))
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith(
            "teacher: takes the columns [a, b] (expected: [b, a], as data 'rows'");
    Rows unnamed = new Rows(new ColumnNames(List.of(), "", 3));
    assertThatCode(() -> ModelDataCheck.require("teacher", told, unnamed))
        .doesNotThrowAnyException();
  }

  @Test
  void unscaling_aModelThatSaysNothingOfATable_takesTheNumbersOfTheCells() {
    Column.Scaled tall = new Column.Quantity("height", false, 175, 8, true);
    Column.Scaled rich = new Column.Quantity("income", false, -3000, 1200, false);
    Column names = new Column.Categorical("job", List.of("cook", "judge"), false, false);
    Table table = new Table(List.of(tall, rich, names), List.of("kind"), List.of(""));
    float[] scaled = {(190f - 175) / 8, 0, (600f + 3000) / 1200, 0, 1};
    Dataset data =
        new Tabled(
            table,
            new ArrayDataset(
                "rows",
                Shape.of(5),
                List.of("0", "1"),
                new float[][] {scaled},
                new int[] {0},
                Preprocessing.NONE));
    Graph asked = ModelDataCheck.unscaling(NET, data);
    FloatBuffer row = FloatBuffer.allocate(5);
    new Preprocessed(data, Metadata.preprocessing(asked).orElseThrow()).read(0, row);
    assertThat(row.array()).containsExactly(new float[] {190, 0, 600, 0, 1}, within(1e-3f));
    Graph told = Metadata.withPreprocessing(NET, Preprocessing.NONE);
    assertThat(ModelDataCheck.unscaling(told, data)).isSameAs(told);
    Graph own = Metadata.withTable(NET, table);
    assertThat(ModelDataCheck.unscaling(own, data)).isSameAs(own);
  }

  @Test
  void unscaling_logarithmsForAModelThatSaysNothingOfThem_areRefused() {
    Column.Scaled wide = new Column.Quantity("area", true, 3, 2, false);
    Column.Scaled tall = new Column.Quantity("height", false, 175, 8, false);
    Table table = new Table(List.of(tall, wide), List.of("kind"), List.of(""));
    Dataset data =
        new Tabled(
            table,
            new ArrayDataset(
                "rows",
                Shape.of(2),
                List.of("0", "1"),
                new float[][] {{1, 2}},
                new int[] {0},
                Preprocessing.NONE));
    assertThatThrownBy(() -> ModelDataCheck.unscaling(NET, data))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("data 'rows' have the logarithms of [area] (expected: no table.log;");
    Graph told = Metadata.withPreprocessing(NET, Preprocessing.NONE);
    assertThat(ModelDataCheck.unscaling(told, data)).isSameAs(told);
    Graph own = Metadata.withTable(NET, table);
    assertThat(ModelDataCheck.unscaling(own, data)).isSameAs(own);
  }

  @Test
  void dialect_textOfAnOlderOrNewerModel_isRead() {
    Graph graph = NET.withMetadata(Map.of("distill4j.dialect", "{\"comment\":\"#\",\"new\":1}"));
    assertThat(Metadata.dialect(graph))
        .contains(new Dialect("", "#", List.of(), "", Quotes.DOUBLED));
    assertThat(Metadata.dialect(NET)).isEmpty();
    assertThat(Metadata.columns(NET)).isEmpty();
  }

  /** Rows that were made from a table's. */
  private static final class Tabled extends DerivedDataset {
    private final Table table;

    Tabled(Table table, Dataset rows) {
      super(rows);
      this.table = table;
    }

    @Override
    public Optional<Table> table() {
      return Optional.of(table);
    }
  }

  /** Rows whose columns are called so. */
  private static final class Rows extends DerivedDataset {
    private final ColumnNames names;

    Rows(ColumnNames names) {
      super(
          new ArrayDataset(
              "rows",
              Shape.of(2),
              List.of("0", "1"),
              new float[][] {{1, 2}, {3, 4}},
              new int[] {0, 1},
              Preprocessing.NONE));
      this.names = names;
    }

    @Override
    public Optional<ColumnNames> columns() {
      return Optional.of(names);
    }

    @Override
    public Optional<Dialect> dialect() {
      return Optional.of(BARS);
    }
  }
}
