package org.distill4j.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.distill4j.SharedFolder;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.ModelDataCheck;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Preprocessing;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * TFLite files and SavedModels of one logistic regression on 8 x 8 pixels whose inputs have other
 * axes and types: all answer as the one without a channel, which needs no order of axes.
 */
class ForeignLayoutsTest {
  private static final Shape EXAMPLE = Shape.of(1, 8, 8);
  private final SplittableRandom random = new SplittableRandom(Seeds.of(31));

  private static float[] answer(String file, float[] pixels) {
    Path path = SharedFolder.require("cases/" + file);
    ForeignModelFile read = ForeignModelFile.read(path, Optional.empty());
    List<String> classes = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    ArrayDataset data =
        new ArrayDataset(
            "drawn", EXAMPLE, classes, new float[1][64], new int[1], Preprocessing.NONE);
    Graph fitted = ModelDataCheck.fitted(read.graph(), data, true);
    ForeignModelFile model = new ForeignModelFile(path, read.signature(), fitted);
    try (Predictor predictor = model.open(1)) {
      HostTensor fed = HostTensor.ofFloats(EXAMPLE.prepend(org.distill4j.tensor.Dim.of(1)), pixels);
      return predictor
          .run(Map.of(fitted.onlyInput().name(), fed))
          .values()
          .iterator()
          .next()
          .toFloats();
    }
  }

  private static double[] shares(float[] logits) {
    double[] powers =
        IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i])).toArray();
    double sum = IntStream.range(0, powers.length).mapToDouble(i -> powers[i]).sum();
    return IntStream.range(0, powers.length).mapToDouble(i -> powers[i] / sum).toArray();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "convert-10-axes/no-channel.tflite",
        "convert-10-axes/channels-first",
        "convert-10-axes/channels-first.tflite",
        "convert-11-types/bytes",
        "convert-11-types/bytes.tflite",
        "convert-11-types/int16.tflite"
      })
  void run_fileOfOtherAxesOrTypes_answersAsTheOneOfNone(String file) {
    for (int draw = 0; draw < 3; draw++) {
      float[] whole = new float[64];
      float[] pixels = new float[64];
      for (int i = 0; i < 64; i++) {
        whole[i] = random.nextInt(17);
        pixels[i] = whole[i] / 16;
      }
      double[] expected = shares(answer("convert-10-axes/no-channel", pixels));
      boolean isLogits = file.startsWith("convert-10");
      float[] found = answer(file, file.contains("bytes") ? whole : pixels);
      double[] shares =
          isLogits ? shares(found) : IntStream.range(0, 10).mapToDouble(i -> found[i]).toArray();
      for (int k = 0; k < 10; k++) {
        assertThat(shares[k]).as(file).isCloseTo(expected[k], within(0.02));
      }
    }
  }
}
