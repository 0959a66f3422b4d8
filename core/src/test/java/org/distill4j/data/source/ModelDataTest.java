package org.distill4j.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.distill4j.Seeds;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.progress.ProgressListener;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files read for a model that is there already: all of them, with the model's classes. */
class ModelDataTest {
  private static final long SEED = Seeds.of(23);

  @TempDir Path folder;

  private final Random random = new Random(SEED);

  private DataCatalog catalog() {
    return new DataCatalog(
        new DataLocations(Optional.empty(), folder.resolve("cache"), true), ProgressListener.NONE);
  }

  private static Graph model(int inputs, int outputs) {
    return new Mlp(List.of(2), 0).build(Shape.of(inputs), outputs, 1);
  }

  private static float[] row(Dataset data, long index) {
    FloatBuffer row = FloatBuffer.allocate((int) data.shape().elements());
    data.read(index, row);
    return row.array();
  }

  @Test
  void openWhole_aFileOfAnyLength_hasAllItsRowsInTheirOrder() throws IOException {
    for (int rows : new int[] {1, 2, 3, 1 + random.nextInt(200)}) {
      List<int[]> written = new ArrayList<>();
      StringBuilder text = new StringBuilder("a,y\n");
      for (int i = 0; i < rows; i++) {
        int[] row = {random.nextInt(1000), random.nextInt(3)};
        written.add(row);
        text.append(row[0]).append(',').append(row[1]).append('\n');
      }
      Path file = Files.writeString(folder.resolve("f" + rows + ".csv"), text);
      Dataset test = catalog().openWhole(DataSettings.at(file), model(1, 3)).test().data();
      assertThat(test.size()).as("seed %d", SEED).isEqualTo(rows);
      for (int i = 0; i < rows; i++) {
        assertThat(row(test, i)[0]).isEqualTo(written.get(i)[0]);
        assertThat(test.classes().get(test.label(i))).isEqualTo("" + written.get(i)[1]);
      }
    }
  }

  @Test
  void openWhole_aFolderWithATestFile_hasThatAlone() throws IOException {
    Path parts = Files.createDirectories(folder.resolve("parts"));
    int tests = 1 + random.nextInt(9);
    Files.writeString(parts.resolve("train.csv"), "a,y\n" + "1,0\n2,1\n".repeat(20));
    Files.writeString(parts.resolve("test.csv"), "a,y\n" + "5,1\n".repeat(tests));
    Splits splits = catalog().openWhole(DataSettings.at(parts), model(1, 2));
    assertThat(splits.test().data().size()).isEqualTo(tests);
    assertThat(splits.train().data().size()).isEqualTo(40);
  }

  @Test
  void open_someOfTheModelsClasses_haveTheModelsNumbers() throws IOException {
    for (int trial = 0; trial < 5; trial++) {
      List<String> names = new ArrayList<>();
      int classes = 3 + random.nextInt(4);
      for (int k = 0; k < classes; k++) {
        names.add("c" + (char) ('a' + random.nextInt(20)) + k);
      }
      List<String> some = new ArrayList<>(names);
      Collections.shuffle(some, random);
      some = some.subList(0, 2 + random.nextInt(classes - 2));
      List<String> written = new ArrayList<>();
      StringBuilder text = new StringBuilder("size,note,kind\n");
      for (int i = 0; i < 40; i++) {
        written.add(some.get(i < some.size() ? i : random.nextInt(some.size())));
        text.append(i).append(',').append(i % 3).append(',').append(written.get(i)).append('\n');
      }
      Path file = Files.writeString(folder.resolve("t" + trial + ".csv"), text);
      Graph model = Metadata.withClasses(model(2, classes), names);
      Dataset all = catalog().openWhole(DataSettings.at(file), model).test().data();
      assertThat(all.classes()).as("seed %d", SEED).isEqualTo(names);
      for (int i = 0; i < written.size(); i++) {
        assertThat(all.label(i)).isEqualTo(names.indexOf(written.get(i)));
        FloatBuffer targets = FloatBuffer.allocate(classes);
        all.targets(i, targets);
        for (int k = 0; k < classes; k++) {
          assertThat(targets.get(k)).isEqualTo(k == all.label(i) ? 1 : 0);
        }
      }
    }
  }

  @Test
  void openWhole_zeroAndOthersOfAModelWithoutNames_areTheNumbersThatItCounts() throws IOException {
    for (int trial = 0; trial < 5; trial++) {
      int outputs = 8 + random.nextInt(30);
      int other = 4 + random.nextInt(outputs - 4); // most labels between are missing
      StringBuilder text = new StringBuilder("a,y\n");
      for (int i = 0; i < 20; i++) {
        text.append(i).append(',').append(i % 2 == 0 ? 0 : other).append('\n');
      }
      Path file = Files.writeString(folder.resolve("z" + trial + ".csv"), text);
      Dataset all = catalog().openWhole(DataSettings.at(file), model(1, outputs)).test().data();
      assertThat(all.classes()).as("seed %d", SEED).hasSize(outputs);
      for (int i = 0; i < 20; i++) {
        assertThat(all.label(i)).isEqualTo(i % 2 == 0 ? 0 : other);
      }
      Path fromOne = folder.resolve("o" + trial + ".csv");
      Files.writeString(fromOne, text.toString().replace(",0\n", ",1\n"));
      assertThat(
              catalog()
                  .openWhole(DataSettings.at(fromOne), model(1, outputs))
                  .test()
                  .data()
                  .classes())
          .containsExactly("1", "" + other);
    }
  }

  @Test
  void openWhole_aModelFromElsewhere_takesTheNumbersOfCellsAsTheyAre() throws IOException {
    for (String separator : List.of(",", ";")) {
      int columns = 2 + random.nextInt(4);
      double[] at = random.doubles(columns, -1e4, 1e4).toArray();
      StringBuilder text = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        text.append('c').append(c).append(separator);
      }
      text.append("kind\n");
      List<float[]> written = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        float[] row = new float[columns];
        for (int c = 0; c < columns; c++) {
          row[c] = (float) (at[c] + random.nextGaussian());
          text.append(row[c]).append(separator);
        }
        written.add(row);
        text.append(i % 3 == 0 ? "wet" : "dry").append('\n');
      }
      Path file = Files.writeString(folder.resolve("s" + columns + ".csv"), text);
      Dataset all = catalog().openWhole(DataSettings.at(file), model(columns, 2)).test().data();
      for (int i = 0; i < written.size(); i++) {
        assertThat(row(all, i)).as("seed %d, row %d", SEED, i).isEqualTo(written.get(i));
        assertThat(all.classes().get(all.label(i))).isEqualTo(i % 3 == 0 ? "wet" : "dry");
      }
      assertThat(all.notes()).anyMatch(note -> note.contains("taken as they are"));
    }
  }

  @Test
  void openWhole_aModelFromElsewhere_refusesCellsThatAreNoNumbersByTheirLine() throws IOException {
    for (String cell : List.of("red", "", "NA", "2024-01-31")) {
      int bad = random.nextInt(20);
      StringBuilder text = new StringBuilder("a,b,kind\n");
      for (int i = 0; i < 20; i++) {
        text.append(i).append(',').append(i == bad ? cell : "1.5").append(",k").append(i % 2);
        text.append('\n');
      }
      Path file = Files.writeString(folder.resolve("n.csv"), text);
      assertThatThrownBy(() -> catalog().openWhole(DataSettings.at(file), model(2, 2)))
          .isInstanceOf(InputFault.class)
          .hasMessageContaining(
              "n.csv:%d column 'b': '%s' (expected: a finite number", bad + 2, cell);
    }
  }

  @Test
  void openWhole_moreColumnsThanAModelFromElsewhereTakes_isRefusedWithBothNumbers()
      throws IOException {
    Path file = Files.writeString(folder.resolve("w.csv"), "a,b,c,kind\n" + "1,2,3,k\n".repeat(9));
    assertThatThrownBy(() -> catalog().openWhole(DataSettings.at(file), model(2, 2)))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining(
            "3 columns beside [kind]: [a, b, c] (expected: 2, as the model takes)");
  }

  @Test
  void open_aClassThatTheModelDoesNotKnow_isRefusedByItsName() throws IOException {
    Path file = Files.writeString(folder.resolve("u.csv"), "a,y\n" + "1,0\n2,1\n3,2\n".repeat(9));
    Graph model = Metadata.withClasses(model(1, 2), List.of("1", "0"));
    assertThatThrownBy(() -> catalog().open(DataSettings.at(file), model))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("'2' (expected: a class, one of [1, 0])");
  }
}
