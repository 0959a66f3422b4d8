package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.distill4j.images.ResizeMode.CROP;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.distill4j.Seeds;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Metadata;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The very file that a model was trained on is read by predict and eval, however it is written. */
class AsTrainedTest {
  private static final long SEED = Seeds.of(22);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private final Random random = new Random(SEED);

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** Rows of two numbers and whether the first is above 0, the truth in a drawn place. */
  private List<List<String>> rows(int count, int place, String above, String below) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double a = random.nextDouble(-2, 2);
      List<String> row = new ArrayList<>(List.of("" + a, "" + random.nextDouble(-2, 2)));
      row.add(place, a > 0 ? above : below);
      rows.add(row);
    }
    return rows;
  }

  private Path write(String name, List<List<String>> rows, String separator, String before)
      throws IOException {
    StringBuilder text = new StringBuilder(before);
    rows.forEach(row -> text.append(String.join(separator, row)).append('\n'));
    return Files.writeString(folder.resolve(name), text);
  }

  private static JsonNode spoken(String... arguments) throws IOException {
    Spoken said = Spoken.of(arguments);
    assertThat(said.exitCode()).as(said.err()).isZero();
    return JSON.readTree(said.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"names, with a header", "names, without one", "numbers"})
  void predictAndEval_theTrainingFile_answerEveryRow(String kind) throws IOException {
    boolean numbers = kind.equals("numbers");
    String separator = numbers ? "," : one(List.of("|", ";", "^", "~"));
    String comment = numbers ? "" : one(List.of("#", "%", "!"));
    int place = random.nextInt(3);
    List<List<String>> rows = rows(150, place, numbers ? "1" : "up", numbers ? "0" : "down");
    List<String> header = new ArrayList<>(List.of("first", "second"));
    header.add(place, "side");
    String head = String.join(separator, header) + "\n";
    String note = comment + " written" + separator + "by hand\n";
    boolean headed = !kind.contains("without");
    String file =
        write("f.csv", rows, separator, (numbers ? "" : note) + (headed ? head : "")).toString();
    String table =
        "table: {separator: '%s', comment: '%s'%s}"
            .formatted(separator, comment, headed ? "" : ", header: " + header);
    Path recipe =
        Files.writeString(
            folder.resolve("r.yaml"),
            """
            name: as-trained
            target: arm
            data: {path: f.csv, label: side%s}
            teacher: {net: {mlp: {hidden: [16]}}, train: {epochs: 20, batch: 16, rate: 0.02}}
            student: {net: {mlp: {hidden: [8]}}, train: {epochs: 20, batch: 16, rate: 0.02}}
            baselines: []
            """
                .formatted(numbers ? "" : ", " + table));
    Path out = folder.resolve("run");
    Spoken run = Spoken.of("run", recipe.toString(), "--out", out.toString(), "--json");
    assertThat(run.exitCode()).as("seed %d: %s", SEED, run.err()).isZero();
    String student = out.resolve("student/model.onnx").toString();
    JsonNode eval = spoken("eval", student, "--data", file, "--json");
    assertThat(eval.path("n").asInt()).isEqualTo(rows.size());
    assertThat(eval.path("accuracy").asDouble()).as(kind).isGreaterThan(0.9);
    JsonNode said = spoken("predict", student, "--input", file, "--json").path("rows");
    assertThat(said).hasSize(rows.size());
    int right = 0;
    for (int i = 0; i < rows.size(); i++) {
      assertThat(said.get(i).path("label").asText()).isEqualTo(rows.get(i).get(place));
      String answer = said.get(i).path("answers").get(0).path("label").asText();
      right += answer.equals(rows.get(i).get(place)) ? 1 : 0;
    }
    assertThat((double) right / rows.size())
        .isEqualTo(eval.path("accuracy").asDouble(), org.assertj.core.data.Offset.offset(1e-9));
  }

  @Test
  void evalAndPredict_aTestFileWithoutItsHeader_tellHowItIsRead() throws IOException {
    Graph net = new Mlp(List.of(2), 0).build(Shape.of(2), 2, SEED);
    Path model = folder.resolve("m.onnx");
    OnnxWriter.write(Metadata.withClasses(net, List.of("down", "up")), model);
    Path parts = Files.createDirectories(folder.resolve("parts"));
    write("parts/train.csv", rows(30, 2, "up", "down"), ",", "a,b,side\n");
    write("parts/test.csv", rows(20, 2, "up", "down"), ",", "");
    for (String command : List.of("eval", "predict")) {
      Spoken said = Spoken.of(command, model.toString(), "--data", parts.toString());
      assertThat(said.exitCode()).as(said.err()).isZero();
      assertThat(said.err())
          .contains("test.csv: has no header and the training examples have one; columns are")
          .contains("train.csv: its numbers are taken as they are");
    }
  }

  /** A grey picture whose middle square and whose sides are about so bright. */
  private BufferedImage picture(int height, int width, int middle, int sides) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    int left = (width - height) / 2;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int level = x >= left && x < left + height ? middle : sides;
        picture.getRaster().setSample(x, y, 0, level + random.nextInt(40));
      }
    }
    return picture;
  }

  @Test
  void predictAndEval_imagesThatWereCropped_areCroppedAsTheyWere() throws IOException {
    int height = 2 * (2 + random.nextInt(4));
    int width = 2 * height;
    Graph net = new Mlp(List.of(4), 0).build(Shape.of(1, height, height), 2, SEED);
    Path model = folder.resolve("m.onnx");
    Graph told = Metadata.withFit(Metadata.withClasses(net, List.of("day", "night")), CROP);
    OnnxWriter.write(told, model);
    for (String parts : List.of("wide", "middle")) {
      Files.createDirectories(folder.resolve(parts + "/day"));
      Files.createDirectories(folder.resolve(parts + "/night"));
    }
    for (int i = 0; i < 6; i++) {
      String name = (i % 2 == 0 ? "/day/" : "/night/") + i + ".png";
      BufferedImage wide = picture(height, width, random.nextInt(200), random.nextInt(200));
      BufferedImage middle = wide.getSubimage((width - height) / 2, 0, height, height);
      ImageIO.write(wide, "png", new File(folder + "/wide" + name));
      ImageIO.write(middle, "png", new File(folder + "/middle" + name));
      JsonNode ofWide = spoken("predict", "" + model, "--input", folder + "/wide" + name, "--json");
      JsonNode right =
          spoken("predict", "" + model, "--input", folder + "/middle" + name, "--json");
      assertThat(ofWide.path("rows")).isEqualTo(right.path("rows")).isNotEmpty();
    }
    JsonNode ofWide = spoken("eval", "" + model, "--data", folder + "/wide", "--json");
    JsonNode right = spoken("eval", "" + model, "--data", folder + "/middle", "--json");
    assertThat(ofWide.path("n").asInt()).isEqualTo(6);
    assertThat(ofWide.path("loss").asDouble())
        .isPositive()
        .isEqualTo(right.path("loss").asDouble());
  }

  /** One output of two classes, that looks at the number which tells nothing. */
  @Test
  void export_oneOutputAtChance_isRefusedAndOneThatKnowsIsNot() throws IOException {
    Path data = write("rows.csv", rows(300, 2, "1", "0"), ",", "");
    for (boolean knows : List.of(true, false)) {
      GraphBuilder graph = new GraphBuilder("one");
      Dim batch = Dim.of("batch");
      String x = graph.input("x", DType.FLOAT32, Shape.of(List.of(batch, Dim.of(2))));
      String w =
          graph.initializer("w", HostTensor.ofFloats(Shape.of(2, 1), knows ? 4 : 0, knows ? 0 : 4));
      String y = graph.addNamed("dense", "MatMul", Map.of(), x, w);
      graph.output(y, DType.FLOAT32, Shape.of(List.of(batch, Dim.of(1))));
      Path model = folder.resolve("one.onnx");
      OnnxWriter.write(graph.build(), model);
      Path forms = folder.resolve("forms-" + knows);
      Spoken said =
          Spoken.of(
              "export",
              model.toString(),
              "--to",
              "onnx",
              "--data",
              data.toString(),
              "--out",
              forms.toString());
      assertThat(said.exitCode()).as(said.err()).isEqualTo(knows ? 0 : 2);
      assertThat(Files.exists(forms)).isEqualTo(knows);
    }
  }
}
