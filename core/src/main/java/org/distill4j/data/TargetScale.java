package org.distill4j.data;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The mean and deviation of regression targets on the training examples.
 *
 * @param means one per number
 * @param deviations as many, of the population, each greater than 0: 1 where all are the same
 */
public record TargetScale(List<Double> means, List<Double> deviations) {
  /** Takes copies. */
  public TargetScale {
    means = List.copyOf(means);
    deviations = List.copyOf(deviations);
  }

  /** Reads every example's truth once. */
  public static TargetScale of(Dataset train) {
    int count = train.classes().size();
    double[] mean = new double[count];
    double[] squares = new double[count];
    FloatBuffer truth = FloatBuffer.allocate(count);
    for (long i = 0; i < train.size(); i++) {
      train.targets(i, truth.clear());
      for (int k = 0; k < count; k++) {
        double before = truth.get(k) - mean[k];
        mean[k] += before / (i + 1);
        squares[k] += before * (truth.get(k) - mean[k]);
      }
    }
    List<Double> means = new ArrayList<>();
    List<Double> deviations = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      double deviation = Math.sqrt(squares[k] / train.size());
      means.add(mean[k]);
      deviations.add(deviation > 0 ? deviation : 1);
    }
    return new TargetScale(means, deviations);
  }
}
