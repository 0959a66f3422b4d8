package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.distill4j.Seeds;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.onnx.OnnxWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models below folders whose names some runtime takes for something else. */
class FolderNamesTest {
  private static final List<String> MISREAD =
      List.of(
          "[1]",
          "a\\b",
          "(1)",
          "*",
          "?",
          "{x,y}",
          "\uD83D\uDE00",
          "\u00df \u0436",
          "%20",
          "#",
          "~");

  @TempDir private Path folder;

  @Test
  void export_toFoldersOfAnyName_isWrittenAndAnswersTheSame() {
    Path model = TinyRun.model(folder.resolve("model.onnx"), 10);
    Graph raw = OnnxReader.read(model);
    Preprocessing said = new Preprocessing(0.0625, List.of(0.5), List.of(0.25)); // for its images
    OnnxWriter.write(Metadata.withPreprocessing(raw, said), model);
    String right = answers(model);
    assertThat(right).hasSizeGreaterThan(8);
    Random random = new Random(Seeds.of(7));
    for (int first = 0; first < MISREAD.size(); first += 2) {
      String name = "run" + MISREAD.get(first) + MISREAD.get(random.nextInt(MISREAD.size())) + "x";
      Path out = folder.resolve(name);
      Spoken done =
          Spoken.of(
              "export", model.toString(), "--to", "onnx,savedmodel,tflite", "--out", out + "");
      assertThat(done.exitCode()).as(name + done.err()).isZero();
      for (String written : List.of("onnx/model.onnx", "savedmodel", "tflite/model.tflite")) {
        assertThat(out.resolve(written)).exists();
        assertThat(answers(out.resolve(written))).as(name + " " + written).isEqualTo(right);
      }
    }
  }

  /** What a model answers to the first examples: the classes alone, as forms differ in digits. */
  private static String answers(Path model) {
    Spoken said = Spoken.of("predict", model.toString(), "--data", "digits", "--n", "8");
    assertThat(said.exitCode()).as(said.err()).isZero();
    return said.out()
        .lines()
        .filter(l -> l.matches("\\s+\\d+ .*"))
        .map(l -> l.replaceAll(" 0\\.\\d+", ""))
        .toList()
        .toString();
  }
}
