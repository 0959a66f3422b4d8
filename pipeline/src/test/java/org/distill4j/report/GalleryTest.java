package org.distill4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Dataset;
import org.distill4j.data.TestSet;
import org.distill4j.eval.Evaluation;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class GalleryTest {
  /** Five examples; the columns of a row are what model 0 and model 1 answer, 0 or 1. */
  private static final float[][] ANSWERS = {{0, 0}, {1, 1}, {0, 1}, {1, 0}, {0, 0}};

  private static final int[] TRUTHS = {0, 0, 0, 0, 0};

  private static Dataset data(int... truths) {
    return new ArrayDataset(
        "toy", Shape.of(2), List.of("a", "b"), ANSWERS, truths, Preprocessing.NONE);
  }

  /** The model whose answer stands in a column: logits {0.5, x[column]}. */
  private static Evaluation evaluation(int column, Dataset data) {
    Dim batch = Dim.of("batch");
    float[] weights = new float[4];
    weights[2 * column + 1] = 1;
    Shape pair = Shape.of(List.of(batch, Dim.of(2)));
    Graph graph =
        new Graph(
            "column" + column,
            List.of(new Value("x", DType.FLOAT32, pair)),
            List.of(new Value("y", DType.FLOAT32, pair)),
            List.of(new Node("dense", "", "Gemm", List.of("x", "w", "b"), List.of("y"), Map.of())),
            Map.of(
                "w", HostTensor.ofFloats(Shape.of(2, 2), weights),
                "b", HostTensor.ofFloats(Shape.of(2), 0.5f, 0)),
            Map.of());
    try (Predictor predictor = new OnnxRuntime().open(graph, 1)) {
      return Evaluation.of(predictor, Preprocessing.NONE, new TestSet(data));
    }
  }

  private static long[] pick(int count, Dataset data) {
    return Gallery.pick(count, List.of(evaluation(0, data), evaluation(1, data)));
  }

  @Test
  void pick_twoModels_takesDisagreementsThenAllWrongThenAllRight() {
    // example 2: right, wrong; example 3: wrong, right; 1: both wrong; 0 and 4: both right
    assertThat(pick(5, data(TRUTHS))).containsExactly(2, 3, 1, 0, 4);
  }

  @Test
  void pick_moreThanThereAre_takesAllOnce() {
    assertThat(pick(16, data(TRUTHS))).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
  }

  @Test
  void pick_sameWay_prefersTheClassShownLeast() {
    // truths 0 1 0 1 0: in examples 2 and 3 only model 0 is right, in 0, 1 and 4 both are;
    // after 2 of class 0 comes 1 of class 1
    assertThat(pick(4, data(0, 1, 0, 1, 0))).containsExactly(2, 1, 3, 0);
  }

  @Test
  void oneOfEach_labels_takesTheFirstOfEachClass() {
    assertThat(Gallery.oneOfEach(data(1, 1, 0, 1, 0), 10)).containsExactly(2, 0);
    assertThat(Gallery.oneOfEach(data(1, 1, 0, 1, 0), 1)).containsExactly(2);
  }

  @Test
  void samples_noImage_haveNoPicture() {
    List<ReportData.Sample> samples =
        Gallery.samples(data(TRUTHS), new long[] {1}, Map.of("m", new double[][] {{0.25, 0.75}}));
    assertThat(samples.get(0).picture()).isEmpty();
    assertThat(samples.get(0).answers())
        .containsExactly(new ReportData.Answer("m", List.of(0.25, 0.75)));
  }

  private static BufferedImage draw(Shape shape, float low, float high, float... values)
      throws IOException {
    Picture picture = Picture.of(shape, values, low, high).orElseThrow();
    byte[] png =
        Base64.getDecoder().decode(picture.uri().substring("data:image/png;base64,".length()));
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(image.getWidth()).isEqualTo(picture.width());
    assertThat(image.getHeight()).isEqualTo(picture.height());
    return image;
  }

  private static List<Integer> samples(BufferedImage image, int x, int y) {
    List<Integer> samples = new ArrayList<>();
    for (int band = 0; band < image.getRaster().getNumBands(); band++) {
      samples.add(image.getRaster().getSample(x, y, band));
    }
    return samples;
  }

  @Test
  void picture_grey_keepsEveryByte() throws IOException {
    BufferedImage image = draw(Shape.of(1, 2, 3), 0, 255, 0, 1, 2, 128, 254, 255);
    assertThat(samples(image, 1, 0)).containsExactly(1);
    assertThat(samples(image, 0, 1)).containsExactly(128);
    assertThat(samples(image, 2, 1)).containsExactly(255);
  }

  @Test
  void picture_colour_takesChannelsFirst() throws IOException {
    BufferedImage image = draw(Shape.of(3, 1, 2), 0, 1, 1, 0, 0, 1, 0.5f, 0);
    assertThat(samples(image, 0, 0)).containsExactly(255, 0, 128);
    assertThat(samples(image, 1, 0)).containsExactly(0, 255, 0);
  }

  @Test
  void picture_large_isAveragedDown() throws IOException {
    float[] values = new float[300 * 200];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 2; // stripes one pixel wide
    }
    BufferedImage image = draw(Shape.of(1, 300, 200), 0, 1, values);
    assertThat(image.getHeight()).isEqualTo(100); // a third
    assertThat(image.getWidth()).isEqualTo(66);
    assertThat(samples(image, 0, 0)).containsExactly(85); // 3 of 9
  }
}
