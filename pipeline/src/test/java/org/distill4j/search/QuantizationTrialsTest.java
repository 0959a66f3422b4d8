package org.distill4j.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.distill4j.Seeds;
import org.distill4j.data.Splits;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.eval.Evaluation;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.passes.LinearLayer;
import org.distill4j.progress.Notes;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.Preference;
import org.distill4j.quantize.RepairLadder;
import org.distill4j.quantize.ptq.RangeMode;
import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rung that trains, and rungs that cannot be made. */
class QuantizationTrialsTest {
  @TempDir private Path folder;

  @Test
  void trained_aModelWhileItRounds_isACandidateThatIsTakenAgain() {
    Splits data = DataCatalog.here().open("digits");
    Graph net = new Mlp(List.of(32), 0).build(data.shape(), 10, Seeds.of(1));
    Graph model =
        Trainer.of(net, data).settings(TrainSettings.epochs(12)).threads(1).train().model();
    TargetMachine target = TargetMachine.BROWSER;
    CompressSettings wanted = new CompressSettings(target, RangeMode.STATIC, Preference.BYTES);
    Limits limits = new Limits(.9, Duration.ofMinutes(5), 128, true);
    ProgressListener quiet = ProgressListener.NONE;
    CandidateMeasurement bench = new CandidateMeasurement(model, data, target, 1, quiet);
    Candidates candidates =
        new Candidates(
            CandidateFolder.open(folder), bench, .9, Preference.BYTES, quiet, soFar -> {});
    Candidate whole =
        candidates.add("float", "", "key", TrialModel.floats(model, bench.reference(), 0));
    Optional<SelfDistillation> school =
        Optional.of(new SelfDistillation(model, data, folder, bench, 1, quiet));
    QuantizationTrials trials =
        new QuantizationTrials(whole, data, limits, wanted, candidates, bench, school, 1, quiet);
    trials.run(Budget.of(limits.budget()));
    RepairLadder.Rung rung = new RepairLadder.Rung("int8-trained", Set.of(), Set.of());
    OptionalDouble drop = trials.trained(rung);
    // 8 bits change some 20 of 300 answers; as many for the worse would be 4 deviations
    assertThat(drop.orElseThrow()).isLessThan(.07);
    Candidate made = candidates.made().get(1);
    assertThat(made.name()).isEqualTo("int8-trained");
    assertThat(made.trainedSteps()).isPositive();
    assertThat(made.integerMacs()).isEqualTo(made.macs());
    assertThat(folder.resolve("int8-trained")).isDirectoryNotContaining("glob:**.safetensors");
    assertThat(trials.trained(rung)).isEqualTo(drop);
    assertThat(candidates.made().get(2)).isEqualTo(made); // as it was
  }

  /** {@code z z / z}, of which one logit is so small that integers make it 0. */
  private static Graph ratio(Graph model) {
    LinearLayer head =
        LinearLayer.of(model, model.producers().get(model.onlyOutput().name())).orElseThrow();
    float[] weights = head.weights().toFloats();
    float[] biases = head.biases();
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= head.outputOf(i) == 0 ? 1e-6f : 1;
    }
    biases[0] = 1e-6f;
    Graph small =
        model.withInitializers(
            Map.of(
                head.node().input(1), HostTensor.ofFloats(head.weights().shape(), weights),
                head.node().input(2), HostTensor.ofFloats(Shape.of(biases.length), biases)));
    String z = model.onlyOutput().name();
    List<Node> nodes = new ArrayList<>(small.nodes());
    nodes.add(Node.of("Identity", List.of(z), List.of("r"), Map.of())); // of integers
    nodes.add(Node.of("Mul", List.of("r", "r"), List.of("squares"), Map.of()));
    nodes.add(Node.of("Div", List.of("squares", "r"), List.of("y"), Map.of()));
    Value output = new Value("y", DType.FLOAT32, model.onlyOutput().shape());
    return new Graph(
        "ratio", small.inputs(), List.of(output), nodes, small.initializers(), small.metadata());
  }

  @Test
  void run_candidatesThatGiveNaN_areLeftOutAndTheSearchGoesOn() {
    Splits data = DataCatalog.here().open("digits");
    Graph net = new Mlp(List.of(16), 0).build(data.shape(), 10, Seeds.of(1));
    Graph model =
        ratio(Trainer.of(net, data).settings(TrainSettings.epochs(12)).threads(1).train().model());
    TargetMachine target = TargetMachine.BROWSER;
    CompressSettings wanted = new CompressSettings(target, RangeMode.STATIC, Preference.BYTES);
    double limit = .5; // far from what rounding of one layer costs on any machine
    Limits limits = new Limits(limit, Duration.ofMinutes(5), 128, false);
    Notes notes = new Notes();
    CandidateMeasurement bench = new CandidateMeasurement(model, data, target, 1, notes);
    Candidates candidates =
        new Candidates(
            CandidateFolder.open(folder), bench, limit, Preference.BYTES, notes, soFar -> {});
    Candidate whole =
        candidates.add("float", "", "key", TrialModel.floats(model, bench.reference(), 0));
    new QuantizationTrials(
            whole, data, limits, wanted, candidates, bench, Optional.empty(), 1, notes)
        .run(Budget.of(limits.budget()));
    assertThat(notes.lines()).anyMatch(l -> l.startsWith("int8: not made, model output 'y'"));
    String head = // in 8 bits it makes 0 x 0 / 0 of the small logit
        model.producers().get("r").input(0);
    String layer = model.producers().get(head).name();
    assertThat(candidates.made()).isNotEmpty().allMatch(c -> c.keptFloat().contains(layer));
    for (Candidate made : candidates.made()) {
      Evaluation found = Evaluation.of(candidates.graph(made), data.validation(), 1);
      assertThat(found.n()).isEqualTo((int) data.validation().data().size()); // all are numbers
    }
    assertThat(candidates.isWithin(candidates.best())).isTrue();
    assertThat(candidates.made()).contains(candidates.best());
  }
}
