package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.distill4j.data.Dataset;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Metadata;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a person calls it. */
class ExportTest {
  @TempDir private Path folder;

  private static JsonNode json(Spoken spoken) throws IOException {
    assertThat(spoken.exitCode()).as(spoken.err()).isZero();
    return new ObjectMapper().readTree(spoken.out());
  }

  /** A net that knows digits: the class whose mean image is nearest has the largest score. */
  private static Path nearestMean(Path file) {
    Dataset train = DataCatalog.here().open("digits").train().data();
    float[] weights = new float[640];
    float[] biases = new float[10];
    int[] counts = new int[10];
    for (int i = 0; i < train.size(); i++) {
      counts[train.label(i)]++;
    }
    for (int i = 0; i < train.size(); i++) {
      FloatBuffer image = FloatBuffer.allocate(64);
      train.read(i, image);
      for (int p = 0; p < 64; p++) {
        weights[10 * p + train.label(i)] += image.get(p) / 16 / counts[train.label(i)];
      }
    }
    for (int w = 0; w < weights.length; w++) {
      biases[w % 10] -= weights[w] * weights[w] / 2;
    }
    GraphBuilder graph = new GraphBuilder("nearest");
    Dim batch = Dim.of("batch");
    String x =
        graph.input("x", DType.FLOAT32, Shape.of(List.of(batch, Dim.of(1), Dim.of(8), Dim.of(8))));
    String flat = graph.add("Flatten", Map.<String, Attribute>of(), x);
    String w = graph.initializer("w", HostTensor.ofFloats(Shape.of(64, 10), weights));
    String b = graph.initializer("b", HostTensor.ofFloats(Shape.of(10), biases));
    String y = graph.add("Gemm", Map.<String, Attribute>of(), flat, w, b);
    graph.output(y, DType.FLOAT32, Shape.of(List.of(batch, Dim.of(10))));
    OnnxWriter.write(Metadata.withClasses(graph.build(), train.classes()), file);
    return file;
  }

  @Test
  void export_severalForms_areWrittenProvedAndEvaluated() throws IOException {
    Path model = nearestMean(folder.resolve("model.onnx"));
    Path out = folder.resolve("out");

    JsonNode report =
        json(
            Spoken.of(
                "export",
                model.toString(),
                "--to",
                "onnx,tflite,tflite-micro,savedmodel",
                "--out",
                out.toString(),
                "--data",
                "digits",
                "--n",
                "20",
                "--json"));

    assertThat(report.path("forms").findValuesAsText("format"))
        .containsExactly("onnx", "tflite", "tflite-micro", "savedmodel");
    assertThat(report.path("forms").findValuesAsText("agreement")).containsOnly("1.0");
    assertThat(out.resolve("golden.safetensors")).isNotEmptyFile();
    // the C array holds the same bytes once more, as text of some five characters each
    assertThat(report.path("forms").get(2).path("bytes").asLong())
        .isEqualTo(Files.size(out.resolve("tflite-micro/model.tflite")));
    assertThat(out.resolve("tflite-micro/model.cc")).isNotEmptyFile();
    double expected = accuracy(model);
    assertThat(accuracy(out.resolve("tflite/model.tflite"))).isEqualTo(expected);
    assertThat(accuracy(out.resolve("savedmodel"))).isEqualTo(expected);
    Spoken both =
        Spoken.of(
            "predict",
            out.resolve("savedmodel").toString(),
            "--data",
            "digits",
            "--n",
            "3",
            "--beside",
            out.resolve("tflite/model.tflite").toString());
    assertThat(both.exitCode()).as(both.err()).isZero();
  }

  private static double accuracy(Path model) throws IOException {
    return json(Spoken.of("eval", model.toString(), "--data", "digits", "--json"))
        .path("accuracy")
        .asDouble();
  }

  @Test
  void export_wrongRequests_areOneLineAndWriteNothing() throws IOException {
    String model = TinyRun.model(folder.resolve("model.onnx"), 10).toString();
    String out = folder.resolve("out").toString();
    assertRefused("exe (expected: one of [onnx, tflite, tflite-micro", model, "exe", out);
    assertRefused("no preprocessing", model, "tfjs", out, "--demo");
    assertRefused("opset: 6 (expected: 7 to 21)", model, "onnx", out, "--opset", "6");
    assertRefused("no QuantizeLinear nodes", model, "tflite", out, "--tflite", "int8");
    assertRefused("--shape: [y]", model, "tflite", out, "--shape", "y=1,2");
    assertRefused("--tfjs-bits: 4", model, "tfjs", out, "--tfjs-bits", "4");
    Files.createDirectories(Path.of(out));
    Files.writeString(Path.of(out).resolve("mine.txt"), "");
    assertRefused("holds something else", model, "onnx", out);
    assertThat(Path.of(out).toFile().list()).containsExactly("mine.txt");
  }

  private void assertRefused(String says, String model, String to, String out, String... more) {
    String[] all = new String[6 + more.length];
    System.arraycopy(new String[] {"export", model, "--to", to, "--out", out}, 0, all, 0, 6);
    System.arraycopy(more, 0, all, 6, more.length);
    Spoken spoken = Spoken.of(all);
    assertThat(spoken.exitCode()).as(spoken.err()).isEqualTo(2);
    assertThat(spoken.err()).contains(says);
    assertThat(Path.of(out + ".part")).doesNotExist();
  }

  /** Its stored statistics may never have been filled. */
  @Test
  void export_normalizationInTrainingMode_isRefusedWithItsNode() {
    GraphBuilder graph = new GraphBuilder("training");
    Shape maps = Shape.of(List.of(Dim.of("batch"), Dim.of(2), Dim.of(3), Dim.of(3)));
    String x = graph.input("x", DType.FLOAT32, maps);
    String one = graph.initializer("one", HostTensor.ofFloats(Shape.of(2), 1, 1));
    Map<String, Attribute> training = Map.of("training_mode", Attribute.of(1));
    graph.output(
        graph.addNamed("norm", "BatchNormalization", training, x, one, one, one, one),
        DType.FLOAT32,
        maps);
    Path model = folder.resolve("model.onnx");
    OnnxWriter.write(graph.build(), model);
    Path out = folder.resolve("out");

    Spoken spoken =
        Spoken.of("export", model.toString(), "--to", "tflite", "--out", out.toString());

    assertThat(spoken.exitCode()).isEqualTo(2);
    assertThat(spoken.err()).contains("BatchNormalization 'norm'").contains("for inference");
    assertThat(out).doesNotExist();
  }
}
