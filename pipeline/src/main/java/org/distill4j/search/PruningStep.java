package org.distill4j.search;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.data.Subset;
import org.distill4j.data.ValidationSet;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.progress.ProgressListener;
import org.distill4j.prune.Allocation;
import org.distill4j.prune.ChannelGroups;
import org.distill4j.prune.ChannelImportance;
import org.distill4j.prune.ImportanceCriterion;
import org.distill4j.prune.Pruned;
import org.distill4j.prune.Pruner;
import org.distill4j.prune.PruningLimits;
import org.distill4j.prune.Sensitivity;
import org.distill4j.prune.Target;
import org.distill4j.quantize.Preference;

/**
 * Takes channels out of a model: those that change the loss least, and more of the groups that
 * validation misses less. Widths are whole blocks of 8 where these do not take far more than was
 * asked for, as kernels work in blocks.
 */
final class PruningStep {
  private static final int GLANCES = 50; // batches that gradients and statistics are taken from
  private static final double OVERSHOT = .8; // of what was asked for: smaller blocks serve better
  private static final List<Integer> BLOCKS = List.of(8, 4, 1);
  private static final double SHARE_OF_TIME = .2; // that the sensitivity may take

  private final Splits data;
  private final SelfDistillation school;
  private final CandidateMeasurement bench;
  private final Preference prefer;
  private final ProgressListener listener;

  PruningStep(
      Splits data,
      SelfDistillation school,
      CandidateMeasurement bench,
      Preference prefer,
      ProgressListener listener) {
    this.data = data;
    this.school = school;
    this.bench = bench;
    this.prefer = prefer;
    this.listener = listener;
  }

  /** What counts among its models. */
  Preference prefer() {
    return prefer;
  }

  /**
   * A model with at most a share of its multiply-adds, its running statistics estimated anew on
   * training batches.
   *
   * @param name of the candidate, for messages
   * @throws InputFault if no channel of it can go, or it cannot be made that small
   */
  Graph cut(String name, Graph whole, double share, Budget budget) {
    ChannelGroups groups = ChannelGroups.of(whole);
    ChannelImportance scores =
        ChannelImportance.of(
            groups,
            ImportanceCriterion.TAYLOR,
            taker -> school.glance(whole).gradients(GLANCES, taker));
    Pruner even = Pruner.of(groups, scores, Allocation.UNIFORM, PruningLimits.USUAL);
    Optional<Curves> curves = affordable(even.groups().size(), budget);
    if (curves.isEmpty()) {
      listener.note(
          name
              + ": the same share of every group, as there is no time to measure sensitivity curves");
    } else {
      scores = scores.along(groups, measured(curves.get(), even, whole));
    }
    Allocation allocation = curves.isEmpty() ? Allocation.UNIFORM : Allocation.SENSITIVITY;
    Pruned pruned = pruned(groups, scores, allocation, share);
    listener.note(
        "%s: %s; %s"
            .formatted(
                name,
                pruned.summary(),
                pruned.groups().stream()
                    .map(Pruned.Width::summary)
                    .collect(Collectors.joining(", "))));
    return SelfDistillation.merged(
        pruned.model(), school.glance(pruned.model()).renormalized(GLANCES));
  }

  private Pruned pruned(
      ChannelGroups groups, ChannelImportance scores, Allocation allocation, double share) {
    for (int block : BLOCKS) {
      PruningLimits bounds = new PruningLimits(PruningLimits.USUAL.most(), block, List.of());
      boolean isLast = block == BLOCKS.get(BLOCKS.size() - 1);
      try {
        Pruned tried = Pruner.of(groups, scores, allocation, bounds).to(Target.macs(share));
        double left = (double) tried.after().macs() / tried.before().macs();
        if (isLast || prefer == Preference.SPEED || left >= OVERSHOT * share) {
          return tried;
        }
      } catch (InputFault e) { // whole blocks leave too much
        if (isLast) {
          throw e;
        }
      }
    }
    throw new AssertionError(BLOCKS);
  }

  /** What is measured of each group: how many shares, on how many examples of validation. */
  private record Curves(List<Double> shares, long examples) {
    static final List<Curves> FINEST_FIRST =
        List.of(
            new Curves(Sensitivity.USUAL, 1024),
            new Curves(Sensitivity.USUAL, 256),
            new Curves(List.of(.5), 256));
  }

  /** The finest curves that there is time for. */
  private Optional<Curves> affordable(int groups, Budget budget) {
    double time = SHARE_OF_TIME * budget.left();
    return Curves.FINEST_FIRST.stream()
        .filter(
            c -> (double) groups * c.shares.size() * c.examples * bench.secondsPerExample() <= time)
        .findFirst();
  }

  private Sensitivity measured(Curves curves, Pruner pruner, Graph whole) {
    Dataset all = data.validation().data();
    ValidationSet some =
        new ValidationSet(
            all.size() > curves.examples ? Subset.shuffled(all, 1, 0, curves.examples) : all);
    int groups = pruner.groups().size();
    listener.begin("sensitivity", groups, "groups");
    int[] done = {0};
    Sensitivity found =
        Sensitivity.of(
            pruner,
            curves.shares,
            bench.on(some, whole).loss(),
            alone -> bench.on(some, alone).loss(),
            (group, losses) -> listener.advance(++done[0], Map.of()));
    listener.end(groups + " groups of channels");
    return found;
  }
}
