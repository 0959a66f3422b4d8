package org.distill4j.eval;

import java.util.Map;

/** Means over classes, of those where the number is defined. */
final class Means {
  private Means() {}

  /** Adds the mean area under the ROC curve, unless there is none. */
  static void put(Map<String, Double> metrics, String name, Ranking[] rankings) {
    double[] areas = new double[rankings.length];
    for (int k = 0; k < areas.length; k++) {
      areas[k] = rankings[k].auc();
    }
    double mean = of(areas);
    if (!Double.isNaN(mean)) {
      metrics.put(name, mean);
    }
  }

  /** The mean of those that are numbers; NaN if none is. */
  static double of(double[] values) {
    double sum = 0;
    int count = 0;
    for (double value : values) {
      if (!Double.isNaN(value)) {
        sum += value;
        count++;
      }
    }
    return sum / count;
  }
}
