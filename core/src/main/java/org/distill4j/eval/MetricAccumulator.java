package org.distill4j.eval;

import java.util.Map;
import org.distill4j.data.Split;

/** Counts up an evaluation, example by example. */
interface MetricAccumulator {
  /**
   * Adds one example.
   *
   * @param answer what {@link ForwardLoop} made of the model's output
   */
  void add(int index, double[] answer);

  /** What is known after so many examples, in the order to show. */
  Map<String, Double> soFar(int added);

  /** What all of it comes to. */
  Evaluation evaluation();

  /** The one in a line. */
  String summary(Evaluation evaluation);

  /** The tally that suits what the data ask. */
  static MetricAccumulator of(Split split, int n) {
    return switch (split.data().task()) {
      case SINGLE_LABEL -> new ClassificationMetrics(split, n);
      case MULTI_LABEL -> new MultiLabelMetrics(split, n);
      case REGRESSION -> new RegressionMetrics(split, n);
    };
  }
}
