package org.distill4j.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.distill4j.data.Splits;
import org.distill4j.distill.Objective;
import org.distill4j.graph.Preprocessing;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.KeptFiles;
import org.distill4j.recipe.Recipe;
import org.distill4j.recipe.RecipeReader;
import org.distill4j.results.RunLog;
import org.distill4j.run.RecipeRunner;
import org.distill4j.settings.StepKey;
import org.distill4j.softlabels.LabelKey;
import org.distill4j.tensor.DType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the quickstart's steps are made from, letter by letter: a key that changes by accident would
 * make everybody's runs anew.
 */
class StepKeysTest {
  private static final String SOME = "0123456789abcdef".repeat(4);
  private static final String DATA =
      "b14bd76f509ce5107d019ab95a539f58f6caa5ff193c13659a9cf8728359e501"; // fashion-mini

  @TempDir Path folder;

  private RunFolder opened;
  private RunLog log;
  private RunEnvironment run;

  @BeforeEach
  void open() throws IOException {
    Recipe recipe =
        RecipeReader.parse(
            Files.readString(KeptFiles.path("recipes/quickstart.yaml")),
            "quickstart.yaml",
            Path.of("/kept"),
            List.of("threads=2", "target=x86-vnni"));
    Splits data = RecipeRunner.find(recipe, ProgressListener.NONE);
    opened = RunFolder.open(folder);
    log = RunLog.open(folder.resolve("log.txt"));
    run = RecipeRunner.context(recipe, data, opened, log, ProgressListener.NONE);
  }

  @AfterEach
  void close() {
    log.close();
    opened.close();
  }

  private static Stage made(String name) {
    StageRecord record =
        new StageRecord(2, SOME, "a", SOME, 1, List.of(), List.of(), StepResult.NOTHING, null);
    return new Stage(name, Path.of("a"), false, record);
  }

  private static void check(StepKey key, String json, String sha256) {
    assertThat(key.json().replace(SOME, "SOME").replace(DATA, "DATA")).isEqualTo(json);
    assertThat(key.sha256()).isEqualTo(sha256);
  }

  @Test
  void key_ofTheTeacher_isItsNetItsTrainingAndTheData() {
    check(
        TeacherStage.key(run, run.recipe().teacher()),
        """
        {"format":3,"made-from":{"data":"DATA"},\
        "settings":{"net":{"cnn":{"dense":[128],"dropout":0.3,"features":["32",\
        "64","pool","128","pool"],"norm":false}},"seed":1,"threads":2,\
        "train":{"batch":128,"clip-norm":0,"epochs":8,\
        "optimizer":{"adam":{"beta1":0.9,"beta2":0.999,"epsilon":1e-8}},\
        "patience":0,"rate":{"cosine":{"end":0,"rate":0.001,"warmup":0}},\
        "weight-decay":0}},"step":"teacher"}\
        """,
        "3a4cdb906e77c017d587292fcf386e52306a57d814b84d346173650b2f1e9bb3");
  }

  @Test
  void key_ofTheLabels_isTheTeacherAndWhatItIsAsked() {
    LabelKey labels =
        new LabelKey(SOME, SOME, Preprocessing.scale(.5), LabelKey.PLAIN, DType.FLOAT16);
    check(
        LabelStage.key(labels, 2),
        """
        {"format":3,"made-from":{"data":"SOME","teacher":"SOME"},\
        "settings":{"preprocessing":{"mean":[0],"scale":0.5,"std":[1]},"threads":2,\
        "type":"float16","view":"plain"},"step":"labels"}\
        """,
        "d6f21d7ac915dd3882aa5c0c73ba3de45d2391cc4a385d5c12867ed75fdd9609");
  }

  @Test
  void key_ofTheLoneStudent_isItsNetItsTrainingItsLabelsAndTheData() {
    StudentSpec lesson =
        new StudentSpec("student-alone", Objective.LABELS_ONLY, run.labelled(), Optional.empty());
    check(
        StudentStage.key(run, lesson),
        """
        {"format":3,"made-from":{"data":"DATA"},\
        "settings":{"labelled":"1200 of 10800 by seed 1",\
        "net":{"cnn":{"dense":[64],"dropout":0,"features":["8","pool","16","pool"],\
        "norm":false}},"objective":{"hard":{"constant":{"value":1}},\
        "soft":{"constant":{"value":0}},"temperature":{"constant":{"value":1}}},\
        "seed":1,"threads":2,"train":{"batch":128,"clip-norm":0,"epochs":24,\
        "optimizer":{"adam":{"beta1":0.9,"beta2":0.999,"epsilon":1e-8}},\
        "patience":0,"rate":{"cosine":{"end":0,"rate":0.002,"warmup":0}},\
        "weight-decay":0}},"step":"student"}\
        """,
        "51e792f0e1f22f23554218e22fed987a8e638513284fb08ebd9bd11d08a44a21");
  }

  @Test
  void key_ofThePrunedStudent_isTheStudentAndHowItIsCutAndTrained() {
    PruneStage prune =
        new PruneStage(run, run.recipe().prune().orElseThrow(), Optional.empty(), made("student"));
    check(
        prune.key(StageKind.TUNING, made("student-cut")),
        """
        {"format":3,"made-from":{"data":"DATA","student":"SOME"},\
        "settings":{"labelled":"1200 of 10800 by seed 1",\
        "objective":{"hard":{"constant":{"value":1}},\
        "soft":{"constant":{"value":0}},"temperature":{"constant":{"value":1}}},\
        "seed":1,"threads":2,"train":{"batch":128,"clip-norm":0,"epochs":16,\
        "optimizer":{"adam":{"beta1":0.9,"beta2":0.999,"epsilon":1e-8}},\
        "patience":0,"rate":{"cosine":{"end":0,"rate":0.002,"warmup":0}},\
        "weight-decay":0}},"step":"tuning"}\
        """,
        "c8815504b1a26393aee381aec139e0dcc080883efca9f983de236701e2ec4063");
  }

  @Test
  void key_ofTheIntegers_isTheStudentAndWhichIntegers() {
    QuantizeStage quantize =
        new QuantizeStage(
            run,
            "student-int8",
            run.recipe().quantize().orElseThrow(),
            Optional.empty(),
            made("student-pruned"));
    check(
        quantize.key(),
        """
        {"format":6,"made-from":{"data":"DATA","student":"SOME"},\
        "settings":{"integers":{"activations":"uint8","dense-per-channel":true,\
        "weight-bits":8},"quantize":{"equalize":true,"form":"static",\
        "keep-float":["conv1"],"prefer":"bytes","repairs":[],"samples":512,\
        "weight-bits":0},"target":"x86-vnni","threads":2},"step":"quantization"}\
        """,
        "74ea4d06f3ff5e00f525e8414fc09bf2912ed712f5f1d0ff4376c8cd1def91e4");
  }
}
