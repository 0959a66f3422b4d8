package org.distill4j.data.cells;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.distill4j.Seeds;
import org.distill4j.data.DataSampling;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.data.source.DataColumns;
import org.distill4j.data.source.DataLocations;
import org.distill4j.data.source.DataSettings;
import org.distill4j.data.source.IdxBytes;
import org.distill4j.fault.InputFault;
import org.distill4j.progress.ProgressListener;
import org.distill4j.table.ColumnNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvColumnsTest {
  @TempDir Path folder;

  @Test
  void open_partsWithColumnsInAnyOrder_areMatchedByName() {
    Random random = new Random(Seeds.of(31));
    List<String> encodings = List.of("windows-1251", "utf-16", "gbk", "utf-8");
    for (int trial = 0; trial < 12; trial++) {
      String encoding = encodings.get(trial % encodings.size());
      int features = 1 + random.nextInt(5);
      List<String> names = new ArrayList<>(List.of("метка"));
      for (int c = 0; c < features; c++) {
        names.add((char) ('ж' + c) + "," + c);
      }
      int[][] rows = new int[8][features + 1];
      for (int[] row : rows) {
        row[0] = random.nextInt(2);
        for (int c = 1; c <= features; c++) {
          row[c] = random.nextInt(1000);
        }
      }
      rows[0][0] = 0;
      rows[1][0] = 1;
      List<Integer> trained = shuffled(random, features + 1);
      write("train.csv", text(names, rows, trained), encoding);
      write("test.csv", text(names, rows, shuffled(random, features + 1)), encoding);
      Splits splits = open(settings("метка", encoding));
      Dataset test = splits.test().data();
      List<Integer> inputs = trained.stream().filter(c -> c > 0).toList();
      for (int r = 0; r < rows.length; r++) {
        float[] row = row(test, r);
        for (int i = 0; i < features; i++) {
          assertThat(row[i]).isEqualTo(rows[r][inputs.get(i)]);
        }
        assertThat(test.label(r)).isEqualTo(rows[r][0]);
      }
      ColumnNames columns = splits.train().data().columns().orElseThrow();
      assertThat(columns.inputs()).isEqualTo(inputs.stream().map(names::get).toList());
      assertThat(columns.label()).isEqualTo("метка");
      assertThat(columns.inOrder()).isEqualTo(trained.stream().map(names::get).toList());
    }
  }

  @Test
  void open_missingOrUnknownColumn_isRefused() {
    write("train.csv", "a,b,y\n1,2,0\n3,4,1\n5,6,0\n");
    write("test.csv", "id,b,y\n1,2,0\n");
    assertThatThrownBy(() -> open(settings()))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining(
            "test.csv: no column 'a', unknown column 'id'; its header is id, b, y")
        .hasMessageContaining("each once and in any order: a, b, y)");
    write("test.csv", "a,b,extra,y\n1,2,3,0\n");
    assertThatThrownBy(() -> open(settings())).hasMessageContaining("unknown column 'extra'");
    write("test.csv", "b,a\n1,2\n");
    assertThatThrownBy(() -> open(settings())).hasMessageContaining("no column 'y'");
    write("test.csv", "b,a,a,y\n1,2,2,0\n");
    assertThatThrownBy(() -> open(settings()))
        .hasMessageContaining("test.csv: header [b, a, a, y] has 'a' twice");
  }

  @Test
  void open_twoColumnsOfOneName_areRefusedByItInEveryPart() {
    write("train.csv", "a,a,y\n1,2,0\n3,4,1\n5,6,0\n");
    assertThatThrownBy(() -> open(settings()))
        .isInstanceOf(InputFault.class)
        .hasMessageEndingWith(
            "train.csv: header [a, a, y] has 'a' twice (expected: each name once)");
    write("train.csv", "1.5,2,0\n3,4,1\n5,6,0\n");
    write("test.csv", "a,a,y\n1,2,0\n");
    assertThatThrownBy(() -> open(settings())).hasMessageContaining("has 'a' twice");
  }

  @Test
  void open_fileWithoutHeader_isMatchedByPlaceAndSaysSo() {
    write("train.csv", "y,a,b\n0,1.5,2.5\n1,3.5,4.5\n0,5.5,6.5\n");
    write("test.csv", "1,0.25,9\n");
    Splits splits = open(settings("y", "utf-8"));
    assertThat(row(splits.test().data(), 0)).containsExactly(0.25f, 9);
    assertThat(splits.test().data().label(0)).isEqualTo(1);
    assertThat(splits.notes())
        .anyMatch(n -> n.startsWith("test.csv: has no header") && n.contains("by their places"));
    write("train.csv", "1.5,2,0\n3.5,4,1\n0.5,4,1\n");
    write("test.csv", "b,a,y\n0.25,9,1\n");
    Splits unnamed = open(settings());
    assertThat(row(unnamed.test().data(), 0)).containsExactly(0.25f, 9);
    assertThat(unnamed.notes())
        .anyMatch(n -> n.startsWith("train.csv: no header, columns go by their places"))
        .anyMatch(n -> n.startsWith("test.csv: has a header and the training examples have none"));
  }

  @Test
  void open_headerOfNumbersOrWithABlank_isNoExample() {
    write("train.csv", "0,1,2\n" + "0.125,-2.5,1\n0.5,3.25,0\n".repeat(5));
    assertThat(open(settings()).train().data().columns().orElseThrow().inputs())
        .containsExactly("0", "1");
    assertThat(open(settings()).classes()).containsExactly("0", "1");
    write("train.csv", ",a,y\n0,0.125,1\n1,0.5,0\n2,0.25,0\n");
    Splits indexed = open(settings());
    assertThat(indexed.shape().elements()).isEqualTo(1);
    assertThat(indexed.notes()).anyMatch(n -> n.contains("counts the rows; it is passed over"));
  }

  @Test
  void open_labelColumn_isFoundByItsNameElseTheLast() {
    write("train.csv", "label,p0,p1\n3,0,0\n7,1,0\n3,2,0\n7,5,0\n");
    Splits splits = open(settings());
    assertThat(splits.classes()).containsExactly("3", "7");
    assertThat(splits.notes())
        .anyMatch(n -> n.contains("the label is column 'label', by its name"));
    write("train.csv", "p0,p1,p2\n3,0,0\n7,1,0\n3,2,1\n");
    assertThat(open(settings()).notes())
        .anyMatch(n -> n.contains("the label is column 'p2', the last, as none is called label"));
    assertThat(LabelColumn.of(List.of("x", "y", "kind"))).isEqualTo(2);
    assertThat(LabelColumn.of(List.of("y", "x1", "x2"))).isZero();
    assertThat(LabelColumn.of(List.of("a", "Class", "b"))).isEqualTo(1);
    assertThat(LabelColumn.of(List.of("class", "b", "y"))).isEqualTo(2);
    assertThat(LabelColumn.of(List.of("y", "target", "b"))).isEqualTo(1);
  }

  @Test
  void open_numbersAsLabels_areTheClassesThatThereAre() {
    Random random = new Random(Seeds.of(32));
    List<String> spellings = List.of("%d", "%d.0", "0%d", " %d ", "%d.");
    for (int[] labels : new int[][] {{1, 2, 3, 4}, {10, 20, 30}, {5, 6}, {0, 200}, {2, 3, 9}}) {
      StringBuilder text = new StringBuilder("a,y\n");
      List<Integer> truths = new ArrayList<>();
      for (int r = 0; r < 40; r++) {
        int label = labels[r < labels.length ? r : random.nextInt(labels.length)];
        truths.add(label);
        String spelling = spellings.get(random.nextInt(spellings.size()));
        text.append(r).append(".5,").append(String.format(spelling, label)).append('\n');
      }
      write("train.csv", text.toString());
      write("test.csv", text.toString());
      Splits splits = open(settings());
      assertThat(splits.classes())
          .isEqualTo(Arrays.stream(labels).mapToObj(Integer::toString).toList());
      for (int r = 0; r < truths.size(); r++) {
        assertThat(splits.classes().get(splits.test().data().label(r)))
            .isEqualTo("" + truths.get(r));
      }
    }
  }

  @Test
  void open_classesFromZeroOn_keepTheirPlaces() {
    write("train.csv", "1.5,0\n2.5,1\n3.5,3\n");
    assertThat(open(settings()).classes()).containsExactly("0", "1", "2", "3");
    write("train.csv", "1.5,-1\n2.5,1\n3.5,1\n4.5,-1\n");
    assertThat(open(settings()).classes()).containsExactly("-1", "1");
  }

  @Test
  void place_ofANumber_isThatOfTheNameOrIfNoNameIsANumberItself() {
    ClassNames ratings = new ClassNames(List.of("1", "2.0", "03"), true);
    assertThat(List.of(ratings.place("1.0"), ratings.place("02"), ratings.place("3")))
        .containsExactly(0, 1, 2);
    assertThat(ratings.place("0")).isEqualTo(-1);
    ClassNames names = new ClassNames(List.of("cat", "dog"), true);
    assertThat(List.of(names.place("dog"), names.place("1.0"), names.place("2")))
        .containsExactly(1, 1, -1);
    assertThat(new ClassNames(List.of("none", "1"), true).place("0")).isEqualTo(-1);
  }

  private static List<Integer> shuffled(Random random, int count) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    return order;
  }

  private static String text(List<String> names, int[][] rows, List<Integer> order) {
    StringBuilder text = new StringBuilder();
    text.append(String.join(",", order.stream().map(c -> '"' + names.get(c) + '"').toList()));
    for (int[] row : rows) {
      text.append("\r\n").append(String.join(",", order.stream().map(c -> "" + row[c]).toList()));
    }
    return text.toString();
  }

  private DataSettings settings() {
    return DataSettings.at(folder.resolve("mine")).validation(1);
  }

  private DataSettings settings(String label, String encoding) {
    DataSettings usual = settings();
    DataColumns columns =
        new DataColumns(
            List.of(),
            Optional.of(label),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return new DataSettings(
        usual.source().text(Optional.of(encoding), Optional.empty()),
        columns,
        DataSampling.USUAL.validation(1));
  }

  private void write(String name, String text) {
    write(name, text, "utf-8");
  }

  private void write(String name, String text, String encoding) {
    byte[] bytes =
        encoding.equals("utf-8") ? text.getBytes(UTF_8) : text.getBytes(Charset.forName(encoding));
    IdxBytes.write(folder.resolve("mine/" + name), bytes);
  }

  private Splits open(DataSettings settings) {
    return new DataCatalog(
            new DataLocations(Optional.empty(), folder.resolve("cache"), true),
            ProgressListener.NONE)
        .open(settings);
  }

  private static float[] row(Dataset data, long index) {
    FloatBuffer target = FloatBuffer.allocate((int) data.shape().elements());
    data.read(index, target);
    return target.array();
  }
}
