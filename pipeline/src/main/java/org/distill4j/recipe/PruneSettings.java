package org.distill4j.recipe;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.distill4j.engine.TrainSettings;
import org.distill4j.prune.Allocation;
import org.distill4j.prune.ImportanceCriterion;
import org.distill4j.prune.PruningLimits;
import org.distill4j.prune.Sensitivity;
import org.distill4j.prune.Sparsity;
import org.distill4j.prune.Target;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;

/**
 * The settings {@code prune} of a recipe: which channels the student loses, how many, and how it is
 * trained on without them.
 *
 * @param criterion which channels matter least
 * @param ratio the share of channels that goes; either it or {@code target}
 * @param target how small the student has to become
 * @param sparsity which weights become zero; instead of both
 * @param allocation how much of each group goes
 * @param most the largest share of a group that may go, above 0 and below 1
 * @param multipleOf what the number of channels that stay is rounded up to, at least 1
 * @param keep layers all of whose channels stay, by node name
 * @param batches how many training batches tell gradients, and statistics after the cut, at least 1
 * @param sensitivity shares of each group that are taken out alone, to see on validation what that
 *     costs; empty: not measured
 * @param teacher whether the teacher's soft labels are heard afterwards, as the student heard them
 * @param train how it is trained on; absent: as the student, for a third of the epochs
 */
@Describe("takes channels out of the student, for good, and trains it on")
public record PruneSettings(
    @Default("l1") @Describe("which channels matter least") ImportanceCriterion criterion,
    @Describe("the share of channels that goes, 0 < ratio <= most; or target, or sparsity")
        Optional<Double> ratio,
    @Describe("how small the student has to become") Optional<Target> target,
    @Describe("weights that become zero, instead of channels that go; the time stays")
        Optional<Sparsity> sparsity,
    @Default("uniform") @Describe("how much of each group of channels goes") Allocation allocation,
    @Default("0.9") @Describe("the largest share of a group that may go, 0 < most < 1") double most,
    @Default("1") @Describe("the channels that stay are rounded up to a multiple of this, >= 1")
        int multipleOf,
    @Default("[]") @Describe("layers all of whose channels stay, by name") List<String> keep,
    @Default("100")
        @Describe("training batches that tell gradients, and statistics after the cut, >= 1")
        int batches,
    @Default("[]")
        @Describe("shares of each group to take out alone, to see what it costs on validation")
        List<Double> sensitivity,
    @Default("true") @Describe("hear the teacher's soft labels afterwards, as the student did")
        boolean teacher,
    @Describe("how it is trained on; if absent, as the student, for a third of its epochs")
        Optional<TrainSettings> train) {
  private static final int PART_OF_EPOCHS = 3;

  /** Checks the bounds. */
  public PruneSettings {
    keep = List.copyOf(keep);
    boolean isCurveWanted = allocation == Allocation.SENSITIVITY && sensitivity.isEmpty();
    sensitivity = isCurveWanted ? Sensitivity.USUAL : List.copyOf(sensitivity);
    long given = Stream.of(ratio, target, sparsity).filter(Optional::isPresent).count();
    if (given != 1) {
      throw new IllegalArgumentException(
          "ratio, target, sparsity: %s of them (expected: one)"
              .formatted(given == 0 ? "none" : given));
    }
    if (sparsity.isPresent() && train.isPresent() && train.get().patience() > 0) {
      throw new IllegalArgumentException(
          "train.patience: %s (expected: 0 with sparsity, as an early epoch has fewer zeros)"
              .formatted(train.get().patience()));
    }
    new PruningLimits(most, multipleOf, keep);
    if (ratio.isPresent() && !(ratio.get() > 0 && ratio.get() <= most)) {
      throw new IllegalArgumentException(
          "ratio: %s (expected: 0 < ratio <= most, which is %s; the rest of a layer has to stay)"
              .formatted(ratio.get(), most));
    }
    if (batches < 1) {
      throw new IllegalArgumentException("batches: " + batches + " (expected: >= 1)");
    }
    for (double share : sensitivity) {
      if (!(share > 0 && share < 1)) {
        throw new IllegalArgumentException(
            "sensitivity: " + share + " (expected: shares, 0 < share < 1)");
      }
    }
  }

  public PruningLimits bounds() {
    return new PruningLimits(most, multipleOf, keep);
  }

  /**
   * How the cut student is trained on. A third of the epochs at the student's own rates: going back
   * to the rate it learned with serves better than a low one.
   *
   * @see <a href="https://arxiv.org/abs/2003.02389">Renda et al., 2020</a>
   */
  public TrainSettings train(TrainSettings student) {
    return train.orElseGet(
        () ->
            new TrainSettings(
                Math.max(1, student.epochs() / PART_OF_EPOCHS),
                student.batch(),
                student.optimizer(),
                student.rate(),
                student.weightDecay(),
                student.clipNorm(),
                sparsity.isPresent() ? 0 : student.patience()));
  }

  /** As in a plan: {@code l1, at most 0.6 of the multiply-adds, the same share of every group}. */
  public String says() {
    if (sparsity.isPresent()) {
      return sparsity.get().says()
          + "; the file shrinks when it is compressed, the multiply-adds and the time stay";
    }
    String how = criterion.name().toLowerCase(Locale.ROOT).replace('_', '-');
    String much =
        target.map(Target::says).orElseGet(() -> ratio.orElseThrow() + " of the channels go");
    return "channels by %s, %s, %s"
        .formatted(
            how,
            much,
            switch (allocation) {
              case UNIFORM -> "the same share of every group";
              case GLOBAL -> "the least of all groups together";
              case SENSITIVITY -> "more of the groups that validation misses less";
            });
  }
}
