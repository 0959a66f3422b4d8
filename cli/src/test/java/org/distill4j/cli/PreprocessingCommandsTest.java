package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.distill4j.Seeds;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model from elsewhere that tells the brightest of three channels, if it is given them as it
 * wants them: blue, green, red, less a mean, over a deviation, all drawn from the seed. Its file
 * says nothing of that, and on images as they are it answers with one class.
 */
class PreprocessingCommandsTest {
  private static final long SEED = Seeds.of(141);
  private static final List<String> COLOURS = List.of("blue", "green", "red"); // in order of names
  private static final int SIZE = 6;

  @TempDir private static Path folder;
  private static String how;
  private static String model;
  private static String bounded; // the same, with sigmoids behind it that a Flatten hides
  private static String data;

  @BeforeAll
  static void draw() throws IOException {
    Random random = new Random(SEED);
    double scale = random.nextDouble(0.01, 0.1);
    double[] mean = random.doubles(3, -20, 20).toArray();
    double[] std = random.doubles(3, 0.5, 2).toArray();
    how =
        "{scale: %s, mean: [%s, %s, %s], std: [%s, %s, %s], order: [2, 1, 0]}"
            .formatted(scale, mean[0], mean[1], mean[2], std[0], std[1], std[2]);
    // channel c of the model, made raw again, is the score of class c: blue, green, red
    float[] weights = new float[9];
    float[] biases = new float[3];
    for (int c = 0; c < 3; c++) {
      weights[4 * c] = (float) (std[c] / scale);
      biases[c] = (float) (mean[c] / scale);
    }
    model = write("brightest", weights, biases).toString();
    bounded = write("bounded", weights, biases, "Sigmoid", "Flatten").toString();
    Path images = folder.resolve("images");
    for (String part : List.of("train", "test")) {
      for (int i = 0; i < 120; i++) {
        int brightest = i % 3; // of red, green, blue
        BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < SIZE * SIZE; p++) {
          int rgb = 0;
          for (int c = 0; c < 3; c++) {
            rgb = rgb << 8 | random.nextInt(60) + (c == brightest ? 180 : 0);
          }
          image.setRGB(p % SIZE, p / SIZE, rgb);
        }
        Path file = images.resolve(part).resolve(COLOURS.get(2 - brightest)).resolve(i + ".png");
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
      }
    }
    data = images.toString();
  }

  private static Path write(String name, float[] weights, float[] biases, String... ends) {
    GraphBuilder graph = new GraphBuilder(name);
    Dim batch = Dim.of("batch");
    String x =
        graph.input(
            "x", DType.FLOAT32, Shape.of(List.of(batch, Dim.of(3), Dim.of(SIZE), Dim.of(SIZE))));
    String pooled = graph.add("GlobalAveragePool", Map.<String, Attribute>of(), x);
    String flat = graph.add("Flatten", Map.<String, Attribute>of(), pooled);
    String w = graph.initializer("w", HostTensor.ofFloats(Shape.of(3, 3), weights));
    String b = graph.initializer("b", HostTensor.ofFloats(Shape.of(3), biases));
    String y = graph.add("Gemm", Map.<String, Attribute>of(), flat, w, b);
    for (String end : ends) {
      y = graph.add(end, Map.<String, Attribute>of(), y);
    }
    graph.output(y, DType.FLOAT32, Shape.of(List.of(batch, Dim.of(3))));
    Path file = folder.resolve(name + ".onnx");
    OnnxWriter.write(graph.build(), file);
    return file;
  }

  private static double accuracy(String... arguments) throws IOException {
    Spoken eval = Spoken.of(arguments);
    assertThat(eval.exitCode()).as(eval.err()).isZero();
    return new ObjectMapper().readTree(eval.out()).path("accuracy").asDouble();
  }

  @Test
  void eval_withoutItsPreprocessing_saysThatItIsAtChanceAndWhy() throws IOException {
    Spoken eval = Spoken.of("eval", model, "--data", data);
    assertThat(eval.exitCode()).as(eval.err()).isZero();
    assertThat(eval.out()).contains("AT CHANCE", "--preprocessing");
    assertThat(accuracy("eval", model, "--data", data, "--json", "--preprocessing", how))
        .as("seed %d, %s", SEED, how)
        .isEqualTo(1);
  }

  @Test
  void annotate_writesItIntoTheFileOnce() throws IOException {
    String told = folder.resolve("told.onnx").toString();
    Spoken annotate =
        Spoken.of(
            "annotate",
            model,
            "--preprocessing",
            how,
            "--classes",
            "blue,green,red",
            "--out",
            told);
    assertThat(annotate.exitCode()).as(annotate.err()).isZero();
    assertThat(accuracy("eval", told, "--data", data, "--json")).isEqualTo(1);
    assertThat(Spoken.of("inspect", told).out()).contains("raw[2, 1, 0]", "blue, green, red");
    assertThat(Spoken.of("inspect", model).out()).contains("its file does not say");
    Spoken wrong = Spoken.of("annotate", model, "--classes", "a,b", "--out", told);
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("--classes: 2 names (expected: 3");
  }

  @Test
  void compressAndExport_ofAModelAtChance_areRefusedAndLeaveNothing() {
    Path small = folder.resolve("small");
    Spoken compress =
        Spoken.of("compress", model, "--data", data, "--no-training", "--out", small.toString());
    assertThat(compress.exitCode()).isEqualTo(2);
    assertThat(compress.err()).contains("no better than always answering", "preprocessing");
    assertThat(small).doesNotExist();
    Path forms = folder.resolve("forms");
    String[] export = {"export", model, "--to", "onnx", "--data", data, "--out", forms.toString()};
    Spoken refused = Spoken.of(export);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("no better than always answering", "preprocessing");
    assertThat(forms).doesNotExist();
  }

  @Test
  void export_toldItsPreprocessing_carriesItIntoTheForms() throws IOException {
    Path forms = folder.resolve("told-forms");
    Spoken export =
        Spoken.of(
            "export",
            model,
            "--to",
            "onnx,savedmodel",
            "--data",
            data,
            "--preprocessing",
            how,
            "--out",
            forms.toString());
    assertThat(export.exitCode()).as(export.err()).isZero();
    for (String form : List.of("onnx/model.onnx", "savedmodel")) {
      assertThat(accuracy("eval", forms.resolve(form).toString(), "--data", data, "--json"))
          .as(form)
          .isEqualTo(1);
    }
  }

  @Test
  void predict_tellsEveryClassWithItsProbability_andWhatIsLeftOut() throws IOException {
    Spoken predict =
        Spoken.of("predict", model, "--data", data, "--n", "7", "--json", "--preprocessing", how);
    JsonNode said = new ObjectMapper().readTree(predict.out());
    assertThat(said.path("left_out").asInt()).isEqualTo(113);
    assertThat(said.path("rows")).hasSize(7);
    for (JsonNode row : said.path("rows")) {
      JsonNode answer = row.path("answers").get(0);
      assertThat(answer.path("label").asText()).isEqualTo(row.path("label").asText());
      double sum = 0;
      for (String colour : COLOURS) {
        assertThat(answer.path("probabilities").path(colour).isNumber()).isTrue();
        sum += answer.path("probabilities").path(colour).asDouble();
      }
      assertThat(sum).isBetween(1 - 1e-6, 1 + 1e-6);
    }
  }

  @Test
  void run_aStudentOfTheTeachersFile_isAsGoodWithTheSameKey() throws IOException {
    String net = "{file: brightest.onnx, preprocessing: %s%s}";
    Path recipe =
        Files.writeString(
            folder.resolve("same.yaml"),
            """
            name: same
            target: arm
            data: {path: images}
            teacher: %s
            student: %s
            distill: {hard: 0.2, soft: 0.8, temperature: 3}
            baselines: []
            """
                .formatted(
                    net.formatted(how, ""),
                    net.formatted(how, ", train: {epochs: 1, batch: 60, rate: 0.0000001}")));
    Spoken plan = Spoken.of("plan", recipe.toString());
    assertThat(plan.exitCode()).as(plan.err()).isZero();
    assertThat(plan.out())
        .containsPattern("teacher: .*, takes .*raw\\[2, 1, 0\\].*, as the recipe says")
        .containsPattern("student: .*, takes .*raw\\[2, 1, 0\\].*, as the recipe says");
    Spoken run =
        Spoken.of("run", recipe.toString(), "--out", folder.resolve("run").toString(), "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode models = new ObjectMapper().readTree(run.out()).path("models");
    assertThat(models).hasSize(2);
    for (JsonNode one : models) {
      assertThat(one.path("metrics").path("accuracy").asDouble()).isEqualTo(1);
    }
  }

  private static JsonNode rows(String file) throws IOException {
    Spoken predict =
        Spoken.of("predict", file, "--data", data, "--n", "7", "--json", "--preprocessing", how);
    assertThat(predict.exitCode()).as(predict.err()).isZero();
    return new ObjectMapper().readTree(predict.out()).path("rows");
  }

  @Test
  void predict_ofHiddenSigmoids_isAsEvalTakesThem() throws IOException {
    JsonNode plain = rows(model);
    JsonNode hidden = rows(bounded);
    for (int i = 0; i < 7; i++) {
      for (String colour : COLOURS) {
        String at = "/answers/0/probabilities/" + colour;
        assertThat(hidden.get(i).at(at).asDouble())
            .isCloseTo(plain.get(i).at(at).asDouble(), within(1e-6));
      }
    }
    assertThat(accuracy("eval", bounded, "--data", data, "--json", "--preprocessing", how))
        .isEqualTo(1);
  }

  @Test
  void annotate_oneOutput_takesTheNamesOfTwoClasses() {
    GraphBuilder graph = new GraphBuilder("one");
    Dim batch = Dim.of("batch");
    String x = graph.input("x", DType.FLOAT32, Shape.of(List.of(batch, Dim.of(1))));
    String y = graph.add("Sigmoid", Map.<String, Attribute>of(), x);
    graph.output(y, DType.FLOAT32, Shape.of(List.of(batch, Dim.of(1))));
    Path file = folder.resolve("one.onnx");
    OnnxWriter.write(graph.build(), file);
    String told = folder.resolve("two.onnx").toString();
    Spoken annotate = Spoken.of("annotate", file.toString(), "--classes", "no,yes", "--out", told);
    assertThat(annotate.exitCode()).as(annotate.err()).isZero();
    assertThat(Spoken.of("inspect", told).out()).contains("no, yes");
    Spoken three = Spoken.of("annotate", file.toString(), "--classes", "a,b,c", "--out", told);
    assertThat(three.exitCode()).isEqualTo(2);
    assertThat(three.err()).contains("--classes: 3 names (expected: 1 or 2");
  }
}
