package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.Seeds;
import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.data.Splits;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.distill.Teacher;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.export.ExportSettings;
import org.distill4j.export.Exporter;
import org.distill4j.export.GoldenOutputs;
import org.distill4j.fault.InputFault;
import org.distill4j.format.Format;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.RecipeReader;
import org.distill4j.recipe.TeacherSettings;
import org.distill4j.softlabels.SoftLabels;
import org.distill4j.step.TeacherFile;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What SavedModels and TFLite files answer, against a forward pass of the net in float64. */
class ForeignAnswersTest {
  @TempDir private static Path made;
  @TempDir private Path folder;
  private static Splits data;
  private static Graph net;

  @BeforeAll
  static void makeTeachers() {
    data = DataCatalog.here().open("digits");
    Graph drawn = new Mlp(List.of(), 0).build(data.shape(), 10, Seeds.of(1));
    net = Trainer.of(drawn, data).settings(TrainSettings.epochs(8)).train().model();
    write("logits", Map.of());
    write("softmax", Map.of(), Node.of("Softmax", List.of("?"), List.of("!"), Map.of()));
    write(
        "percent",
        Map.of("hundred", HostTensor.ofFloats(Shape.of(1), 100)),
        Node.of("Softmax", List.of("?"), List.of("shares"), Map.of()),
        Node.of("Mul", List.of("shares", "hundred"), List.of("!"), Map.of()));
    write("sigmoid", Map.of(), Node.of("Sigmoid", List.of("?"), List.of("!"), Map.of()));
    write(
        "hard-sigmoid",
        Map.of(
            "sixth", HostTensor.ofFloats(Shape.of(1), 1 / 60f),
            "half", HostTensor.ofFloats(Shape.of(1), .5f),
            "low", HostTensor.ofFloats(Shape.SCALAR, 0),
            "high", HostTensor.ofFloats(Shape.SCALAR, 1)),
        Node.of("Mul", List.of("?", "sixth"), List.of("slope"), Map.of()),
        Node.of("Add", List.of("slope", "half"), List.of("line"), Map.of()),
        Node.of("Clip", List.of("line", "low", "high"), List.of("!"), Map.of()));
  }

  /** The net with more behind its logits, "?", that makes what it answers, "!". */
  private static void write(String name, Map<String, HostTensor> constants, Node... more) {
    Value logits = net.onlyOutput();
    List<Node> nodes = new ArrayList<>(net.nodes());
    Map<String, HostTensor> initializers = new LinkedHashMap<>(net.initializers());
    initializers.putAll(constants);
    for (Node node : more) {
      nodes.add(
          new Node(
              "end/" + node.op(),
              "",
              node.op(),
              node.inputs().stream().map(i -> i.equals("?") ? logits.name() : i).toList(),
              node.outputs(),
              node.attributes()));
    }
    Value output = more.length == 0 ? logits : new Value("!", logits.type(), logits.shape());
    Graph model =
        new Graph(name, net.inputs(), List.of(output), nodes, initializers, net.metadata());
    Exporter.export(
        model,
        ExportSettings.of(Format.SAVEDMODEL, Format.TFLITE),
        GoldenOutputs.of(model, data.validation().data(), 5),
        made.resolve(name));
  }

  private static TeacherSettings settings(String kind, String file, Optional<String> answers) {
    return recipe(kind, file, answers).teacher();
  }

  private static Recipe recipe(String kind, String file, Optional<String> answers) {
    String text =
        "name: t\ndata: digits\nteacher: {file: %s%s}\nstudent: {net: {mlp: {hidden: [8]}}, train: {epochs: 1}}\n"
            .formatted(
                made.resolve(kind).resolve(file), answers.map(a -> ", answers: " + a).orElse(""));
    return RecipeReader.parse(text, "t.yaml", made, List.of());
  }

  private double[][] logits(String kind, String file, Optional<String> answers, int rows) {
    TeacherSettings settings = settings(kind, file, answers);
    Teacher teacher = TeacherFile.read(settings).teacher(settings, data.train().data());
    SoftLabels labels =
        teacher
            .teach(data, folder.resolve("labels"), DType.FLOAT32, ProgressListener.NONE)
            .labels();
    double[][] found = new double[rows][];
    for (int i = 0; i < rows; i++) {
      found[i] = labels.rows(i)[0];
    }
    return found;
  }

  /** {@code W x + b} of a row, which the data scale for it. */
  private static double[] answer(Dataset examples, long index) {
    FloatBuffer row = FloatBuffer.allocate((int) data.shape().elements());
    new Preprocessed(examples, examples.preprocessing()).read(index, row);
    Node gemm = net.nodes().stream().filter(n -> n.op().equals("Gemm")).findFirst().orElseThrow();
    float[] weights = net.initializers().get(gemm.input(1)).toFloats();
    float[] bias = net.initializers().get(gemm.input(2)).toFloats();
    boolean isOutputFirst = gemm.intAttribute("transB", 0) == 1;
    int width = row.capacity();
    double[] z = new double[10];
    for (int c = 0; c < 10; c++) {
      z[c] = bias[c];
      for (int k = 0; k < width; k++) {
        z[c] += row.get(k) * weights[isOutputFirst ? c * width + k : k * 10 + c];
      }
    }
    return z;
  }

  private static double[] shares(double[] logits) {
    double largest = Arrays.stream(logits).max().orElseThrow();
    double[] powers = Arrays.stream(logits).map(z -> Math.exp(z - largest)).toArray();
    double sum = Arrays.stream(powers).sum();
    return Arrays.stream(powers).map(p -> p / sum).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "logits, ''",
    "softmax, ''",
    "percent, ''",
    "logits, logits",
    "softmax, probabilities",
    "percent, probabilities",
    "sigmoid, sigmoid"
  })
  void teacher_ofEveryKindOfAnswers_saysWhatItsLogitsSay(String kind, String told) {
    Optional<String> answers = Optional.of(told).filter(t -> !t.isEmpty());
    for (String file : List.of("savedmodel", "tflite/model.tflite")) {
      folder.resolve("labels").toFile().delete();
      folder.resolve("labels.sums").toFile().delete();
      double[][] found = logits(kind, file, answers, 40);
      for (int i = 0; i < 40; i++) {
        double[] expected = shares(answer(data.train().data(), i));
        double[] shares = shares(found[i]);
        for (int c = 0; c < 10; c++) {
          assertThat(shares[c])
              .as("%s %s row %d", kind, file, i)
              .isCloseTo(expected[c], within(1e-3));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"sigmoid", "hard-sigmoid"})
  void teacher_ofNumbersThatCanBeEither_isAskedAbout(String kind) {
    for (String file : List.of("savedmodel", "tflite/model.tflite")) {
      TeacherSettings settings = settings(kind, file, Optional.empty());
      assertThatThrownBy(() -> TeacherFile.read(settings).teacher(settings, data.train().data()))
          .isInstanceOf(InputFault.class)
          .hasMessageEndingWith("say which by teacher.answers: logits, probabilities or sigmoid");
    }
  }

  @ParameterizedTest
  @CsvSource({"savedmodel", "tflite/model.tflite"})
  void plan_ofProbabilitiesThatAreToldToBeLogits_isRefusedAsTheRunIs(String file) {
    Recipe recipe = recipe("softmax", file, Optional.of("logits"));
    assertThatThrownBy(() -> CheckedRecipe.of(recipe, data, folder))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("output: probabilities, at least 0 and summing to 1")
        .hasMessageContaining("say teacher.answers: probabilities");
  }
}
