package org.distill4j.engine;

import java.util.Map;
import org.distill4j.tensor.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * A training criterion: the number that training makes small, computed from a model's values and
 * from what comes with each batch.
 */
public interface TrainingCriterion {
  /**
   * The arrays that come with each batch beside the model's input.
   *
   * @param output what the model says of one example, such as {@code [10]}
   * @return the shape of one example's part by name, static
   */
  Map<String, Shape> arrays(Shape output);

  /**
   * The numbers that are set anew for each step, such as a temperature.
   *
   * @param step from 0
   * @param steps how many there will be
   * @return always the same names
   */
  Map<String, Double> scalars(long step, long steps);

  /** Builds the number in a TensorFlow graph. */
  <T extends TNumber> CriterionOutputs<T> build(Ops tf, CriterionInputs<T> scene);
}
