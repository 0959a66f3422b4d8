package org.distill4j.prune;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.RelativeTime;

/**
 * Structured pruning: takes out of a model the channels that matter least.
 *
 * <pre>{@code
 * Pruned half = Pruner.of(student, ImportanceCriterion.L1, Allocation.UNIFORM, PruningLimits.USUAL).to(Target.macs(0.5));
 * }</pre>
 */
public final class Pruner {
  /** Ratios that are looked at on the way to a target are multiples of a thousandth. */
  private static final int STEPS = 1000;

  private final ChannelGroups groups;
  private final ChannelImportance scores;
  private final Allocation allocation;
  private final PruningLimits bounds;
  private final Set<Integer> fixed = new HashSet<>();
  private final List<String> notes = new ArrayList<>();
  private final Size whole;

  private Pruner(
      ChannelGroups groups, ChannelImportance scores, Allocation allocation, PruningLimits bounds) {
    this.groups = groups;
    this.scores = scores;
    this.allocation = allocation;
    this.bounds = bounds;
    this.whole = Size.of(groups.model());
    fix();
    if (fixed.size() == groups.groups().size()) {
      throw new InputFault(
          "model '%s': no channel can go; %s".formatted(groups.model().name(), obstacle()));
    }
  }

  private String obstacle() {
    if (!notes.isEmpty()) {
      return notes.get(0) + (notes.size() > 1 ? ", and so do all others" : "");
    }
    return groups.untouched().isEmpty()
        ? "it has no layer followed by another"
        : groups.untouched().get(0);
  }

  /**
   * {@link #of(ChannelGroups, ChannelImportance, Allocation, PruningLimits)} by what the weights
   * alone tell.
   */
  public static Pruner of(
      Graph model, ImportanceCriterion criterion, Allocation allocation, PruningLimits bounds) {
    ChannelGroups groups = ChannelGroups.of(model);
    return of(groups, ChannelImportance.of(groups, criterion, Gradients.NONE), allocation, bounds);
  }

  /**
   * Prepares to prune a model.
   *
   * @throws InputFault if no channel of it can go, or a layer to keep is not there
   */
  public static Pruner of(
      ChannelGroups groups, ChannelImportance scores, Allocation allocation, PruningLimits bounds) {
    return new Pruner(groups, scores, allocation, bounds);
  }

  /** Groups that stay whole: asked for, or without scores. */
  private void fix() {
    Set<String> layers = new HashSet<>();
    groups.walk().sources().forEach(s -> layers.add(s.node().name()));
    for (String name : bounds.keep()) {
      if (!layers.contains(name)) {
        throw new InputFault(
            "keep: '%s' (expected: a layer that makes channels: %s)"
                .formatted(name, String.join(", ", layers.stream().sorted().toList())));
      }
    }
    for (int g = 0; g < groups.groups().size(); g++) {
      ChannelGroup group = groups.groups().get(g);
      if (group.layers().stream().anyMatch(bounds.keep()::contains)) {
        fixed.add(g);
        notes.add(group.name() + ": stays whole, as asked");
      } else if (scores.of(g) == null) {
        fixed.add(g);
        notes.add(group.name() + ": stays whole, as the criterion says nothing of it");
      }
    }
  }

  /**
   * Takes out a share of the channels.
   *
   * @param ratio of each group or of all channels, above 0 and at most what the bounds allow
   * @throws InputFault if nothing would go
   */
  public Pruned by(double ratio) {
    if (!(ratio > 0 && ratio <= bounds.most())) {
      throw new InputFault(
          "ratio: %s (expected: 0 < ratio <= most, which is %s)".formatted(ratio, bounds.most()));
    }
    List<BitSet> gone = gone(ratio);
    if (gone.stream().allMatch(BitSet::isEmpty)) {
      throw new InputFault(
          "ratio: %s: no channel goes (expected: a ratio that takes one of %s at least, or a smaller multiple-of than %s)"
              .formatted(ratio, groups.channels(), bounds.multipleOf()));
    }
    return pruned(ratio, gone);
  }

  /**
   * Takes out as little as meets a target.
   *
   * @throws InputFault if even the most that the bounds allow does not meet it
   * @throws RunFault if that meets it, but for the time that was measured
   */
  public Pruned to(Target target) {
    int most = most();
    Pruned best = smallest(target);
    List<String> slow = unmet(target, best);
    if (!slow.isEmpty()) {
      throw new RunFault(unmeetable(slow));
    }
    int missed = 0;
    int met = most;
    while (met - missed > 1) {
      int middle = (missed + met) / 2;
      Pruned tried = cut(middle);
      if (unmet(target, tried).isEmpty()) {
        met = middle;
        best = tried;
      } else {
        missed = middle;
      }
    }
    return best;
  }

  /**
   * Refuses a target that no cut meets, as far as that can be told without measuring times. It does
   * not depend on which channels matter least.
   *
   * @throws InputFault if even the most that the bounds allow does not meet it
   */
  public void require(Target target) {
    smallest(target);
  }

  private int most() {
    return (int) (bounds.most() * STEPS + 1e-9);
  }

  /** What is left when as much goes as may. */
  private Pruned smallest(Target target) {
    Pruned smallest = cut(most());
    List<String> unmet = target.unmet(smallest.before(), smallest.after(), 0);
    if (!unmet.isEmpty()) {
      throw new InputFault(unmeetable(unmet));
    }
    return smallest;
  }

  private String unmeetable(List<String> unmet) {
    return "target cannot be met: %s, with %s of the channels gone; allow more by 'most', or begin with a smaller net"
        .formatted(String.join(", ", unmet), bounds.most());
  }

  private List<String> unmet(Target target, Pruned tried) {
    double time = target.latency().isPresent() ? time(tried.model()) : 1;
    return target.unmet(tried.before(), tried.after(), time);
  }

  /** The time of one example on one thread, as a share of the whole model's. */
  private double time(Graph cut) {
    OnnxRuntime runtime = new OnnxRuntime();
    try (Predictor less = runtime.open(cut, 1);
        Predictor all = runtime.open(groups.model(), 1)) {
      return RelativeTime.of(less, all);
    }
  }

  private Pruned cut(int step) {
    double ratio = (double) step / STEPS;
    return pruned(ratio, gone(ratio));
  }

  /** The groups whose channels may go. */
  public List<ChannelGroup> groups() {
    return IntStream.range(0, groups.groups().size())
        .filter(g -> !fixed.contains(g))
        .mapToObj(groups.groups()::get)
        .toList();
  }

  /**
   * Takes a share of one group alone, for its sensitivity.
   *
   * @throws IllegalArgumentException if it is none of {@link #groups}
   */
  public Graph alone(ChannelGroup group, double ratio) {
    int g = groups.groups().indexOf(group);
    if (g < 0 || fixed.contains(g)) {
      throw new IllegalArgumentException("group '" + group.name() + "': is not one that can go");
    }
    int channels = group.channels();
    int go = Math.min(channels - 1, (int) Math.round(ratio * channels));
    List<BitSet> gone = none();
    least(g).limit(go).forEach(gone.get(g)::set);
    return go == 0 ? groups.model() : groups.without(gone);
  }

  private Pruned pruned(double ratio, List<BitSet> gone) {
    Graph model = gone.stream().allMatch(BitSet::isEmpty) ? groups.model() : groups.without(gone);
    List<Pruned.Width> widths = new ArrayList<>();
    List<String> told = new ArrayList<>(notes);
    for (int g = 0; g < gone.size(); g++) {
      ChannelGroup group = groups.groups().get(g);
      int stay = group.channels() - gone.get(g).cardinality();
      widths.add(new Pruned.Width(group, stay));
      if (!fixed.contains(g) && stay < group.channels() && stay == bounds.least(group.channels())) {
        told.add(
            "%s: %s of %s channels stay, its floor"
                .formatted(group.name(), stay, group.channels()));
      }
    }
    return new Pruned(model, ratio, widths, whole, Size.of(model), told);
  }

  private List<BitSet> none() {
    return groups.groups().stream().map(g -> new BitSet()).toList();
  }

  private List<BitSet> gone(double ratio) {
    int[] go = allocation == Allocation.UNIFORM ? uniform(ratio) : global(ratio);
    List<BitSet> gone = none();
    for (int g = 0; g < go.length; g++) {
      if (!fixed.contains(g)) {
        int channels = groups.groups().get(g).channels();
        int stay = bounds.rounded(Math.max(bounds.least(channels), channels - go[g]), channels);
        least(g).limit(channels - stay).forEach(gone.get(g)::set);
      }
    }
    return gone;
  }

  /** The channels of a group, those that matter least first. */
  private IntStream least(int group) {
    double[] of = scores.of(group);
    return IntStream.range(0, of.length)
        .boxed()
        .sorted(Comparator.comparingDouble(c -> of[c])) // a stable order: ties by place
        .mapToInt(Integer::intValue);
  }

  private int[] uniform(double ratio) {
    return groups.groups().stream().mapToInt(g -> (int) Math.round(ratio * g.channels())).toArray();
  }

  private int[] global(double ratio) {
    record Ranked(int group, double score) {}
    List<Ranked> all = new ArrayList<>();
    for (int g = 0; g < groups.groups().size(); g++) {
      if (!fixed.contains(g)) {
        for (double score : scores.of(g)) {
          all.add(new Ranked(g, score));
        }
      }
    }
    all.sort(Comparator.comparingDouble(Ranked::score));
    int[] go = new int[groups.groups().size()];
    long left = Math.round(ratio * all.size());
    for (Ranked next : all) {
      int channels = groups.groups().get(next.group).channels();
      if (left > 0 && channels - go[next.group] > bounds.least(channels)) {
        go[next.group]++;
        left--;
      }
    }
    return go;
  }
}
