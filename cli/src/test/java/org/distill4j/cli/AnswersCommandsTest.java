package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.distill4j.Seeds;
import org.distill4j.data.Dataset;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A drawn model whose sigmoids are spelled out in operators that tell nothing. */
class AnswersCommandsTest {
  private static final int CLASSES = 10;
  private final float[] weights = new float[64 * CLASSES];
  @TempDir private Path folder;
  private String model;

  @BeforeEach
  void write() {
    SplittableRandom random = new SplittableRandom(Seeds.of(53));
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (random.nextDouble() - 0.5);
    }
    GraphBuilder g = new GraphBuilder("drawn");
    List<Dim> image = List.of(Dim.of("n"), Dim.of(1), Dim.of(8), Dim.of(8));
    String x = g.input("x", DType.FLOAT32, Shape.of(image));
    String rows = g.add("Flatten", Map.of(), x);
    String w = g.initializer("w", HostTensor.ofFloats(Shape.of(64, CLASSES), weights));
    String power =
        g.add("Exp", Map.of(), g.add("Neg", Map.of(), g.add("MatMul", Map.of(), rows, w)));
    String one = g.initializer("one", HostTensor.scalar(1));
    String y = g.add("Reciprocal", Map.of(), g.add("Add", Map.of(), power, one));
    g.output(y, DType.FLOAT32, Shape.of(List.of(Dim.of("n"), Dim.of(CLASSES))));
    Path file = folder.resolve("drawn.onnx");
    OnnxWriter.write(g.build(), file);
    model = file.toString();
  }

  /** Mean cross-entropy on the test part where an answer's logit is made of {@code x W}. */
  private double loss(DoubleUnaryOperator logit) {
    Dataset test = DataCatalog.here().open("digits").test().data();
    double scale = test.preprocessing().scale();
    double sum = 0;
    for (int i = 0; i < test.size(); i++) {
      FloatBuffer row = FloatBuffer.allocate(64);
      test.read(i, row);
      double[] logits = new double[CLASSES];
      for (int c = 0; c < CLASSES; c++) {
        double z = 0;
        for (int k = 0; k < 64; k++) {
          z += scale * row.get(k) * weights[k * CLASSES + c];
        }
        logits[c] = logit.applyAsDouble(z);
      }
      double powers = Arrays.stream(logits).map(Math::exp).sum();
      sum += Math.log(powers) - logits[test.label(i)];
    }
    return sum / test.size();
  }

  private static double found(String... command) throws IOException {
    Spoken spoken = Spoken.of(command);
    assertThat(spoken.exitCode()).as(spoken.err()).isZero();
    return new ObjectMapper().readTree(spoken.out()).path("loss").asDouble();
  }

  @Test
  void eval_numbersThatCanBeEither_areAskedAboutAndTakenAsTold() throws IOException {
    Spoken asked = Spoken.of("eval", model, "--data", "digits");
    assertThat(asked.exitCode()).isEqualTo(2);
    assertThat(asked.err()).contains("can be logits or probabilities", "say which by --answers");
    assertThat(found("eval", model, "--data", "digits", "--json", "--answers", "sigmoid"))
        .isCloseTo(loss(z -> z), within(1e-4));
    assertThat(found("eval", model, "--data", "digits", "--json", "--answers", "logits"))
        .isCloseTo(loss(z -> 1 / (1 + Math.exp(-z))), within(1e-4));
  }

  @Test
  void annotate_withAnswers_writesThemIntoTheFile() throws IOException {
    String told = folder.resolve("told.onnx").toString();
    Spoken wrote = Spoken.of("annotate", model, "--answers", "sigmoid", "--out", told);
    assertThat(wrote.exitCode()).as(wrote.err()).isZero();
    assertThat(found("eval", told, "--data", "digits", "--json"))
        .isCloseTo(loss(z -> z), within(1e-4));
  }
}
