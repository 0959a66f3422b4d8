package org.distill4j.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.distill4j.data.Splits;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.data.source.DataLocations;
import org.distill4j.distill.Teacher;
import org.distill4j.graph.Graph;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.progress.Notes;
import org.distill4j.progress.ProgressListener;
import org.distill4j.results.Results;
import org.distill4j.run.RecipeRunner;
import org.distill4j.softlabels.SoftLabels;
import org.distill4j.step.RunFolder;
import org.distill4j.step.RunFolderTest;
import org.distill4j.step.StageKind;
import org.distill4j.step.StageRecord;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What older versions made is still read, and says what it said. */
class KeptFilesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int EXAMPLES = 2;

  @TempDir Path folder;

  static List<String> recipes() {
    return KeptFiles.names("recipes");
  }

  private static Recipe recipe(String name) throws IOException {
    String text = Files.readString(KeptFiles.path("recipes/" + name));
    return RecipeReader.parse(text, name, Path.of("/kept"), List.of());
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void parse_keptRecipe_isWrittenOutAsItWas(String name) throws IOException {
    assertThat(RecipeWriter.text(recipe(name)))
        .isEqualTo(Files.readString(KeptFiles.path("written/" + name)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"teacher", "student", "student-pruned", "student-int8"})
  void predict_keptModel_answersWhatItAnswered(String model) throws IOException {
    Graph graph = OnnxReader.read(KeptFiles.path("run/" + model + "/model.onnx"));
    float[] pixels = new float[EXAMPLES * 64];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i * 7 % 17 / 16f;
    }
    HostTensor input = HostTensor.ofFloats(Shape.of(EXAMPLES, 1, 8, 8), pixels);
    JsonNode answers = JSON.readTree(KeptFiles.path("answers.json").toFile()).get(model);
    try (Predictor predictor = OnnxRuntime.inRealNumbers().open(graph, 1)) {
      float[] logits =
          predictor
              .run(Map.of(graph.onlyInput().name(), input))
              .get(graph.onlyOutput().name())
              .toFloats();
      assertThat(logits).hasSize(answers.size());
      for (int i = 0; i < logits.length; i++) {
        // logits of up to 6: rounding is far below, a value that lies between two integers may
        // fall to the other one, which moves a logit by a hundredth
        double bound = model.equals("student-int8") ? .1 : 1e-4;
        assertThat((double) logits[i]).isCloseTo(answers.get(i).asDouble(), within(bound));
      }
    }
  }

  @Test
  void open_keptLabels_areThoseOfTheKeptTeacherAndSayWhatTheySaid() throws IOException {
    Splits data =
        new DataCatalog(DataLocations.here(), ProgressListener.NONE)
            .open(recipe("chain.yaml").data());
    Graph teacher = OnnxReader.read(KeptFiles.path("run/teacher/model.onnx"));
    SoftLabels labels =
        SoftLabels.open(
            KeptFiles.path("run/labels/labels.safetensors"),
            Teacher.of(teacher, data.train().data()).key(data, DType.FLOAT16));
    assertThat(labels.size()).isEqualTo(1197);
    assertThat(labels.rows(0, 1196)) // read from the bytes by Python's struct, format 'e'
        .isDeepEqualTo(
            new double[][] {
              {
                4.9765625,
                -3.09765625,
                -3.017578125,
                -1.404296875,
                -0.5,
                0.074462890625,
                -3.91796875,
                -2.73046875,
                -2.533203125,
                1.427734375
              },
              {
                -1.046875, -0.258056640625, -0.2484130859375, 0.279296875, -2.37109375,
                0.12237548828125, -5.12890625, -1.69921875, -0.56689453125, 1.5107421875
              }
            });
  }

  @Test
  void read_keptResults_areThoseThatTheFileHolds() {
    Results results = Results.read(KeptFiles.path("run/results.json"));
    assertThat(results.models())
        .extracting(Results.Model::name)
        .containsExactly("teacher", "student-alone", "student", "student-pruned", "student-int8");
    assertThat(results.stages().get(1).figures())
        .containsEntry("teacher_validation_accuracy", 0.8366666666666667);
    assertThat(results.isPassed()).isTrue();
  }

  @Test
  void read_keptStage_isWhatTheFileHolds() {
    StageRecord stage = StageRecord.read(KeptFiles.path("run/student/stage.json")).orElseThrow();
    assertThat(stage.format()).isEqualTo(1);
    assertThat(stage.artefact()).isEqualTo("model.onnx");
    assertThat(stage.epochs()).hasSize(2);
    assertThat(stage.health()).isNotEmpty();
    StageRecord integers =
        StageRecord.read(KeptFiles.path("run/student-int8/stage.json")).orElseThrow();
    assertThat(integers.format()).isEqualTo(3);
    assertThat(integers.parity().isPassed()).isTrue();
  }

  @Test
  void run_inTheFolderOfAnOlderVersion_saysInOneLineThatStepsAreMadeAnewAndMakesThem()
      throws IOException {
    KeptFiles.copyRun(folder);
    Recipe recipe = RecipeReader.read(folder.resolve("recipe.yaml"));
    Notes notes = new Notes();
    Results results = RecipeRunner.run(recipe, folder, notes);
    assertThat(notes.lines())
        .filteredOn(line -> line.contains("earlier version"))
        .containsExactly(
            folder + ": made by an earlier version of Distill4j; its steps are made anew");
    assertThat(results.stages()).noneMatch(Results.Stage::reused);
    assertThat(results.models()).hasSize(5);

    Notes again = new Notes();
    assertThat(RecipeRunner.run(recipe, folder, again).stages()).allMatch(Results.Stage::reused);
    assertThat(again.lines()).noneMatch(line -> line.contains("earlier version"));
  }

  @Test
  void stage_halfDoneByAnOlderVersion_saysSoAndIsMadeAnew() throws IOException {
    Path half = Files.createDirectories(folder.resolve("teacher"));
    Files.copy(KeptFiles.path("run/teacher/key"), half.resolve("key"));
    Files.copy(
        KeptFiles.path("run/teacher/checkpoint.safetensors"),
        half.resolve("checkpoint.safetensors"));
    Notes notes = new Notes();
    try (RunFolder run = RunFolder.open(folder)) {
      run.stage("teacher", "made.txt", StageKind.TEACHER.key(), RunFolderTest::write, notes::note);
    }
    assertThat(notes.lines()).hasSize(1);
    assertThat(half.resolve("checkpoint.safetensors")).doesNotExist();
  }
}
