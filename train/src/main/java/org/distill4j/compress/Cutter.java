package org.distill4j.compress;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.data.Subset;
import org.distill4j.data.ValidationSet;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.progress.ProgressListener;
import org.distill4j.prune.Allocation;
import org.distill4j.prune.Bounds;
import org.distill4j.prune.ChannelGroups;
import org.distill4j.prune.Criterion;
import org.distill4j.prune.Pruned;
import org.distill4j.prune.Pruner;
import org.distill4j.prune.Scores;
import org.distill4j.prune.Sensitivity;
import org.distill4j.prune.Target;

/**
 * Takes channels out of a model: those that change the loss least, and more of the groups that
 * validation misses less. Widths are whole blocks of 8 where these do not take far more than was
 * asked for, as kernels work in blocks.
 */
final class Cutter {
  private static final int GLANCES = 50; // batches that gradients and statistics are taken from
  private static final long EXAMPLES = 1024; // of validation, for the sensitivity
  private static final double OVERSHOT = .8; // of what was asked for: smaller blocks serve better
  private static final List<Integer> BLOCKS = List.of(8, 4, 1);
  private static final double SHARE_OF_TIME = .2; // that the sensitivity may take

  private final Splits data;
  private final School school;
  private final Bench bench;
  private final Prefer prefer;
  private final ProgressListener listener;

  Cutter(Splits data, School school, Bench bench, Prefer prefer, ProgressListener listener) {
    this.data = data;
    this.school = school;
    this.bench = bench;
    this.prefer = prefer;
    this.listener = listener;
  }

  /**
   * A model with at most a share of its multiply-adds, its running statistics estimated anew on
   * training batches.
   *
   * @param name of the candidate, for messages
   * @throws org.distill4j.fault.InputFault if no channel of it can go
   * @throws RunFault if it cannot be made that small
   */
  Graph cut(String name, Graph whole, double share, Budget budget) {
    ChannelGroups groups = ChannelGroups.of(whole);
    Scores scores =
        Scores.of(
            groups, Criterion.TAYLOR, taker -> school.glance(whole).gradients(GLANCES, taker));
    Pruner even = Pruner.of(groups, scores, Allocation.UNIFORM, Bounds.USUAL);
    List<Double> shares = shares(even.groups().size(), budget);
    if (shares.isEmpty()) {
      listener.note(name + ": the same share of every group, as there is no time for curves");
    } else {
      scores = scores.along(groups, curves(even, shares, whole));
    }
    Allocation allocation = shares.isEmpty() ? Allocation.UNIFORM : Allocation.SENSITIVITY;
    Pruned pruned = pruned(groups, scores, allocation, share);
    listener.note(
        "%s: %s; %s"
            .formatted(
                name,
                pruned.summary(),
                pruned.groups().stream()
                    .map(Pruned.Width::summary)
                    .collect(Collectors.joining(", "))));
    return School.merged(pruned.model(), school.glance(pruned.model()).renormalized(GLANCES));
  }

  private Pruned pruned(ChannelGroups groups, Scores scores, Allocation allocation, double share) {
    for (int block : BLOCKS) {
      Bounds bounds = new Bounds(Bounds.USUAL.most(), block, List.of());
      boolean isLast = block == BLOCKS.get(BLOCKS.size() - 1);
      try {
        Pruned tried = Pruner.of(groups, scores, allocation, bounds).to(Target.macs(share));
        double left = (double) tried.after().macs() / tried.before().macs();
        if (isLast || prefer == Prefer.SPEED || left >= OVERSHOT * share) {
          return tried;
        }
      } catch (RunFault e) {
        if (isLast) {
          throw e;
        }
      }
    }
    throw new AssertionError(BLOCKS);
  }

  /** The shares of each group whose loss is measured: as many as there is time for. */
  private List<Double> shares(int groups, Budget budget) {
    double each = bench.secondsPerExample() * Math.min(EXAMPLES, data.validation().size());
    double time = SHARE_OF_TIME * budget.left();
    return List.of(Sensitivity.USUAL, List.of(.5)).stream()
        .filter(shares -> groups * shares.size() * each <= time)
        .findFirst()
        .orElse(List.of());
  }

  private Sensitivity curves(Pruner pruner, List<Double> shares, Graph whole) {
    Dataset all = data.validation().data();
    ValidationSet some =
        new ValidationSet(all.size() > EXAMPLES ? Subset.shuffled(all, 1, 0, EXAMPLES) : all);
    int groups = pruner.groups().size();
    listener.begin("sensitivity", groups, "groups");
    int[] done = {0};
    Sensitivity curves =
        Sensitivity.of(
            pruner,
            shares,
            bench.on(some, whole).loss(),
            alone -> bench.on(some, alone).loss(),
            (group, losses) -> listener.advance(++done[0], Map.of()));
    listener.end(groups + " groups of channels");
    return curves;
  }
}
