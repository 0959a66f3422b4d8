package org.distill4j.eval;

import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.graph.Preprocessing;
import org.distill4j.inference.Predictor;

/** The class probabilities that a classifier gives to chosen examples. */
public final class Probabilities {
  private Probabilities() {}

  /**
   * The probability of each class, at temperature 1; for a regression the numbers themselves.
   *
   * @param model as {@link Evaluation#of} takes it
   * @param indices the examples
   * @return one row per index, one number per class
   */
  public static double[][] of(
      Predictor model,
      ScoreKind scores,
      Preprocessing preprocessing,
      Dataset data,
      long... indices) {
    double[][] rows = new double[indices.length][data.classes().size()];
    new ForwardLoop(model, scores, new Preprocessed(data, preprocessing))
        .run(
            indices.length,
            i -> indices[i],
            (i, answer) -> {
              for (int k = 0; k < answer.length; k++) {
                rows[i][k] =
                    switch (data.task()) {
                      case SINGLE_LABEL -> Math.exp(answer[k]);
                      case MULTI_LABEL -> 1 / (1 + Math.exp(-answer[k]));
                      case REGRESSION -> answer[k];
                    };
              }
            },
            done -> {});
    return rows;
  }
}
