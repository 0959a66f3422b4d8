package org.distill4j.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.distill4j.Seeds;
import org.distill4j.data.Splits;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.Optimizer;
import org.distill4j.engine.Rate;
import org.distill4j.engine.TrainSettings;
import org.distill4j.engine.lowering.FakeQuantization;
import org.distill4j.eval.Comparison;
import org.distill4j.eval.Evaluation;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.passes.LinearLayer;
import org.distill4j.progress.Notes;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.ptq.RangeMode;
import org.distill4j.quantize.ptq.Repair;
import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.quantize.qat.AwareSettings;
import org.distill4j.quantize.qat.QuantizationAwareTraining;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A trained net in integers so coarse that each rung of the ladder is another model. */
class QuantizationCandidatesTest {
  private static final QuantizeSettings TWO_BITS =
      new QuantizeSettings(
          RangeMode.STATIC,
          Optional.of(Observer.MIN_MAX),
          128,
          Optional.empty(),
          2,
          false,
          List.of(),
          Optional.empty(),
          List.of(),
          Optional.of(new AwareSettings(1, 1, FakeQuantization.Ranges.LSQ, List.of())),
          Preference.BYTES);
  private static final RepairLadder.Rung PLAIN = new RepairLadder.Rung("int8", Set.of(), Set.of());
  private static final RepairLadder.Rung REPAIRED =
      new RepairLadder.Rung("int8-rounded", Set.of(Repair.EQUALIZE, Repair.ROUND), Set.of());

  private static Splits data;
  private static Graph model;

  @BeforeAll
  static void train() {
    data = DataCatalog.here().open("digits");
    Graph net =
        new Cnn(List.of("4", "pool", "8"), List.of(16), 0, true)
            .build(data.shape(), 10, Seeds.of(1));
    TrainSettings settings =
        new TrainSettings(12, 32, Optimizer.adam(), new Rate.Constant(.005, 0), 0, 0, 0);
    model = Trainer.of(net, data).settings(settings).threads(1).train().model();
  }

  private static QuantizationCandidates attempts(
      Optional<QuantizationAwareTraining.School> school) {
    return new QuantizationCandidates(
        model, data, TWO_BITS, TargetMachine.HERE, school, 1, ProgressListener.NONE);
  }

  @Test
  void drop_withRepairs_isLessThanWithout() {
    QuantizationCandidates attempts = attempts(Optional.empty());
    Evaluation plain = attempts.made(PLAIN).best().found();
    Evaluation repaired = attempts.made(REPAIRED).best().found();
    double reference = attempts.reference().accuracy();
    assertThat(attempts.drop(PLAIN)).isCloseTo(reference - plain.accuracy(), within(1e-12));
    assertThat(attempts.drop(REPAIRED)).isCloseTo(reference - repaired.accuracy(), within(1e-12));
    // on the same 300 examples, of which rounding alone loses far more than a tenth
    Comparison paired = Comparison.of(repaired, plain);
    assertThat(paired.won()).isGreaterThan(paired.lost());
    assertThat(paired.p()).isLessThan(.001);
    assertThat(attempts.best().best().found().loss()).isEqualTo(repaired.loss());
  }

  @Test
  void trained_withASchool_isMeasuredAndOneOfTheTrials() {
    TrainSettings once = TrainSettings.epochs(1);
    QuantizationCandidates attempts =
        attempts(Optional.of((net, t) -> Trainer.of(net, data).threads(1).settings(once)));
    OptionalDouble drop = attempts.trained(PLAIN);
    PostTraining.Quantized best = attempts.best();
    assertThat(best.taught()).hasSize(1);
    double accuracy = best.taught().get(0).found().accuracy();
    assertThat(drop.orElseThrow())
        .isCloseTo(attempts.reference().accuracy() - accuracy, within(1e-12));
  }

  @Test
  void trained_withoutASchool_isNothing() {
    assertThat(attempts(Optional.empty()).trained(PLAIN)).isEmpty();
  }

  @Test
  void changes_whatANetOfConvolutionsHas() {
    QuantizationCandidates attempts = attempts(Optional.empty());
    assertThat(attempts.changes(Repair.EQUALIZE, REPAIRED)).isTrue();
    assertThat(attempts.changes(Repair.ROUND, REPAIRED)).isTrue();
    assertThat(attempts.changes(Repair.SPLIT, REPAIRED)).isFalse(); // the rung has no split
  }

  @Test
  void bySensitivity_ofFourLayers_goesFromTheGreatestLossToTheLeast() {
    QuantizationCandidates attempts = attempts(Optional.empty());
    List<String> layers = attempts.layers(Set.of());
    List<String> sorted = attempts.bySensitivity(Set.of());
    assertThat(layers).hasSize(4);
    assertThat(sorted).containsExactlyInAnyOrderElementsOf(layers);
    List<Double> losses = new ArrayList<>();
    for (String layer : sorted) {
      Set<String> others = new HashSet<>(layers);
      others.remove(layer);
      Graph alone = attempts.integers(Observer.MSE, Set.of(), others);
      losses.add(-Evaluation.of(alone, data.validation(), 1).loss());
    }
    assertThat(losses).isSorted();
  }

  /** {@code z z / z} of its logits, the first of which is so small that integers make it 0. */
  private static Graph ratio() {
    String z = model.onlyOutput().name();
    Node head = model.producers().get(z);
    LinearLayer layer = LinearLayer.of(model, head).orElseThrow();
    float[] weights = layer.weights().toFloats();
    float[] biases = layer.biases();
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= layer.outputOf(i) == 0 ? 1e-6f : 1;
    }
    biases[0] = 1e-6f;
    Graph small =
        model.withInitializers(
            Map.of(
                head.input(1), HostTensor.ofFloats(layer.weights().shape(), weights),
                head.input(2), HostTensor.ofFloats(Shape.of(biases.length), biases)));
    List<Node> nodes = new ArrayList<>(small.nodes());
    nodes.add(Node.of("Identity", List.of(z), List.of("r"), Map.of())); // of integers
    nodes.add(Node.of("Mul", List.of("r", "r"), List.of("squares"), Map.of()));
    nodes.add(Node.of("Div", List.of("squares", "r"), List.of("y"), Map.of()));
    return new Graph(
        "ratio",
        small.inputs(),
        List.of(new Value("y", DType.FLOAT32, model.onlyOutput().shape())),
        nodes,
        small.initializers(),
        small.metadata());
  }

  @Test
  void drop_aRungThatGivesNaN_losesAllAndTheNextIsTried() {
    Notes notes = new Notes();
    QuantizationCandidates attempts =
        new QuantizationCandidates(ratio(), data, TWO_BITS, TargetMachine.HERE, 1, notes);
    assertThat(attempts.drop(PLAIN)).isInfinite(); // beyond any limit, 1 too
    assertThat(notes.lines()).anyMatch(l -> l.startsWith("int8: not made, model output 'y'"));
    assertThatThrownBy(attempts::best).isInstanceOf(RunFault.class).hasMessageContaining("NaN");
    List<String> layers = attempts.layers(Set.of());
    assertThat(attempts.bySensitivity(Set.of()).get(0)).isEqualTo(layers.get(layers.size() - 1));
    Set<String> head = Set.of(layers.get(layers.size() - 1));
    double drop = attempts.drop(new RepairLadder.Rung("int8-1-float", Set.of(), head));
    assertThat(drop).isLessThan(1);
    assertThat(attempts.best().best().found().accuracy())
        .isCloseTo(attempts.reference().accuracy() - drop, within(1e-12));
  }
}
