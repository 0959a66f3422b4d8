package org.distill4j.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.distill4j.data.Splits;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.eval.Evaluation;
import org.distill4j.graph.Graph;
import org.distill4j.passes.LinearLayer;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.ActivationType;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.ptq.CalibratedModel;
import org.distill4j.quantize.ptq.QuantizationScheme;
import org.distill4j.quantize.ptq.Repair;
import org.distill4j.tensor.HostTensor;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A trained net whose scales were moved between two layers, so that it says the same in float. */
class OutlierTest {
  private static final double LEFT = .2; // of what the outlier costs, at most
  private static final QuantizationScheme FORM =
      new QuantizationScheme(ActivationType.UINT8, 7, true);

  private static Splits data;
  private static Graph trained;

  @BeforeAll
  static void train() {
    data = DataCatalog.here().open("fashion-mini");
    Graph net = new Mlp(List.of(64, 64), 0).build(data.shape(), 10, Seeds.of(1));
    trained = Trainer.of(net, data).settings(TrainSettings.epochs(3)).train().model();
  }

  /** A channel of a layer so many times larger, and what the next layer multiplies it with less. */
  private static Graph planted(int layer, float factor) {
    List<LinearLayer> layers = new ArrayList<>();
    trained.nodes().forEach(n -> LinearLayer.of(trained, n).ifPresent(layers::add));
    LinearLayer first = layers.get(layer);
    LinearLayer second = layers.get(layer + 1);
    int channel = busiest(first, second);
    float[] made = first.weights().toFloats();
    for (int i = 0; i < made.length; i++) {
      made[i] *= first.outputOf(i) == channel ? factor : 1;
    }
    float[] biases = first.biases();
    biases[channel] *= factor;
    float[] read = second.weights().toFloats();
    for (int i = 0; i < read.length; i++) {
      read[i] /= second.inputOf(i) == channel ? factor : 1;
    }
    Map<String, HostTensor> others = new LinkedHashMap<>();
    others.put(first.node().input(1), HostTensor.ofFloats(first.weights().shape(), made));
    others.put(
        first.node().input(2), HostTensor.ofFloats(first.bias().orElseThrow().shape(), biases));
    others.put(second.node().input(1), HostTensor.ofFloats(second.weights().shape(), read));
    return trained.withInitializers(others);
  }

  /** The channel whose weights, on both sides of its ReLU, are largest: one that says something. */
  private static int busiest(LinearLayer first, LinearLayer second) {
    double[] in = new double[first.outputs()];
    double[] out = new double[first.outputs()];
    float[] made = first.weights().toFloats();
    for (int i = 0; i < made.length; i++) {
      in[first.outputOf(i)] += made[i] * made[i];
    }
    float[] read = second.weights().toFloats();
    for (int i = 0; i < read.length; i++) {
      out[second.inputOf(i)] += read[i] * read[i];
    }
    return IntStream.range(0, in.length)
        .boxed()
        .max(Comparator.comparingDouble(c -> in[c] * out[c]))
        .orElseThrow();
  }

  private static double accuracy(Graph graph) {
    return Evaluation.of(graph, data.test()).accuracy();
  }

  private static double integers(Graph graph, Set<Repair> repairs) {
    return accuracy(
        CalibratedModel.of(graph, data.train().data(), repairs, 7, 256, 1, ProgressListener.NONE)
            .integers(Observer.MIN_MAX, FORM, Set.of()));
  }

  /**
   * Of 10,000 test images each share has a deviation of half a point: what the outlier costs is
   * twenty of them at least, and most of that comes back.
   */
  private static void assertMended(Graph graph) {
    double whole = integers(trained, Set.of()); // of the same net without the outlier
    double lost = whole - integers(graph, Set.of());
    assertThat(lost).isGreaterThan(.1);
    for (Repair repair : List.of(Repair.SPLIT, Repair.EQUALIZE)) { // a ReLU scales with its input
      double left = whole - integers(graph, Set.of(repair));
      assertThat(left).as(repair.name()).isLessThan(LEFT * lost);
    }
  }

  @Test
  void split_aChannelOfLargeActivations_costsLittleOfWhatItCost() {
    assertMended(planted(1, 800));
  }

  @Test
  void split_aChannelOfLargeWeights_costsLittleOfWhatItCost() {
    assertMended(planted(0, 1 / 200f));
  }
}
