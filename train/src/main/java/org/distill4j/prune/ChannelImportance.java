package org.distill4j.prune;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.distill4j.fault.InputFault;
import org.distill4j.tensor.HostTensor;

/**
 * The importance scores of every channel of every group, by one {@link ImportanceCriterion}.
 *
 * <p>A group that the criterion says nothing of, such as one without BatchNormalization, has no
 * scores.
 */
public final class ChannelImportance {
  private final List<double[]> byGroup;

  private ChannelImportance(List<double[]> byGroup) {
    this.byGroup = byGroup;
  }

  /**
   * Scores the channels of a model.
   *
   * @param gradients asked only where the criterion wants them
   * @throws InputFault if weights are not finite, or the criterion says nothing of any group
   */
  public static ChannelImportance of(
      ChannelGroups groups, ImportanceCriterion criterion, Gradients gradients) {
    requireFinite(groups.walk());
    Map<Integer, double[]> byChannel =
        switch (criterion) {
          case L1, L2, FPGM -> ofFilters(groups.walk(), criterion);
          case BATCH_NORM -> ofScales(groups.walk());
          case TAYLOR -> ofGradients(groups.walk(), gradients);
        };
    List<double[]> byGroup = new ArrayList<>();
    for (int g = 0; g < groups.groups().size(); g++) {
      int[] roots = groups.roots(g);
      boolean said = Arrays.stream(roots).allMatch(byChannel::containsKey);
      double[] scores =
          said ? Arrays.stream(roots).mapToDouble(r -> mean(byChannel.get(r))).toArray() : null;
      boolean relative = said && criterion != ImportanceCriterion.BATCH_NORM;
      byGroup.add(relative ? relative(scores) : scores);
    }
    if (!byGroup.isEmpty() && byGroup.stream().allMatch(s -> s == null)) {
      throw new InputFault(
          "criterion: %s (expected: another one, as no group of model '%s' has a BatchNormalization)"
              .formatted(
                  criterion.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                  groups.model().name()));
    }
    return new ChannelImportance(byGroup);
  }

  /**
   * The same order of channels within each group, but ranked among groups by what the loss rises by
   * when the group has lost that many: for {@link Allocation#SENSITIVITY}.
   *
   * @param groups which these are the scores of
   * @param curves a group without a curve has no scores
   */
  public ChannelImportance along(ChannelGroups groups, Sensitivity curves) {
    List<double[]> ranked = new ArrayList<>();
    for (int g = 0; g < byGroup.size(); g++) {
      String name = groups.groups().get(g).name();
      double[] scores = byGroup.get(g);
      ranked.add(scores == null || !curves.has(name) ? null : along(scores, name, curves));
    }
    return new ChannelImportance(ranked);
  }

  private static double[] along(double[] scores, String group, Sensitivity curves) {
    int[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(c -> scores[c]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] rises = new double[scores.length];
    for (int i = 0; i < order.length; i++) {
      rises[order[i]] = curves.rise(group, (i + 1.0) / order.length);
    }
    return rises;
  }

  /** The scores of a group's channels, each at least 0; null where the criterion has none. */
  double[] of(int group) {
    return byGroup.get(group);
  }

  private static void requireFinite(ChannelDependencies walk) {
    for (ChannelDependencies.Source source : walk.sources()) {
      for (float weight : walk.constant(source.constant()).toFloats()) {
        if (!Float.isFinite(weight)) {
          throw new InputFault(
              "%s weights '%s': %s among them (expected: finite numbers); train it again"
                  .formatted(source.node(), source.constant(), weight));
        }
      }
    }
  }

  /** Sum and number of what was found of a channel, by its root. */
  private static double mean(double[] sumAndCount) {
    return sumAndCount[1] == 0 ? 0 : sumAndCount[0] / sumAndCount[1];
  }

  private static void add(Map<Integer, double[]> byChannel, int root, double score) {
    double[] sum = byChannel.computeIfAbsent(root, r -> new double[2]);
    sum[0] += score;
    sum[1]++;
  }

  private static Map<Integer, double[]> ofFilters(
      ChannelDependencies walk, ImportanceCriterion criterion) {
    Map<Integer, double[]> byChannel = new HashMap<>();
    for (ChannelDependencies.Source source : walk.sources()) {
      double[][] filters = filters(walk.constant(source.constant()), source.axis());
      double[] scores =
          criterion == ImportanceCriterion.FPGM
              ? distances(filters)
              : Arrays.stream(filters).mapToDouble(f -> norm(f, criterion)).toArray();
      scores = relative(scores);
      for (int c = 0; c < scores.length; c++) {
        add(byChannel, walk.ties.root(source.channels().at()[c]), scores[c]);
      }
    }
    return byChannel;
  }

  private static double norm(double[] filter, ImportanceCriterion criterion) {
    return criterion == ImportanceCriterion.L1
        ? DoubleStream.of(filter).map(Math::abs).sum()
        : Math.sqrt(DoubleStream.of(filter).map(w -> w * w).sum());
  }

  /** The sum of Euclidean distances from each filter to all others. */
  private static double[] distances(double[][] filters) {
    double[] sums = new double[filters.length];
    for (int a = 0; a < filters.length; a++) {
      for (int b = a + 1; b < filters.length; b++) {
        double squares = 0;
        for (int i = 0; i < filters[a].length; i++) {
          double difference = filters[a][i] - filters[b][i];
          squares += difference * difference;
        }
        sums[a] += Math.sqrt(squares);
        sums[b] += Math.sqrt(squares);
      }
    }
    return sums;
  }

  private static double[] relative(double[] scores) {
    double mean = DoubleStream.of(scores).average().orElse(0);
    return mean > 0 ? DoubleStream.of(scores).map(s -> s / mean).toArray() : scores;
  }

  private static Map<Integer, double[]> ofScales(ChannelDependencies walk) {
    Map<Integer, double[]> byChannel = new HashMap<>();
    for (ChannelDependencies.Source scale : walk.scales()) {
      double[] gamma = walk.constant(scale.constant()).toDoubles();
      for (int c = 0; c < gamma.length; c++) {
        add(byChannel, walk.ties.root(scale.channels().at()[c]), Math.abs(gamma[c]));
      }
    }
    return byChannel;
  }

  private static Map<Integer, double[]> ofGradients(ChannelDependencies walk, Gradients gradients) {
    Map<Integer, double[]> byChannel = new HashMap<>();
    gradients.each(
        batch -> {
          Map<Integer, Double> changes = new LinkedHashMap<>();
          for (ChannelDependencies.Source source : walk.sources()) {
            HostTensor gradient = batch.get(source.constant());
            if (gradient == null) {
              continue; // a constant that is not trained
            }
            double[][] weights = filters(walk.constant(source.constant()), source.axis());
            double[][] slopes = filters(gradient, source.axis());
            for (int c = 0; c < weights.length; c++) {
              double change = 0;
              for (int i = 0; i < weights[c].length; i++) {
                change += weights[c][i] * slopes[c][i];
              }
              changes.merge(walk.ties.root(source.channels().at()[c]), change, Double::sum);
            }
          }
          changes.forEach((root, change) -> add(byChannel, root, change * change));
        });
    return byChannel;
  }

  /** A tensor as one row of numbers for each place of an axis. */
  private static double[][] filters(HostTensor tensor, int axis) {
    double[] all = tensor.toDoubles();
    int places = Math.toIntExact(tensor.shape().size(axis));
    int inner = 1;
    for (int d = axis + 1; d < tensor.shape().rank(); d++) {
      inner *= (int) tensor.shape().size(d);
    }
    double[][] filters = new double[places][all.length / places];
    int[] next = new int[places];
    for (int i = 0; i < all.length; i++) {
      int place = i / inner % places;
      filters[place][next[place]++] = all[i];
    }
    return filters;
  }
}
