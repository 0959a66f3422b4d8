package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.distill4j.SharedFolder;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.data.Splits;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.distill.Teacher;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.eval.Evaluation;
import org.distill4j.export.ExportSettings;
import org.distill4j.export.Exporter;
import org.distill4j.export.GoldenOutputs;
import org.distill4j.fault.InputFault;
import org.distill4j.format.Format;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.Value;
import org.distill4j.inference.FileRuntime;
import org.distill4j.inference.ForeignModel;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.Runtimes;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.RecipeReader;
import org.distill4j.results.Results;
import org.distill4j.softlabels.LabelKey;
import org.distill4j.softlabels.Labeller;
import org.distill4j.softlabels.SoftLabels;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SavedModels and TFLite files as teachers. */
class OtherTeacherTest {
  @TempDir private static Path made;
  @TempDir private Path folder;
  private static Splits data;
  private static Graph teacher;

  @BeforeAll
  static void makeTeachers() {
    data = DataCatalog.here().open("digits");
    Graph net = new Mlp(List.of(32), 0).build(data.shape(), 10, Seeds.of(1));
    teacher = Trainer.of(net, data).settings(TrainSettings.epochs(8)).train().model();
    write(teacher, "logits");
    write(withSoftmax(teacher), "probabilities");
  }

  private static void write(Graph model, String name) {
    GoldenOutputs golden = GoldenOutputs.of(model, data.validation().data(), 5);
    ExportSettings settings = ExportSettings.of(Format.SAVEDMODEL, Format.TFLITE);
    Exporter.export(model, settings, golden, made.resolve(name));
  }

  private static Graph withSoftmax(Graph model) {
    Value logits = model.onlyOutput();
    List<Node> nodes = new ArrayList<>(model.nodes());
    nodes.add(Node.of("Softmax", List.of(logits.name()), List.of("scores"), Map.of()));
    return new Graph(
        model.name(),
        model.inputs(),
        List.of(new Value("scores", logits.type(), logits.shape())),
        nodes,
        model.initializers(),
        model.metadata());
  }

  private static Graph read(String file) {
    Path path = made.resolve(file);
    return FileRuntime.of(path).orElseThrow().read(path, Optional.empty());
  }

  private double[] labels(Graph model, String name, boolean asShares) {
    SoftLabels labels = Teacher.of(model, data.train().data()).label(data, folder.resolve(name));
    return IntStream.range(0, 50)
        .mapToObj(i -> labels.rows(i)[0])
        .flatMapToDouble(row -> Arrays.stream(asShares ? shares(row) : row))
        .toArray();
  }

  private static double[] shares(double[] logits) {
    double largest = Arrays.stream(logits).max().orElseThrow();
    double[] powers = Arrays.stream(logits).map(z -> Math.exp(z - largest)).toArray();
    double sum = Arrays.stream(powers).sum();
    return Arrays.stream(powers).map(p -> p / sum).toArray();
  }

  @Test
  void label_otherFormats_sayWhatTheOnnxTeacherSays() {
    double[] expected = labels(teacher, "onnx", false);
    assertThat(labels(read("logits/savedmodel"), "a", false))
        .containsExactly(expected, within(0.02));
    assertThat(labels(read("logits/tflite/model.tflite"), "b", false))
        .containsExactly(expected, within(0.02));
    double[] shares = labels(teacher, "onnx", true);
    assertThat(labels(read("probabilities/savedmodel"), "c", true))
        .containsExactly(shares, within(0.005));
    assertThat(labels(read("probabilities/tflite/model.tflite"), "d", true))
        .containsExactly(shares, within(0.005));
  }

  private static Recipe recipe(String file, String... overrides) {
    return RecipeReader.parse(
        """
        name: other
        data: digits
        threads: 1
        teacher: {file: %s}
        student:
          net: {mlp: {hidden: [8]}}
          train: {epochs: 1}
        distill: {hard: 0.1, soft: 0.9, temperature: 2}
        baselines: []
        """
            .formatted(made.resolve(file)),
        "recipe.yaml",
        Path.of(""),
        List.of(overrides));
  }

  @Test
  void run_savedModelAsTeacher_isEvaluatedAndReused() {
    Recipe recipe = recipe("logits/savedmodel");
    Results results = RecipeRunner.run(recipe, folder.resolve("run"), ProgressListener.NONE);

    double expected = Evaluation.of(teacher, data.test()).accuracy();
    Results.Model told = results.model("teacher").orElseThrow();
    assertThat(told.metrics().accuracy()).isCloseTo(expected, within(0.004));
    assertThat(told.bytes())
        .isEqualTo(ForeignModel.of(read("logits/savedmodel")).orElseThrow().bytes())
        .isGreaterThan(10_000);
    assertThat(RecipeRunner.run(recipe, folder.resolve("run"), ProgressListener.NONE).stages())
        .allMatch(Results.Stage::reused);
  }

  @Test
  void run_tfliteTeacherInTheStep_isAsked() {
    Recipe recipe = recipe("probabilities/tflite/model.tflite", "distill.labels=online");
    Results results = RecipeRunner.run(recipe, folder.resolve("run"), ProgressListener.NONE);
    assertThat(results.model("student")).isPresent();
  }

  @Test
  void run_signatureThatIsNotThere_isOneLine() {
    assertThatThrownBy(
            () ->
                RecipeRunner.run(
                    recipe("logits/savedmodel", "teacher.signature=other"),
                    folder.resolve("run"),
                    ProgressListener.NONE))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("has no signature 'other' (expected: one of [features,");
    assertThatThrownBy(
            () ->
                RecipeRunner.run(
                    recipe("logits/tflite/model.tflite", "teacher.signature=other"),
                    folder.resolve("run"),
                    ProgressListener.NONE))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("is a TFLite file (expected: a SavedModel's folder");
  }

  @Test
  void open_fileThatWasReplaced_isRefused() throws IOException {
    Path copy = Files.copy(made.resolve("logits/tflite/model.tflite"), folder.resolve("m.tflite"));
    Graph standIn = FileRuntime.of(copy).orElseThrow().read(copy, Optional.empty());
    Path written = folder.resolve("model.onnx");
    OnnxWriter.write(standIn, written);
    Files.copy(
        made.resolve("probabilities/tflite/model.tflite"),
        copy,
        StandardCopyOption.REPLACE_EXISTING);

    assertThatThrownBy(() -> Runtimes.of(standIn).open(OnnxReader.read(written), 1))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("expected: " + ForeignModel.of(standIn).orElseThrow().sha256());
  }

  /** Golden values by TensorFlow 2.21 for Python on the same numbers, four digits. */
  @Test
  void label_keywordSavedModel_saysWhatTensorFlowForPythonSays() {
    Path models = SharedFolder.require("models/mlperf-tiny");
    double[][] rows = labelled(models.resolve("kws_ref_model"), sounds(40));
    double[] golden = {
      0.0730, 0.0867, 0.0367, 0.0220, 0.0607, 0.1783, 0.0679, 0.0648, 0.0409, 0.0142, 0.0393, 0.3154
    };
    assertThat(shares(rows[0])).containsExactly(golden, within(6e-5));
    assertThat(shares(rows[39])).containsExactly(golden, within(6e-5));
  }

  @Test
  void label_keywordTfliteFiles_floatAndIntegersSayNearlyTheSame() {
    Path models = SharedFolder.require("models/mlperf-tiny");
    double[][] real = labelled(models.resolve("kws_ref_model_float32.tflite"), sounds(40));
    double[][] small = labelled(models.resolve("kws_ref_model_int8.tflite"), sounds(40));
    assertThat(shares(small[7])).containsExactly(shares(real[7]), within(0.2));
  }

  private double[][] labelled(Path model, Dataset sounds) {
    Graph graph = FileRuntime.of(model).orElseThrow().read(model, Optional.empty());
    Preprocessed examples = new Preprocessed(sounds, Preprocessing.NONE);
    LabelKey key =
        LabelKey.plain(ForeignModel.of(graph).orElseThrow().sha256(), examples, DType.FLOAT32);
    Path file = folder.resolve(model.getFileName() + ".safetensors");
    try (Predictor predictor = Runtimes.of(graph).openForBatches(graph, 2)) {
      Labeller.label(predictor, examples, key, file, ProgressListener.NONE);
    }
    return SoftLabels.open(file, key).rows(IntStream.range(0, 40).asLongStream().toArray());
  }

  /** The same sine wave again and again. */
  private static Dataset sounds(int n) {
    Shape shape = Shape.of(1, 49, 10);
    float[][] values = new float[n][(int) shape.elements()];
    for (float[] one : values) {
      for (int i = 0; i < one.length; i++) {
        one[i] = (float) Math.sin(i * 0.1);
      }
    }
    List<String> words = IntStream.range(0, 12).mapToObj(i -> "word" + i).toList();
    return new ArrayDataset("sounds", shape, words, values, new int[n], Preprocessing.NONE);
  }
}
