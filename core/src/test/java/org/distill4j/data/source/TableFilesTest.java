package org.distill4j.data.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.distill4j.SharedFolder;
import org.distill4j.data.DataSampling;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.data.cells.TableRows;
import org.distill4j.data.cells.TableSettings;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.TaskType;
import org.distill4j.progress.ProgressListener;
import org.distill4j.table.Column;
import org.distill4j.table.Dialect;
import org.distill4j.table.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFilesTest {
  private static final String TRAIN =
      """
      age,job,rich
      20,cook,no
      40,clerk,yes
      ?,cook,no
      """;

  @TempDir Path folder;

  @Test
  void open_parts_areEncodedByWhatTrainingHas() {
    write("train.csv", TRAIN);
    write("validation.csv", "age,job,rich\n30,clerk,no\n");
    write("test.csv", "job,rich,age\npilot,yes,50\n");
    Splits splits = open(DataSettings.at(folder.resolve("mine")));
    Dataset train = splits.train().data();
    assertThat(train.classes()).containsExactly("no", "yes");
    assertThat(train.table().orElseThrow().features())
        .containsExactly("age", "age missing", "job=clerk", "job=cook");
    // mean of 20 and 40 is 30, their deviation 10
    assertThat(row(train, 0)).containsExactly(-1, 0, 0, 1);
    assertThat(row(train, 1)).containsExactly(1, 0, 1, 0);
    assertThat(row(train, 2)).containsExactly(0, 1, 0, 1);
    assertThat(row(splits.test().data(), 0)).containsExactly(2, 0, 0, 0);
    assertThat(splits.test().data().label(0)).isEqualTo(1);
    assertThat(splits.validation().data().label(0)).isZero();
  }

  @Test
  void open_oneFile_fitsOnTheTrainingRowsAlone() {
    StringBuilder text = new StringBuilder("x,group,y\n");
    for (int i = 0; i < 200; i++) {
      text.append(i).append(",g").append(i).append(',').append(i % 2 == 0 ? "even" : "odd");
      text.append('\n');
    }
    write("all.csv", text.toString());
    DataSettings settings =
        DataSettings.at(folder.resolve("mine/all.csv")).table(categorical("group"));
    Splits splits = open(settings);
    Table table = splits.train().data().table().orElseThrow();
    double sum = 0;
    for (long i = 0; i < splits.train().size(); i++) {
      sum += row(splits.train().data(), i)[0];
    }
    assertThat(sum / splits.train().size()).isCloseTo(0, within(1e-5));
    Column.Categorical group = (Column.Categorical) table.columns().get(1);
    assertThat(group.values()).hasSize(100); // the commonest, of 160 in the training rows
    assertThat(group.other()).isTrue();
    assertThat(open(settings).sha256()).isEqualTo(splits.sha256());
  }

  @Test
  void open_tsvAndSemicolons_areParted() {
    write("train.tsv", "a\tb\n1, 5\tx\n2\ty\n");
    write("test.tsv", "a\tb\n1\tx\n");
    Dataset tabs = open(DataSettings.at(folder.resolve("mine")).validation(1)).test().data();
    assertThat(tabs.classes()).containsExactly("x", "y");
    Path file = write("semi.csv", "a;b\n1;x\n2;y\n3;x\n4;y\n");
    assertThat(open(DataSettings.at(file)).train().data().shape().elements()).isEqualTo(1);
  }

  @Test
  void open_numbersOnly_staysAsItIs() {
    Path file = write("n.csv", "a,y\n" + "5,0\n7,1\n".repeat(10));
    assertThat(open(DataSettings.at(file)).train().data().table()).isEmpty();
    Splits asked = open(DataSettings.at(file).table(TableSettings.defaults()));
    assertThat(asked.train().data().table()).isPresent();
    assertThat(asked.classes()).containsExactly("0", "1");
  }

  @Test
  void open_regression_takesNumbersAsTheyAre() {
    Path file = write("p.csv", "size,city,price\n" + "5,A,1.5\n7,B,-2\n".repeat(10));
    Splits splits = open(settings(file, TaskType.REGRESSION, null));
    Dataset train = splits.train().data();
    assertThat(splits.task()).isEqualTo(TaskType.REGRESSION);
    assertThat(train.classes()).containsExactly("price");
    assertThat(targets(train, 0)[0]).isIn(1.5f, -2f);
    assertThatThrownBy(() -> open(DataSettings.at(file)))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("2 different labels, such as '-2'")
        .hasMessageContaining("give task: regression for numbers");
  }

  @Test
  void open_regressionBeyond32Bits_isRefusedWithLineAndColumn() {
    String rows = "5,A,1.5\n7,B,-2\n".repeat(10);
    for (String price : List.of("1e39", "-3.5e38", "1e300")) {
      Path file = write("p.csv", "size,city,price\n" + rows + "5,A," + price + "\n");
      assertThatThrownBy(() -> open(settings(file, TaskType.REGRESSION, null)))
          .isInstanceOf(InputFault.class)
          .hasMessageStartingWith(file + ":22 column 'price': '" + price + "' (expected: a number");
    }
  }

  @Test
  void open_severalLabels_byColumnsOrByOneCell() {
    Path columns = write("m.csv", "x,red,big\n" + "1,0,1\n2,1,1\n".repeat(10));
    Splits splits = open(settings(columns, TaskType.MULTI_LABEL, List.of("red", "big")));
    assertThat(splits.classes()).containsExactly("red", "big");
    assertThat(targets(splits.train().data(), 0)[1]).isEqualTo(1);
    Path cell = write("c.csv", "x,tags\n" + "1,red|big\n2,\"big\"\n3,red\n".repeat(10));
    Splits cells = open(settings(cell, TaskType.MULTI_LABEL, null));
    assertThat(cells.classes()).containsExactly("big", "red");
    Path wrong = write("w.csv", "x,red,big\n" + "1,0,2\n".repeat(10));
    assertThatThrownBy(() -> open(settings(wrong, TaskType.MULTI_LABEL, List.of("red", "big"))))
        .hasMessage(wrong + ":2 column 'red, big': '0, 2' (expected: 0 or 1)");
  }

  @Test
  void open_badCell_isNamedWithFileLineAndColumn() {
    write("train.csv", TRAIN);
    Path test = write("test.csv", "age,job,rich\n30,cook,maybe\n");
    assertThatThrownBy(() -> open(DataSettings.at(folder.resolve("mine")).validation(1)))
        .hasMessage(test + ":2 column 'rich': 'maybe' (expected: one of [no, yes])");
    write("test.csv", "age,job,rich\nold,cook,no\n");
    assertThatThrownBy(() -> open(DataSettings.at(folder.resolve("mine")).validation(1)))
        .hasMessageStartingWith(test + ":2 column 'age': 'old' (expected: a finite number");
    write("test.csv", "job,rich\ncook,no\n");
    assertThatThrownBy(() -> open(DataSettings.at(folder.resolve("mine")).validation(1)))
        .hasMessageStartingWith(test + ": no column 'age' (expected: the columns of the training");
  }

  @Test
  void rows_ofAnotherFile_becomeTheSameNumbers() {
    write("train.csv", TRAIN);
    write("test.csv", TRAIN);
    Dataset train = open(DataSettings.at(folder.resolve("mine")).validation(1)).train().data();
    Path other = write("new.csv", "job,shoe,age\nclerk,44,40\ncook,39,\n");
    TableRows rows = TableRows.read(other, train.table().orElseThrow(), Dialect.USUAL, 5);
    assertThat(rows.rows()).hasSize(2);
    assertThat(rows.truths()).containsExactly("", "");
    assertThat(rows.rows().get(0)).hasSize(train.table().orElseThrow().width());
    assertThatThrownBy(
            () ->
                TableRows.read(
                    write("bad.csv", "age\n4\n"), train.table().orElseThrow(), Dialect.USUAL, 5))
        .hasMessageContaining("no column 'job' (expected: the columns the model takes");
  }

  @Test
  void adult_byName_hasTheKnownShares() {
    Path shared = SharedFolder.require("data/adult").getParent();
    Splits splits =
        new DataCatalog(
                new DataLocations(Optional.of(shared), folder.resolve("cache"), true),
                ProgressListener.NONE)
            .open("adult");
    assertThat(splits.train().size()).isEqualTo(29_305);
    assertThat(splits.test().size()).isEqualTo(16_281);
    assertThat(splits.classes()).containsExactly("<=50K", ">50K");
    long rich = 0;
    for (long i = 0; i < splits.test().size(); i++) {
      rich += splits.test().data().label(i);
    }
    assertThat(rich).isEqualTo(3_846); // as adult.test is known to have
    assertThat(splits.train().data().table().orElseThrow().names())
        .hasSize(13)
        .doesNotContain("fnlwgt", "income");
  }

  private static TableSettings categorical(String column) {
    TableSettings usual = TableSettings.defaults();
    return new TableSettings(
        usual.header(),
        usual.separator(),
        usual.comment(),
        usual.missing(),
        List.of(column),
        usual.ignored(),
        usual.log(),
        usual.scaling(),
        usual.categories(),
        usual.dates());
  }

  private DataSettings settings(Path file, TaskType task, List<String> labels) {
    DataColumns columns = DataColumns.USUAL.task(task, Optional.ofNullable(labels));
    return new DataSettings(DataSettings.at(file).source(), columns, DataSampling.USUAL);
  }

  private Splits open(DataSettings settings) {
    return new DataCatalog(
            new DataLocations(Optional.empty(), folder.resolve("cache"), true),
            ProgressListener.NONE)
        .open(settings);
  }

  private Path write(String name, String text) {
    return IdxBytes.write(folder.resolve("mine").resolve(name), text.getBytes(UTF_8));
  }

  private static float[] row(Dataset data, long index) {
    FloatBuffer target = FloatBuffer.allocate((int) data.shape().elements());
    data.read(index, target);
    assertThat(target.hasRemaining()).isFalse();
    return target.array();
  }

  private static float[] targets(Dataset data, long index) {
    FloatBuffer target = FloatBuffer.allocate(data.classes().size());
    data.targets(index, target);
    return target.array();
  }
}
