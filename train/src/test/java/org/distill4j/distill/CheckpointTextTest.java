package org.distill4j.distill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.distill4j.engine.Optimizer;
import org.distill4j.engine.Rate;
import org.distill4j.engine.TrainSettings;
import org.distill4j.engine.lowering.FakeQuantization;
import org.distill4j.prune.Masks;
import org.distill4j.prune.Sparsity;
import org.distill4j.schedule.Confidence;
import org.distill4j.schedule.Constant;
import org.distill4j.schedule.Cosine;
import org.distill4j.schedule.Curriculum;
import org.distill4j.schedule.DistilFirst;
import org.distill4j.schedule.Linear;
import org.distill4j.schedule.Step;
import org.distill4j.schedule.WarmUp;
import org.distill4j.settings.DigestText;
import org.junit.jupiter.api.Test;

/** The texts are those of version 0.1.0, whose checkpoints hold digests of them. */
class CheckpointTextTest {
  @Test
  void of_training_isTheTextBehindOlderCheckpoints() {
    assertThat(
            DigestText.of(
                new TrainSettings(
                    8, 128, Optimizer.adam(), new Rate.Cosine(.002, 0, 100), 1e-4, 1, 2)))
        .isEqualTo(
            "TrainSettings[epochs=8, batch=128, optimizer=Adam[beta1=0.9, beta2=0.999,"
                + " epsilon=1.0E-8], rate=Cosine[rate=0.002, end=0.0, warmup=100],"
                + " weightDecay=1.0E-4, clipNorm=1.0, patience=2]");
    assertThat(DigestText.of(List.of(new Optimizer.Sgd(.9, true), new Rate.Step(.001, .1, 3, 0))))
        .isEqualTo(
            "[Sgd[momentum=0.9, nesterov=true],"
                + " Step[rate=0.001, factor=0.1, levels=3, warmup=0]]");
    assertThat(
            DigestText.of(List.of(new Optimizer.AdamW(.9, .999, 1e-8), new Rate.Constant(.001, 5))))
        .isEqualTo(
            "[AdamW[beta1=0.9, beta2=0.999, epsilon=1.0E-8], Constant[rate=0.001, warmup=5]]");
  }

  @Test
  void of_objective_isTheTextBehindOlderCheckpoints() {
    assertThat(DigestText.of(new Objective(.1, .9, 5)))
        .isEqualTo("Objective[hard=0.1, soft=0.9, temperature=5.0]");
    assertThat(
            DigestText.of(
                new Objective(
                    new Linear(.1, .9, 0, 1), new DistilFirst(.9, .1), new Curriculum(2, 10))))
        .isEqualTo(
            "Objective[hard=Linear[from=0.1, to=0.9, start=0.0, end=1.0],"
                + " soft=DistilFirst[from=0.9, to=0.1], temperature=Curriculum[low=2.0,"
                + " high=10.0]]");
    assertThat(
            DigestText.of(
                new Objective(new Cosine(0, 1, 0, 1), new Step(List.of(.2, .9)), new Constant(2))))
        .isEqualTo(
            "Objective[hard=Cosine[from=0.0, to=1.0, start=0.0, end=1.0],"
                + " soft=Step[values=[0.2, 0.9]], temperature=2.0]");
    assertThat(DigestText.of(List.of(new WarmUp(.9, .3), new Confidence(5, 5))))
        .isEqualTo("[WarmUp[to=0.9, share=0.3], Confidence[base=5.0, beta=5.0]]");
  }

  @Test
  void of_masksAndRounding_isTheTextBehindOlderCheckpoints() {
    assertThat(
            DigestText.of(
                new Masks(new Sparsity(Optional.of(.5), Optional.empty(), .6), List.of("fc"))))
        .isEqualTo(
            "Masks[sparsity=Sparsity[magnitude=Optional[0.5], nM=Optional.empty, until=0.6],"
                + " keep=[fc]]");
    assertThat(DigestText.of(new FakeQuantization(FakeQuantization.Ranges.MOVING_AVERAGE, 7)))
        .isEqualTo("Rounding[ranges=MOVING_AVERAGE, weightBits=7]");
  }
}
