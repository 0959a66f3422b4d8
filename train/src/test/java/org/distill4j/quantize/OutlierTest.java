package org.distill4j.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.data.DataCatalog;
import org.distill4j.data.Splits;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.eval.Evaluation;
import org.distill4j.graph.Graph;
import org.distill4j.passes.Weighted;
import org.distill4j.progress.ProgressListener;
import org.distill4j.tensor.HostTensor;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A trained net whose scales were moved between two layers, so that it says the same in float. */
class OutlierTest {
  private static final int CHANNEL = 11;
  private static final double LOST = .01;
  private static final IntegerForm FORM = new IntegerForm(ActivationType.UINT8, 7, true);

  private static Splits data;
  private static Graph trained;

  @BeforeAll
  static void train() {
    data = DataCatalog.here().open("fashion-mini");
    Graph net = new Mlp(List.of(64, 64), 0).build(data.shape(), 10, 1);
    trained = Trainer.of(net, data).settings(TrainSettings.epochs(3)).train().model();
  }

  /** A channel of a layer so many times larger, and what the next layer multiplies it with less. */
  private static Graph planted(int layer, float factor) {
    List<Weighted> layers = new ArrayList<>();
    trained.nodes().forEach(n -> Weighted.of(trained, n).ifPresent(layers::add));
    Weighted first = layers.get(layer);
    Weighted second = layers.get(layer + 1);
    float[] made = first.weights().toFloats();
    for (int i = 0; i < made.length; i++) {
      made[i] *= first.outputOf(i) == CHANNEL ? factor : 1;
    }
    float[] biases = first.biases();
    biases[CHANNEL] *= factor;
    float[] read = second.weights().toFloats();
    for (int i = 0; i < read.length; i++) {
      read[i] /= second.inputOf(i) == CHANNEL ? factor : 1;
    }
    Map<String, HostTensor> others = new LinkedHashMap<>();
    others.put(first.node().input(1), HostTensor.ofFloats(first.weights().shape(), made));
    others.put(
        first.node().input(2), HostTensor.ofFloats(first.bias().orElseThrow().shape(), biases));
    others.put(second.node().input(1), HostTensor.ofFloats(second.weights().shape(), read));
    return trained.withInitializers(others);
  }

  private static double accuracy(Graph graph) {
    return Evaluation.of(graph, data.test()).accuracy();
  }

  private static double integers(Graph graph, Set<Repair> repairs) {
    return accuracy(
        Calibrated.of(graph, data.train().data(), repairs, 7, 256, 1, ProgressListener.NONE)
            .integers(Observer.MIN_MAX, FORM, Set.of()));
  }

  private static void assertMended(Graph graph) {
    double wanted = accuracy(graph);
    double before = integers(graph, Set.of());
    double split = integers(graph, Set.of(Repair.SPLIT));
    double balanced = integers(graph, Set.of(Repair.EQUALIZE));
    assertThat(before).isLessThan(wanted - .1);
    assertThat(split).isGreaterThan(wanted - LOST);
    assertThat(balanced).isGreaterThan(wanted - LOST); // a ReLU scales with its input
  }

  @Test
  void split_aChannelOfLargeActivations_isWithinAPointOfFloat() {
    assertMended(planted(1, 800));
  }

  @Test
  void split_aChannelOfLargeWeights_isWithinAPointOfFloat() {
    assertMended(planted(0, 1 / 200f));
  }
}
