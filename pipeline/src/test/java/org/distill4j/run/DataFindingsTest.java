package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.distill4j.Seeds;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Metadata;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.RecipeReader;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What plan tells of tables, and what plan and run refuse before anything is trained. */
class DataFindingsTest {
  private static final String RECIPE =
      """
      name: told
      threads: 1
      data: {path: rows.csv, label: kind, test: 100, validation: 100, table: {}}
      teacher:
        net: {mlp: {hidden: [4]}}
        train: {epochs: 2, batch: 32}
      student:
        net: {mlp: {hidden: [4]}}
        train: {epochs: 2, batch: 32}
      """;

  private final SplittableRandom random = new SplittableRandom(Seeds.of(11));

  @TempDir private Path folder;

  private String number() {
    return String.format(Locale.ROOT, "%.6f", random.nextGaussian());
  }

  /** Rows of two numbers and a class. */
  private void rows(int n, IntFunction<String> kind) throws Exception {
    List<String> lines = new ArrayList<>(List.of("a,b,kind"));
    for (int i = 0; i < n; i++) {
      lines.add(number() + "," + number() + "," + kind.apply(i));
    }
    Files.write(folder.resolve("rows.csv"), lines);
  }

  private List<String> told(String... overrides) {
    return Plan.of(
            RecipeReader.parse(RECIPE, "told.yaml", folder, List.of(overrides)),
            ProgressListener.NONE)
        .data();
  }

  /** Both say the same, and the run leaves no folder behind. */
  private void assertRefused(List<String> lines, String... overrides) {
    var recipe = RecipeReader.parse(RECIPE, "told.yaml", folder, List.of(overrides));
    assertThatThrownBy(() -> Plan.of(recipe, ProgressListener.NONE))
        .isInstanceOfSatisfying(
            InputFault.class,
            plan -> {
              assertThat(plan.lines()).hasSameSizeAs(lines);
              for (int i = 0; i < lines.size(); i++) {
                assertThat(plan.lines().get(i)).contains(lines.get(i));
              }
              assertThatThrownBy(
                      () -> RecipeRunner.run(recipe, folder.resolve("run"), ProgressListener.NONE))
                  .isInstanceOfSatisfying(
                      InputFault.class, run -> assertThat(run.lines()).isEqualTo(plan.lines()));
            });
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void plan_evenClassesAndFreshRows_saysNothing() throws Exception {
    rows(500, i -> i % 2 == 0 ? "u" : "v");
    assertThat(told())
        .noneMatch(line -> line.contains("too small") || line.contains("uneven"))
        .noneMatch(line -> line.contains("also in the training part"));
  }

  @Test
  void plan_smallParts_areToldWithWhatTheyKnow() throws Exception {
    rows(500, i -> i % 2 == 0 ? "u" : "v");
    // Wilson, 10 of 20: half-width 1.96 sqrt(1/80 + 1.96²/1600) / (1 + 1.96²/20) = 0.2007
    assertThat(told("data.validation=20"))
        .contains(
            "the validation part is too small to judge by: 20 examples know an accuracy to ± 20"
                + " points");
  }

  @Test
  void plan_rowsOfTheTestThatAreTrainedOn_areCounted() throws Exception {
    int distinct = 15 + random.nextInt(10);
    List<String> own = new ArrayList<>();
    for (int i = 0; i < distinct; i++) {
      own.add(number() + "," + number() + "," + (i % 2 == 0 ? "u" : "v"));
    }
    List<String> lines = new ArrayList<>(List.of("a,b,kind"));
    for (int i = 0; i < 600; i++) {
      lines.add(own.get(i % distinct));
    }
    Files.write(folder.resolve("rows.csv"), lines);
    assertThat(told())
        .anyMatch(
            line ->
                line.startsWith(
                    "100 of 100 test examples (100 %) are also in the training part, value by"
                        + " value"));
  }

  @Test
  void plan_rowsOfFewPossibleValues_areNoAlarm() throws Exception {
    int columns = 4 + random.nextInt(3); // 16 to 64 different rows
    List<String> lines = new ArrayList<>();
    StringBuilder header = new StringBuilder();
    for (int c = 0; c < columns; c++) {
      header.append("c").append(c).append(',');
    }
    lines.add(header + "kind");
    for (int i = 0; i < 600; i++) {
      StringBuilder row = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        row.append(random.nextBoolean() ? "yes," : "no,");
      }
      lines.add(row + (row.toString().startsWith("yes") ? "u" : "v"));
    }
    Files.write(folder.resolve("rows.csv"), lines);
    assertThat(told())
        .noneMatch(line -> line.contains("learnt by heart"))
        .anyMatch(line -> line.contains("of 100 test examples") && line.contains("chance alone"));
  }

  @Test
  void plan_rowsThatLookAlikeWithOtherLabels_areNoAlarm() throws Exception {
    int kinds = 60 + random.nextInt(40); // each with its own two numbers, and either label
    List<String> own = new ArrayList<>();
    for (int k = 0; k < kinds; k++) {
      own.add(number() + "," + number());
    }
    List<String> lines = new ArrayList<>(List.of("a,b,kind"));
    for (int i = 0; i < 600; i++) {
      lines.add(own.get(random.nextInt(kinds)) + (random.nextInt(4) == 0 ? ",u" : ",v"));
    }
    Files.write(folder.resolve("rows.csv"), lines);
    assertThat(told())
        .noneMatch(line -> line.contains("learnt by heart"))
        .anyMatch(line -> line.contains("with another label: rows that look alike, no copies"));
  }

  @Test
  void plan_trainings_areToldInWords() throws Exception {
    rows(500, i -> i % 2 == 0 ? "u" : "v");
    String text =
        Plan.of(
                RecipeReader.parse(
                    RECIPE,
                    "told.yaml",
                    folder,
                    List.of(
                        "student.train.rate={cosine: {rate: 0.02, warmup: 3}}",
                        "student.train.optimizer={sgd: {momentum: 0.5, nesterov: true}}",
                        "teacher.train.optimizer={adam-w: {beta1: 0.5}}")),
                ProgressListener.NONE)
            .text();
    assertThat(text)
        .contains(
            "SGD with Nesterov momentum 0.5, rate 0.02, falling along a cosine to 0, warm-up of 3 steps")
        .contains("AdamW with beta1 0.5, beta2 0.999, epsilon 1.00e-08, rate 0.001")
        .doesNotContain("beta1=")
        .doesNotContain("rate=");
  }

  @Test
  void planAndRun_faultsOfTheYamlAndOfFiles_areToldInOneList() throws Exception {
    rows(400, i -> "u");
    Path recipe = folder.resolve("told.yaml");
    Files.writeString(
        recipe,
        RECIPE
                .replace("threads: 1", "treads: 1\nseed: many")
                .replace(
                    "net: {mlp: {hidden: [4]}}\n  train: {epochs: 2, batch: 32}\nstudent",
                    "file: gone.onnx\nstudent")
            + "distill: {soft: -1}\nprune: {}\n");
    assertThatThrownBy(() -> RecipeRunner.read(recipe, List.of()))
        .isInstanceOfSatisfying(
            InputFault.class,
            fault ->
                assertThat(String.join("\n", fault.lines()))
                    .contains("treads: unknown key (did you mean 'threads'?)")
                    .contains("seed: 'many'")
                    .contains("distill.soft: ")
                    .contains("gone.onnx")
                    .contains("of class 'u' (expected: at least two classes"));
    Files.writeString(
        recipe, RECIPE.replace("label: kind", "lable: kind").replace("rows.csv", "nowhere.csv"));
    assertThatThrownBy(() -> RecipeRunner.read(recipe, List.of()))
        .hasMessageContaining("lable: unknown key (did you mean 'label'?)")
        .hasMessageContaining("nowhere.csv is not there");
  }

  @Test
  void planAndRun_aTeachersFileThatKnowsNothing_isRefused() throws Exception {
    rows(500, i -> i % 2 == 0 ? "u" : "v");
    Graph drawn =
        Metadata.withClasses(
            new Mlp(List.of(4), 0).build(Shape.of(2), 2, Seeds.of(3)), List.of("u", "v"));
    OnnxWriter.write(drawn, folder.resolve("drawn.onnx"));
    assertRefused(List.of("than"), "teacher={file: " + folder.resolve("drawn.onnx") + "}");
  }

  @Test
  void planAndRun_batchesOfOneValueAChannel_areRefusedForTeacherAndForAFewLabels()
      throws Exception {
    rows(500, i -> i % 2 == 0 ? "u" : "v");
    OnnxWriter.write(normalized(), folder.resolve("norm.onnx"));
    assertRefused(
        List.of("student-alone: batch of 1 (expected: >= 2, as BatchNormalization 'norm'"),
        "student.net=",
        "student.file=" + folder.resolve("norm.onnx"),
        "student.labelled=1");
  }

  /** Rows that are normalized before a linear layer. */
  private static Graph normalized() {
    GraphBuilder graph = new GraphBuilder("rows");
    String x = graph.input("x", DType.FLOAT32, Shape.of(List.of(Dim.of("batch"), Dim.of(2))));
    String ones = graph.initializer("ones", HostTensor.ofFloats(Shape.of(2), 1, 1));
    String scale = graph.initializer("scale", HostTensor.ofFloats(Shape.of(2), 1, 1));
    String bias = graph.initializer("bias", HostTensor.ofFloats(Shape.of(2), 0, 0));
    String mean = graph.initializer("mean", HostTensor.ofFloats(Shape.of(2), 0, 0));
    String w = graph.initializer("w", HostTensor.ofFloats(Shape.of(2, 2), 1, 0, 0, 1));
    String n = graph.addNamed("norm", "BatchNormalization", Map.of(), x, scale, bias, mean, ones);
    String y = graph.add("MatMul", Map.of(), n, w);
    return graph.output(y, DType.FLOAT32, Shape.of(List.of(Dim.of("batch"), Dim.of(2)))).build();
  }

  @Test
  void plan_aRareClass_saysByWhatModelsAreJudged() throws Exception {
    int every = 20 + random.nextInt(30);
    rows(1500, i -> i % every == 0 ? "yes" : "no");
    assertThat(told())
        .anyMatch(
            line ->
                line.startsWith("classes are uneven: 'no' has 9")
                    && line.contains("balanced accuracy, log loss and AUC")
                    && line.endsWith("search and gate retries by average precision"));
    assertThat(told("data.class-weights=balanced"))
        .anyMatch(line -> line.startsWith("classes are weighed: "));
  }

  @Test
  void plan_aClassThatIsHardlyThere_isNamed() throws Exception {
    rows(500, i -> i == 0 ? "once" : i % 2 == 0 ? "u" : "v");
    assertThat(told()).anyMatch(line -> line.startsWith("class 'once' has "));
  }

  @Test
  void plan_aWarmUpThatNeverEnds_isTold() throws Exception {
    rows(500, i -> i % 2 == 0 ? "u" : "v");
    // 300 examples in batches of 32 are 9 steps, 18 in two epochs
    assertThat(told("student.train.rate={constant: {rate: 0.01, warmup: 180}}"))
        .contains(
            "student: the warm-up of 180 steps is longer than the training of 18: the rate rises to"
                + " 0.10 of what is asked for");
  }

  @Test
  void planAndRun_oneClassOnly_isRefused() throws Exception {
    rows(300 + random.nextInt(200), i -> "u");
    assertRefused(List.of("of class 'u' (expected: at least two classes to tell apart)"));
  }

  @Test
  void planAndRun_everythingThatIsWrong_isToldAtOnce() throws Exception {
    rows(400, i -> "u");
    assertRefused(
        List.of("of class 'u'", "gate.limits.0.by: ", "cnn: conv1 on [2]"),
        "gate=[{worst-slice: {least: 0.1, by: shop}}]",
        "student.net={cnn: {features: [4]}}");
    assertRefused(
        List.of("missing.onnx", "nowhere.csv"),
        "teacher={file: missing.onnx}",
        "data.path=nowhere.csv");
  }

  @Test
  void run_labelsAndClassesThatAreNotThere_areToldAtOnce() throws Exception {
    rows(500, i -> i % 2 == 0 ? "no" : "yes");
    assertThatThrownBy(
            () ->
                RecipeRunner.run(
                    RecipeReader.parse(
                        RECIPE,
                        "told.yaml",
                        folder,
                        List.of("student.labelled=500", "student.omit=[perhaps]")),
                    folder.resolve("run"),
                    ProgressListener.NONE))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("student.labelled: 500 (expected: at most 300, ")
        .hasMessageContaining("omit: ");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  /** Two rows of weights with a normalization between them. */
  private Path normalizedNet(int hidden) {
    GraphBuilder graph = new GraphBuilder("normalized");
    float[] ones = new float[hidden];
    Arrays.fill(ones, 1);
    float[] drawn = new float[2 * hidden];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = (float) random.nextGaussian();
    }
    Dim batch = Dim.of("batch");
    String x = graph.input("x", DType.FLOAT32, Shape.of(List.of(batch, Dim.of(2))));
    String in = graph.initializer("in", HostTensor.ofFloats(Shape.of(2, hidden), drawn));
    String out = graph.initializer("out", HostTensor.ofFloats(Shape.of(hidden, 2), drawn));
    String scale = graph.initializer("scale", HostTensor.ofFloats(Shape.of(hidden), ones));
    String bias = graph.initializer("bias", HostTensor.ofFloats(Shape.of(hidden), ones));
    String mean = graph.initializer("mean", HostTensor.ofFloats(Shape.of(hidden), ones));
    String variance = graph.initializer("variance", HostTensor.ofFloats(Shape.of(hidden), ones));
    String h = graph.addNamed("dense", "MatMul", Map.of(), x, in);
    String n =
        graph.addNamed("norm", "BatchNormalization", Map.of(), h, scale, bias, mean, variance);
    String y = graph.addNamed("last", "MatMul", Map.of(), graph.add("Relu", Map.of(), n), out);
    graph.output(y, DType.FLOAT32, Shape.of(List.of(batch, Dim.of(2))));
    OnnxWriter.write(graph.build(), folder.resolve("net.onnx"));
    return folder.resolve("net.onnx");
  }

  @Test
  void planAndRun_aPrunedNetThatIsTrainedOnOneByOne_isRefused() throws Exception {
    rows(400, i -> i % 2 == 0 ? "u" : "v");
    String student =
        "student={file: %s, train: {epochs: 1, batch: 32}}"
            .formatted(normalizedNet(4 + random.nextInt(4)));
    String batch = "prune={ratio: 0.5, train: {epochs: 1, batch: %d}}";
    assertRefused(
        List.of("student-pruned: batch of 1 (expected: >= 2, as BatchNormalization 'norm'"),
        student,
        batch.formatted(1));
    assertThat(told(student, batch.formatted(2))).isNotEmpty();
  }
}
