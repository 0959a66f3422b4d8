package org.distill4j.data.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.distill4j.SharedFolder;
import org.distill4j.data.DataSampling;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.TaskType;
import org.distill4j.progress.ProgressListener;
import org.distill4j.table.Column;
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
  void open_labelsInOtherSpellings_areTheSameClasses() {
    Random random = new Random(Seeds.of(4));
    int most = random.nextInt(3, 12);
    StringBuilder text = new StringBuilder("x,job,stars\n");
    List<Integer> truths = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      int truth = i < most ? i + 1 : random.nextInt(1, most + 1);
      truths.add(truth);
      String spelled = List.of("", "0", "+").get(random.nextInt(3)) + truth;
      text.append(i).append(",j").append(i % 3).append(',').append(spelled);
      text.append(random.nextBoolean() ? ".0\n" : "\n");
    }
    write("train.csv", text.toString());
    write("test.csv", text.toString());
    Splits splits = open(DataSettings.at(folder.resolve("mine")).validation(1));
    assertThat(splits.classes())
        .containsExactly(
            IntStream.rangeClosed(1, most).mapToObj(String::valueOf).toArray(String[]::new));
    for (int i = 0; i < truths.size(); i++) {
      assertThat(splits.test().data().label(i)).isEqualTo(truths.get(i) - 1);
    }
  }

  @Test
  void open_yesAndNo_areOneAndZeroWhereTheseAreAsked() {
    Random random = new Random(Seeds.of(24));
    String[] no = {"False", "no", "0", "0.0", "FALSE", "n"};
    String[] yes = {"True", "yes", "1", "1.0", "TRUE", "Y"};
    StringBuilder text = new StringBuilder("x,red,big\n");
    List<boolean[]> truths = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      boolean red = random.nextBoolean();
      boolean big = random.nextBoolean();
      truths.add(new boolean[] {red, big});
      text.append("a").append(i % 3).append(',').append((red ? yes : no)[random.nextInt(6)]);
      text.append(',').append((big ? yes : no)[random.nextInt(6)]).append('\n');
    }
    Path file = write("d.csv", text.toString());
    write("test.csv", text.toString());
    write("train.csv", text.toString());
    DataColumns columns =
        DataColumns.USUAL.task(TaskType.MULTI_LABEL, Optional.of(List.of("red", "big")));
    Dataset test =
        open(new DataSettings(
                DataSettings.at(file.getParent()).source(), columns, DataSampling.USUAL))
            .test()
            .data();
    for (int i = 0; i < truths.size(); i++) {
      assertThat(targets(test, i))
          .containsExactly(truths.get(i)[0] ? 1 : 0, truths.get(i)[1] ? 1 : 0);
    }
  }

  @Test
  void open_rowWithoutTags_hasNoClass() {
    Random random = new Random(Seeds.of(25));
    StringBuilder text = new StringBuilder("x,tags\n");
    List<List<String>> truths = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      List<String> tags =
          Stream.of("indoor", "night", "rain").filter(t -> random.nextBoolean()).toList();
      truths.add(tags);
      String none = random.nextBoolean() ? "" : "NaN";
      text.append("a").append(i % 3).append(',');
      text.append(tags.isEmpty() ? none : String.join("|", tags)).append('\n');
    }
    write("train.csv", text.toString());
    write("test.csv", text.toString());
    Dataset test = open(settings(folder.resolve("mine"), TaskType.MULTI_LABEL, null)).test().data();
    assertThat(test.classes()).containsExactly("indoor", "night", "rain");
    for (int i = 0; i < truths.size(); i++) {
      float[] row = targets(test, i);
      for (int c = 0; c < 3; c++) {
        assertThat(row[c]).isEqualTo(truths.get(i).contains(test.classes().get(c)) ? 1 : 0);
      }
    }
  }

  @Test
  void open_largeNumbers_areScaledBeforeTheyAreShortened() {
    Random random = new Random(Seeds.of(3));
    long[] bases = {1_700_000_000_000L, 5_400_000L, 1_700_000_000_000_000_000L, -62_135_596_800L};
    for (long base : bases) {
      StringBuilder text = new StringBuilder("when,kind\n");
      List<BigDecimal> numbers = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        // in steps that 64 bits hold
        long step = Math.max(1, (long) Math.ulp((double) base));
        BigDecimal number = BigDecimal.valueOf(base + step * random.nextInt(60_000));
        numbers.add(number);
        text.append(number).append(i % 2 == 0 ? ",even\n" : ",odd\n");
      }
      write("train.csv", text.toString());
      write("test.csv", text.toString());
      Dataset train = open(DataSettings.at(folder.resolve("mine")).validation(1)).test().data();
      Column.Scaled column = (Column.Scaled) train.table().orElseThrow().columns().get(0);
      for (int i = 0; i < 300; i++) {
        double right = // exact until the last division
            numbers.get(i).subtract(new BigDecimal(column.offset())).doubleValue() / column.scale();
        assertThat(row(train, i)[0]).isCloseTo((float) right, within(1e-6f));
      }
      assertThat(IntStream.range(0, 300).mapToObj(i -> row(train, i)[0]).distinct().count())
          .isEqualTo(numbers.stream().distinct().count());
    }
  }

  @Test
  void open_targetsThatLieTooCloseTogether_areCountedFromNearby() {
    Random random = new Random(Seeds.of(31));
    StringBuilder text = new StringBuilder("x,when\n");
    List<Long> truths = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      long truth = 1_700_000_000_000L + random.nextInt(60_000);
      truths.add(truth);
      text.append(i).append(',').append(truth).append('\n');
    }
    Path test = write("test.csv", text.toString());
    write("train.csv", text.toString());
    Splits splits = open(settings(test.getParent(), TaskType.REGRESSION, null));
    double origin = splits.train().data().table().orElseThrow().origin(0);
    assertThat(splits.classes()).containsExactly("when - " + (long) origin);
    assertThat(splits.notes().toString()).contains("the answer is [when - ");
    for (int i = 0; i < 200; i++) {
      assertThat(targets(splits.test().data(), i)[0]).isEqualTo((float) (truths.get(i) - origin));
    }
    TableRows rows = TableRows.read(test, splits.train().data().table().orElseThrow(), 5);
    assertThat(Double.parseDouble(rows.truths().get(0))).isEqualTo(truths.get(0) - origin);
  }

  @Test
  void open_columnsOfAllKinds_areTold() {
    StringBuilder text = new StringBuilder("client,born,size,job,site,y\n");
    for (int i = 0; i < 200; i++) {
      text.append("K-").append(7 * i).append(",%02d.%02d.1990,".formatted(1 + i % 28, 1 + i % 12));
      text.append(i % 20 == 0 ? "" : "" + i % 50).append(",j").append(i % 4).append(",here,");
      text.append(i % 2 == 0 ? "even\n" : "odd\n");
    }
    Splits splits = open(DataSettings.at(write("all.csv", text.toString())));
    Table table = splits.train().data().table().orElseThrow();
    assertThat(table.names()).containsExactly("born", "size", "job", "site");
    assertThat(table.columns().get(0)).isInstanceOf(Column.Dated.class);
    assertThat(splits.train().data().columnLines())
        .anyMatch(line -> line.matches(" *born +dates +84 +0 +1 number: days, by d.M.uuuu"))
        .anyMatch(line -> line.matches(" *size +numbers +50 +10 +2 numbers: scaled, 1 if empty"))
        .anyMatch(line -> line.matches(" *job +names +4 +0 +4 numbers: j0, j1, j2, ..."))
        .anyMatch(line -> line.matches(" *client +- +200 +0 +left out, as an id"))
        .anyMatch(line -> line.matches(" *y +label +2 +- +the answer"));
    assertThat(splits.notes())
        .anyMatch(note -> note.startsWith("column 'client': 200 names in 200 cells"))
        .anyMatch(note -> note.equals("column 'born': dates as d.M.uuuu, read as days"))
        .anyMatch(note -> note.startsWith("column 'site': is 'here' in every row"));
  }

  @Test
  void open_fewBadCells_areRefusedWithTheirLine() {
    Random random = new Random(Seeds.of(39));
    for (String bad : List.of("1e39", "Infinity", "unknown")) {
      int first = random.nextInt(50);
      StringBuilder text = new StringBuilder("a,b,y\n");
      for (int i = 0; i < 600; i++) {
        text.append(i % 50 == first ? bad : "" + random.nextGaussian());
        text.append(",g").append(i % 3).append(i % 2 == 0 ? ",u\n" : ",v\n");
      }
      Path file = write(bad + ".csv", text.toString());
      assertThatThrownBy(() -> open(DataSettings.at(file)))
          .isInstanceOf(InputFault.class)
          .hasMessageContaining(file + ":" + (first + 2) + " column 'a': '" + bad + "'")
          .hasMessageContaining("as in 588 of its 600 cells");
    }
  }

  @Test
  void open_namesThatNoTrainingRowHas_areCounted() {
    Random random = new Random(Seeds.of(11));
    StringBuilder text = new StringBuilder("x,job,y\n");
    int strangers = 0;
    for (int i = 0; i < 100; i++) {
      boolean stranger = random.nextInt(10) == 0;
      strangers += stranger ? 1 : 0;
      text.append(i).append(stranger ? ",pilot," : ",cook,").append(i % 2 == 0 ? "u\n" : "v\n");
    }
    write("train.csv", "x,job,y\n" + "1,cook,u\n2,baker,v\n".repeat(20));
    Path test = write("test.csv", text.toString());
    Splits splits = open(DataSettings.at(folder.resolve("mine")).validation(1));
    String told =
        test + " column 'job': " + strangers + " of 100 cells have a name that no training example";
    assertThat(splits.test().data().notes()).anyMatch(note -> note.startsWith(told));
    Table table = splits.train().data().table().orElseThrow();
    assertThat(TableRows.read(test, table, 100).notes()).anyMatch(note -> note.startsWith(told));
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
    TableRows rows = TableRows.read(other, train.table().orElseThrow(), 5);
    assertThat(rows.rows()).hasSize(2);
    assertThat(rows.truths()).containsExactly("", "");
    assertThat(rows.rows().get(0)).hasSize(train.table().orElseThrow().width());
    assertThatThrownBy(
            () -> TableRows.read(write("bad.csv", "age\n4\n"), train.table().orElseThrow(), 5))
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
