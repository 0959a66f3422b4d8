package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.Value;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.progress.ProgressListener;
import org.distill4j.recipe.RecipeReader;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan says that a teacher from elsewhere takes of a table. */
class NetLinesTest {
  /** Of raw numbers: tall is 1, whatever the weight. */
  private static final Graph NET =
      new Graph(
          "raw",
          List.of(new Value("x", DType.FLOAT32, Shape.of(List.of(Dim.of("batch"), Dim.of(2))))),
          List.of(new Value("z", DType.FLOAT32, Shape.of(List.of(Dim.of("batch"), Dim.of(2))))),
          List.of(new Node("fc", "", "Gemm", List.of("x", "w", "b"), List.of("z"), Map.of())),
          Map.of(
              "w", HostTensor.ofFloats(Shape.of(2, 2), -1, 1, 0, 0),
              "b", HostTensor.ofFloats(Shape.of(2), 1700, -1700)),
          Map.of());

  @TempDir private Path folder;

  @BeforeEach
  void writeTable() throws IOException {
    SplittableRandom random = new SplittableRandom(Seeds.of(3));
    StringBuilder rows = new StringBuilder("height,weight,kind\n");
    for (int i = 0; i < 400; i++) {
      int height = 1500 + random.nextInt(401);
      rows.append(height).append(',').append(40 + random.nextInt(60)).append(',');
      rows.append(height > 1700 ? 1 : 0).append('\n');
    }
    Files.writeString(folder.resolve("people.csv"), rows);
  }

  private String plan(Graph teacher, String more, String table) {
    OnnxWriter.write(teacher, folder.resolve("teacher.onnx"));
    String text =
        "name: t\ndata: {path: people.csv, label: kind, table: %s}\nteacher: {file: teacher.onnx%s}\nstudent: {net: {mlp: {hidden: [4]}}, train: {epochs: 1}}\n"
            .formatted(table, more);
    return Plan.of(RecipeReader.parse(text, "t.yaml", folder, List.of()), ProgressListener.NONE)
        .text();
  }

  @Test
  void plan_ofATeacherThatSaysNothingOfATable_saysThatItTakesTheCells() {
    assertThat(plan(NET, "", "{scaling: standard}"))
        .contains("takes the numbers of the cells, for its file tells nothing of a table")
        .contains("takes the table's numbers, as suits the data");
    assertThat(plan(NET, "", "{scaling: none}"))
        .contains(
            "takes the table's numbers, as suits the data, for its file tells no preprocessing");
  }

  @Test
  void plan_ofATeacherThatWasTold_saysByWhom() {
    Graph shifted =
        new Graph(
            "shifted",
            NET.inputs(),
            NET.outputs(),
            NET.nodes(),
            Map.of(
                "w", HostTensor.ofFloats(Shape.of(2, 2), -1, 1, 0, 0),
                "b", HostTensor.ofFloats(Shape.of(2), 0, 0)),
            Map.of());
    assertThat(plan(shifted, ", preprocessing: none", "{scaling: standard}"))
        .contains("takes the table's numbers, as the recipe says");
    assertThat(
            plan(
                Metadata.withPreprocessing(NET, new Preprocessing(1, List.of(0.0), List.of(1.0))),
                "",
                "{scaling: none}"))
        .contains("takes the table's numbers, as its file says");
  }

  @Test
  void plan_ofLogarithmsBesideSuchATeacher_isRefused() {
    assertThatThrownBy(() -> plan(NET, "", "{log: [weight]}"))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("have the logarithms of [weight] (expected: no table.log;");
  }
}
