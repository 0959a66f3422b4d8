package org.distill4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model takes of raw values, told by a word or by numbers. */
class PreprocessedTest {
  private static final long SEED = Seeds.of(14);
  private static final int PLANE = 6;

  private final Random random = new Random(SEED);

  /** Red, green and blue planes of bytes, as images are read. */
  private float[] pixels() {
    float[] pixels = new float[3 * PLANE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(256);
    }
    return pixels;
  }

  private static float[][] seen(Preprocessing how, float[] pixels) {
    Preprocessed examples =
        new Preprocessed(
            new ArrayDataset(
                "one",
                Shape.of(pixels.length / PLANE, 2, 3),
                List.of("a"),
                new float[][] {pixels},
                new int[] {0},
                Preprocessing.NONE),
            how);
    FloatBuffer read = FloatBuffer.allocate(pixels.length + 1).position(1);
    examples.read(0, read);
    FloatBuffer written = FloatBuffer.allocate(pixels.length + 1).position(1);
    examples.write(pixels, written);
    assertThat(read.position()).isEqualTo(written.position()).isEqualTo(pixels.length + 1);
    return new float[][] {read.array(), written.array()};
  }

  /** As the frameworks' documentation has it, pixel by pixel, in doubles. */
  private static double asDocumented(String preset, float[] rgb, int channel, int at) {
    double[] mean = {0.485, 0.456, 0.406};
    double[] std = {0.229, 0.224, 0.225};
    double[] caffe = {103.939, 116.779, 123.68}; // of blue, green, red
    double pixel = rgb[channel * PLANE + at];
    return switch (preset) {
      case "imagenet", "keras-torch" -> (pixel / 255 - mean[channel]) / std[channel];
      case "keras-tf" -> pixel / 127.5 - 1;
      case "keras-caffe" -> rgb[(2 - channel) * PLANE + at] - caffe[channel];
      default -> pixel;
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"imagenet", "keras-torch", "keras-tf", "keras-caffe", "none"})
  void read_aPreset_isWhatTheFrameworkDoesToPixels(String preset) {
    float[] pixels = pixels();
    for (float[] seen : seen(Preprocessing.read(preset, "--preprocessing"), pixels)) {
      for (int i = 0; i < pixels.length; i++) {
        assertThat((double) seen[i + 1])
            .as("seed %d, value %d", SEED, i)
            .isCloseTo(asDocumented(preset, pixels, i / PLANE, i % PLANE), within(1e-4));
      }
    }
  }

  @Test
  void read_anyOrderOfAnyChannels_putsEachWhereItSays() {
    for (int trial = 0; trial < 20; trial++) {
      int channels = 1 + random.nextInt(5);
      List<Integer> order =
          IntStream.range(0, channels).boxed().collect(Collectors.toCollection(ArrayList::new));
      Collections.shuffle(order, random);
      List<Double> mean = random.doubles(channels, -2, 2).boxed().toList();
      List<Double> std = random.doubles(channels, .1, 3).boxed().toList();
      double scale = random.nextDouble(.01, 2);
      float[] raw = new float[channels * PLANE];
      for (int i = 0; i < raw.length; i++) {
        raw[i] = random.nextFloat();
      }
      String text = "{scale: %s, mean: %s, std: %s, order: %s}".formatted(scale, mean, std, order);
      for (float[] seen : seen(Preprocessing.read(text, "how"), raw)) {
        for (int c = 0; c < channels; c++) {
          for (int i = 0; i < PLANE; i++) {
            double expected = (scale * raw[order.get(c) * PLANE + i] - mean.get(c)) / std.get(c);
            assertThat((double) seen[1 + c * PLANE + i]).as(text).isCloseTo(expected, within(1e-4));
          }
        }
      }
    }
  }

  @Test
  void metadata_keepsTheOrder_andIsSpelledAsEverWhereThereIsNone() {
    Graph graph = new Mlp(List.of(2), 0).build(Shape.of(3), 2, 1);
    Preprocessing plain = new Preprocessing(.5, List.of(.25, 1.0, 2.0), List.of(1.0, 2.0, 3.0));
    assertThat(Metadata.withPreprocessing(graph, plain).metadata())
        .containsEntry(
            "distill4j.preprocessing",
            "{\"scale\":0.5,\"mean\":[0.25,1.0,2.0],\"std\":[1.0,2.0,3.0]}");
    Preprocessing turned =
        new Preprocessing(.5, plain.mean(), plain.std(), Optional.of(List.of(2, 0, 1)));
    for (Preprocessing one : List.of(plain, turned)) {
      assertThat(Metadata.preprocessing(Metadata.withPreprocessing(graph, one))).contains(one);
    }
    Graph old =
        graph.withMetadata(
            Map.of("distill4j.preprocessing", "{\"scale\":0.0625,\"mean\":[0.0],\"std\":[1.0]}"));
    assertThat(Metadata.preprocessing(old)).contains(Preprocessing.scale(1 / 16.0));
  }

  @Test
  void read_whatIsNoPreprocessing_isRefusedInALine() {
    assertThatThrownBy(() -> Preprocessing.read("imagenets", "--preprocessing"))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("imagenet, keras-tf, keras-caffe, keras-torch, none or a mapping");
    assertThatThrownBy(() -> Preprocessing.read("{order: [0, 2]}", "--preprocessing"))
        .hasMessageContaining("[0, 2] (expected: the numbers from 0, each once");
    assertThatThrownBy(
            () -> seen(Preprocessing.read("keras-caffe", "--preprocessing"), new float[PLANE]))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("for 3 channels (expected: 1 or 1, as data 'one'");
  }
}
