package org.distill4j.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.distill4j.Seeds;
import org.distill4j.data.Splits;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.graph.Graph;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.Preference;
import org.distill4j.quantize.RepairLadder;
import org.distill4j.quantize.ptq.RangeMode;
import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rung that trains. */
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
}
