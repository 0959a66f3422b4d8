package org.distill4j.prune;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;
import org.distill4j.graph.Graph;

/**
 * The pruning sensitivity of a model: how its loss rises when a part of one group of channels alone
 * is taken out, a curve for each group, straight between the shares that were measured and on
 * beyond the last.
 *
 * @param whole the loss of the model as it is
 * @param without the loss by group and by the share of it that was taken, each above 0 and below 1
 * @see <a href="https://arxiv.org/abs/1608.08710">Li et al., 2016</a>
 */
public record Sensitivity(double whole, Map<String, Map<Double, Double>> without) {
  /** Shares that make a curve of use. */
  public static final List<Double> USUAL = List.of(.25, .5, .75);

  /** Parts groups that lose nothing, so that they are taken from evenly. */
  private static final double LEVEL = 1e-6;

  /** Takes copies and checks the shares. */
  public Sensitivity {
    Map<String, Map<Double, Double>> copies = new LinkedHashMap<>();
    without.forEach((group, losses) -> copies.put(group, Map.copyOf(losses)));
    without = Map.copyOf(copies);
    for (Map<Double, Double> losses : without.values()) {
      for (double share : losses.keySet()) {
        if (!(share > 0 && share < 1)) {
          throw new IllegalArgumentException(
              "share: " + share + " (expected: 0 < share < 1 of a group)");
        }
      }
    }
  }

  /**
   * Measures all groups that can lose channels.
   *
   * @param shares of each group
   * @param whole the loss of the model as it is
   * @param loss of a model that lost channels
   * @param heard is told of each group and its losses by share
   */
  public static Sensitivity of(
      Pruner pruner,
      List<Double> shares,
      double whole,
      ToDoubleFunction<Graph> loss,
      BiConsumer<ChannelGroup, Map<Double, Double>> heard) {
    Map<String, Map<Double, Double>> without = new LinkedHashMap<>();
    for (ChannelGroup group : pruner.groups()) {
      Map<Double, Double> losses = new TreeMap<>();
      shares.forEach(s -> losses.put(s, loss.applyAsDouble(pruner.alone(group, s))));
      without.put(group.name(), losses);
      heard.accept(group, losses);
    }
    return new Sensitivity(whole, without);
  }

  /** Whether a group was measured. */
  boolean has(String group) {
    return without.containsKey(group) && !without.get(group).isEmpty();
  }

  /**
   * What the loss rises by: never less than for a smaller share.
   *
   * @param share of the group, above 0, at most 1
   */
  double rise(String group, double share) {
    double fromShare = 0;
    double fromRise = 0;
    double slope = 0;
    for (Map.Entry<Double, Double> point : new TreeMap<>(without.get(group)).entrySet()) {
      double rise = Math.max(fromRise, point.getValue() - whole);
      slope = (rise - fromRise) / (point.getKey() - fromShare);
      if (share <= point.getKey()) {
        break;
      }
      fromShare = point.getKey();
      fromRise = rise;
    }
    return fromRise + slope * (share - fromShare) + LEVEL * share;
  }
}
