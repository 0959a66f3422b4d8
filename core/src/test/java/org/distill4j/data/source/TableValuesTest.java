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
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.distill4j.Seeds;
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

/** Values that a table's cells say, drawn here and judged by what was drawn. */
class TableValuesTest {
  @TempDir Path folder;

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
  void open_numbersAloneThat32BitsDoNotHold_areScaledAsATable() {
    Random random = new Random(Seeds.of(33));
    StringBuilder text = new StringBuilder("when,size,label\n");
    for (int i = 0; i < 200; i++) {
      text.append(1_700_000_000_000L + random.nextInt(60_000));
      text.append(",%d,%d\n".formatted(i, i % 2));
    }
    Dataset large = open(DataSettings.at(write("large.csv", text.toString()))).train().data();
    assertThat(IntStream.range(0, 160).mapToObj(i -> row(large, i)[0]).distinct().count())
        .isGreaterThan(150);
    assertThat(IntStream.range(0, 160).mapToObj(i -> row(large, i)[0]))
        .allMatch(x -> Math.abs(x) < 4);
    String small = text.toString().replaceAll("(?m)^17", "").replaceAll("(?m)^0*", "");
    assertThat(open(DataSettings.at(write("small.csv", small))).train().data().table()).isEmpty();
  }

  @Test
  void open_largeNumbersThatBeginLater_areRefusedWithTheWayOut() {
    Random random = new Random(Seeds.of(34));
    StringBuilder text = new StringBuilder("when,size,label\n");
    int first = 30 + random.nextInt(100);
    for (int i = 0; i < 200; i++) {
      text.append(i < first ? 1_700_000_000_000L >> 20 << 20 : 1_700_000_000_001L + 2L * i);
      text.append(",%d,%d\n".formatted(i, i % 2));
    }
    Path file = write("late.csv", text.toString());
    DataSettings plain = DataSettings.at(file);
    assertThatThrownBy(() -> open(plain))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining(file + ":" + (first + 2) + " column 'when': '1700")
        .hasMessageContaining("'table: {}' scales them");
    Dataset all = open(plain.table(TableSettings.defaults())).train().data();
    assertThat(IntStream.range(0, 160).mapToObj(i -> row(all, i)[0]).distinct().count())
        .isGreaterThan((200 - first) / 2);
  }

  @Test
  void open_partsWrittenOtherwise_areTold() {
    write("train.csv", "x,job,y\n" + "1,cook,u\n2,baker,v\n".repeat(20));
    write("test.csv", "1,cook,u\n2,baker,v\n".repeat(5));
    Splits splits = open(DataSettings.at(folder.resolve("mine")).validation(1));
    assertThat(splits.test().data().notes())
        .contains(
            "test.csv: has no header and the training examples have one; columns are matched by their places");
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
    TableRows rows =
        TableRows.read(test, splits.train().data().table().orElseThrow(), Dialect.USUAL, 5);
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
    assertThat(TableRows.read(test, table, Dialect.USUAL, 100).notes())
        .anyMatch(note -> note.startsWith(told));
  }

  @Test
  void open_emptyCellsThatTrainingHasNot_areCountedAndToldWhatTheyBecome() {
    Random random = new Random(Seeds.of(31));
    StringBuilder train = new StringBuilder("size,job,sold,label\n");
    double[] sizes = new double[60];
    for (int i = 0; i < 60; i++) {
      sizes[i] = random.nextInt(1_000);
      train.append((int) sizes[i]).append(",j").append(i % 3).append(",2021-01-11");
      train.append(i % 2 == 0 ? ",a\n" : ",b\n");
    }
    String mean = Math.round(DoubleStream.of(sizes).average().orElseThrow()) + "";
    int[] empty = new int[3];
    StringBuilder test = new StringBuilder("size,job,sold,label\n");
    for (int i = 0; i < 40; i++) {
      String[] cells = {"5", "j1", "2021-01-12"};
      int none = random.nextInt(4);
      if (none < 3) {
        cells[none] = random.nextBoolean() ? "" : "NA";
        empty[none]++;
      }
      test.append(String.join(",", cells)).append(i % 2 == 0 ? ",a\n" : ",b\n");
    }
    write("train.csv", train.toString());
    Path file = write("test.csv", test.toString());
    Splits splits = open(DataSettings.at(folder.resolve("mine")));
    Table table = splits.test().data().table().orElseThrow();
    TableRows rows = TableRows.read(file, table, Dialect.USUAL, 100);
    for (List<String> notes : List.of(splits.test().data().notes(), rows.notes())) {
      assertThat(notes)
          .anyMatch(
              note ->
                  note.startsWith(
                          "%s column 'size': %d of 40 cells are empty, and none was in training; they are read as "
                              .formatted(file, empty[0]))
                      && Math.abs(
                              Double.parseDouble(note.substring(note.lastIndexOf(' ') + 1))
                                  - Double.parseDouble(mean))
                          < 60)
          .contains(
              "%s column 'job': %d of 40 cells are empty, and none was in training; they become zeros"
                  .formatted(file, empty[1]),
              "%s column 'sold': %d of 40 cells are empty, and none was in training; they are read as 2021-01-11"
                  .formatted(file, empty[2]));
    }
    assertThat(splits.train().data().notes()).noneMatch(note -> note.contains("are empty"));
  }

  @Test
  void open_namesInWideFiles_areShownInPart() {
    String names = IntStream.range(0, 500).mapToObj(c -> "c" + c).collect(Collectors.joining(","));
    String cells = IntStream.range(0, 500).mapToObj(c -> "1").collect(Collectors.joining(","));
    String rows = (cells + ",a\n" + cells + ",b\n").repeat(10);
    String shown = "[c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, ";
    write("train.csv", names + ",label\n" + rows);
    write("test.csv", names.replace("c7,", "other,") + ",label\n" + rows);
    assertThatThrownBy(() -> open(DataSettings.at(folder.resolve("mine"))))
        .hasMessageContaining("no column 'c7' (expected: the columns of the training examples")
        .hasMessageEndingWith("c19, ... of 501])");
    Path twice = write("train.csv", names.replace("c7,", "c3,") + ",label\n" + rows);
    assertThatThrownBy(() -> open(DataSettings.at(folder.resolve("mine"))))
        .hasMessage(
            twice
                + ": header "
                + shown.replace("c7,", "c3,")
                + "c17, c18, c19, ... of 501] has 'c3' twice (expected: each name once)");
  }

  @Test
  void open_classesThatAreNotAsManyAsTheColumnsOfLabels_areRefused() {
    String text = "x,red,big\n" + "a,1,0\nb,0,1\n".repeat(20);
    DataSettings plain =
        settings(write("d.csv", text), TaskType.MULTI_LABEL, List.of("red", "big"));
    for (List<String> classes : List.of(List.of("r"), List.of("r", "b", "c"))) {
      DataColumns said = plain.columns().classes(classes);
      assertThatThrownBy(() -> open(new DataSettings(plain.source(), said, plain.sampling())))
          .isInstanceOf(InputFault.class)
          .hasMessage(
              "classes: %s (expected: 2, one for each column of labels: [red, big])"
                  .formatted(classes));
    }
    assertThatThrownBy(() -> plain.columns().classes(List.of("r", "b", "r")))
        .hasMessage("classes: 'r' twice (expected: each once)");
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
