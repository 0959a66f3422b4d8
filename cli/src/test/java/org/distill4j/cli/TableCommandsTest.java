package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.distill4j.Seeds;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table of numbers and names from the recipe to predictions of new rows. */
class TableCommandsTest {
  @TempDir private static Path folder;
  private static Spoken run;
  private static String student;

  @BeforeAll
  static void run() throws IOException {
    StringBuilder rows = new StringBuilder("size,colour,note,fruit\n");
    for (int i = 0; i < 600; i++) {
      boolean apple = i % 2 == 0;
      double size = (apple ? 80 : 30) + i % 7;
      String colour = i % 5 == 0 ? "?" : apple ? "red" : "blue";
      rows.append(size).append(',').append(colour).append(",n").append(i);
      rows.append(',').append(apple ? "apple" : "plum").append('\n');
    }
    Files.writeString(folder.resolve("fruit.csv"), rows);
    Path recipe =
        Files.writeString(
            folder.resolve("fruit.yaml"),
            """
            name: fruit
            data: {path: fruit.csv, table: {ignored: [note]}}
            teacher: {net: {mlp: {hidden: [16]}}, train: {epochs: 8, batch: 32, rate: 0.01}}
            student: {net: {mlp: {hidden: [16]}}, train: {epochs: 8, batch: 32, rate: 0.01}}
            baselines: [alone]
            """);
    Path out = folder.resolve("run");
    run = Spoken.of("run", recipe.toString(), "--out", out.toString());
    student = out.resolve("student/model.onnx").toString();
  }

  @Test
  void run_table_learns() {
    assertThat(run.exitCode()).as(run.err()).isZero();
    Spoken plan = Spoken.of("plan", folder.resolve("fruit.yaml").toString());
    assertThat(plan.out()).contains("a table: 2 columns become 4 numbers");
  }

  @Test
  void predict_newRows_areReadAsTheModelWasTrained() throws IOException {
    Path rows =
        Files.writeString(
            folder.resolve("new.csv"), "colour,shape,size\nred,round,82\nblue,oval,31\n,x,33\n");
    Spoken predict = Spoken.of("predict", student, "--input", rows.toString());
    assertThat(predict.exitCode()).as(predict.err()).isZero();
    assertThat(predict.out()).containsPattern("(?s)0 .*apple.*1 .*plum.*2 .*plum");
    Path wrong = Files.writeString(folder.resolve("wrong.csv"), "size,colour\nbig,red\n");
    Spoken refused = Spoken.of("predict", student, "--input", wrong.toString());
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("wrong.csv:2 column 'size': 'big' (expected: a finite");
  }

  @Test
  void eval_otherFile_isScaledByTheModelsTable() throws IOException {
    Path other =
        Files.writeString(
            folder.resolve("other.csv"), "size,colour,fruit\n" + "85,red,apple\n".repeat(20));
    Spoken eval = Spoken.of("eval", student, "--data", other.toString(), "--split", "train");
    assertThat(eval.exitCode()).as(eval.err()).isZero();
    assertThat(eval.out()).contains("accuracy           1.0000");
  }

  @Test
  void evalAndPredict_aFileOfOnesOwn_takeEveryRow() throws IOException {
    Random random = new Random(Seeds.of(17));
    int rows = 17 + random.nextInt(300);
    StringBuilder text = new StringBuilder("fruit,size,colour\n");
    for (int i = 0; i < rows; i++) {
      boolean apple = random.nextBoolean();
      text.append(apple ? "apple,8" : "plum,3").append(random.nextInt(7));
      text.append(apple ? ",red\n" : ",blue\n");
    }
    String file = Files.writeString(folder.resolve("people.csv"), text).toString();
    ObjectMapper json = new ObjectMapper();
    JsonNode eval = json.readTree(Spoken.of("eval", student, "--data", file, "--json").out());
    assertThat(eval.path("n").asInt()).isEqualTo(rows);
    assertThat(eval.path("split").asText()).isEqualTo("all");
    assertThat(eval.path("accuracy").asDouble()).isEqualTo(1);
    JsonNode test =
        json.readTree(
            Spoken.of("eval", student, "--data", file, "--split", "test", "--json").out());
    assertThat(test.path("n").asInt()).isEqualTo(rows / 10); // as a recipe would draw it
    JsonNode all = json.readTree(Spoken.of("predict", student, "--input", file, "--json").out());
    assertThat(all.path("rows")).hasSize(rows);
    assertThat(all.path("left_out").asInt()).isZero();
    int few = 1 + random.nextInt(16);
    Spoken some = Spoken.of("predict", student, "--input", file, "--n", "" + few);
    assertThat(some.out())
        .contains("%d of %d right".formatted(few, few))
        .contains("the first %d of %d".formatted(few, rows));
  }
}
