package org.distill4j.eval;

import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.graph.Preprocessing;
import org.distill4j.inference.Predictor;

/** What a classifier says of chosen examples, in full. */
public final class Probabilities {
  private Probabilities() {}

  /**
   * The probability of each class, at temperature 1.
   *
   * @param model as {@link Evaluation#of} takes it
   * @param indices the examples
   * @return one row per index, one number in 0..1 per class
   */
  public static double[][] of(
      Predictor model, Scores scores, Preprocessing preprocessing, Dataset data, long... indices) {
    double[][] rows = new double[indices.length][data.classes().size()];
    new Forward(model, scores, new Preprocessed(data, preprocessing))
        .run(
            indices.length,
            i -> indices[i],
            (i, logProbabilities) -> {
              for (int k = 0; k < logProbabilities.length; k++) {
                rows[i][k] = Math.exp(logProbabilities[k]);
              }
            },
            done -> {});
    return rows;
  }
}
