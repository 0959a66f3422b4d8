package org.distill4j.distill;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Graph;
import org.distill4j.progress.Epoch;
import org.distill4j.progress.LayerHealth;

/**
 * The result of a training.
 *
 * @param model the net with its trained values
 * @param epochs what each epoch brought, from the first; those of an earlier process have no
 *     seconds
 * @param kept the epoch whose values the model has, from 1
 * @param speeds examples per second of each epoch that this process trained, validation and
 *     checkpoints apart
 * @param health how the layers were, for each epoch that was looked at; empty unless asked for
 * @param waited seconds that this process's steps waited for their data
 * @param seconds how long this process's steps took in all, waiting included
 * @param preparing how long preparing its batches took, in seconds by stage, beside the steps
 */
public record TrainedModel(
    Graph model,
    List<Epoch> epochs,
    int kept,
    List<Double> speeds,
    List<LayerHealth.OfEpoch> health,
    double waited,
    double seconds,
    Map<String, Double> preparing) {
  /** Takes copies. */
  public TrainedModel {
    epochs = List.copyOf(epochs);
    speeds = List.copyOf(speeds);
    health = List.copyOf(health);
    preparing = Collections.unmodifiableMap(new LinkedHashMap<>(preparing));
  }

  /**
   * Examples per second: the median of the epochs after the first, which warms up; the first where
   * it is alone; NaN if everything was done before.
   */
  public double examplesPerSecond() {
    if (speeds.isEmpty()) {
      return Double.NaN;
    }
    List<Double> warm = speeds.subList(Math.min(1, speeds.size() - 1), speeds.size());
    return warm.stream().sorted().toList().get(warm.size() / 2);
  }
}
