package org.distill4j.inference;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Asks a model about zeros and noise, and looks whether its scores sum to 1. */
record ProbabilityProbe(Predictor model) {
  private static final double SURE = 0.02; // what 8-bit probabilities may miss of 1
  private static final int NOISY = 4;

  /** Whether several scores of each row do. */
  boolean isAlways() {
    for (int k = 0; k <= NOISY; k++) {
      Map<String, HostTensor> inputs = new LinkedHashMap<>();
      for (Value input : model.inputs()) {
        Shape shape = input.shape();
        if (!shape.isRanked() || shape.rank() == 0 || input.type() != DType.FLOAT32) {
          return false;
        }
        shape = shape.dim(0).isKnown() ? shape : shape.with(0, Dim.of(1));
        if (!shape.isStatic()) {
          return false;
        }
        inputs.put(input.name(), HostTensor.ofFloats(shape, noise(shape, k)));
      }
      if (!areProbabilities(model.run(inputs).get(model.outputs().get(0).name()))) {
        return false;
      }
    }
    return true;
  }

  /** Zeros first, then numbers of either sign. */
  private static float[] noise(Shape shape, int k) {
    SplittableRandom random = new SplittableRandom(k);
    float[] values = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; k > 0 && i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static boolean areProbabilities(HostTensor scores) {
    Shape shape = scores.shape();
    if (!scores.type().isFloating() || shape.rank() < 1 || scores.elements() <= shape.size(0)) {
      return false; // one number alone is the share of one class, or no share
    }
    double sum = 0;
    for (double score : scores.toDoubles()) {
      if (!(score >= 0 && score <= 1 + SURE)) {
        return false;
      }
      sum += score;
    }
    return Math.abs(sum - shape.size(0)) < SURE * shape.size(0);
  }
}
