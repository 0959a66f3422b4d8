package org.distill4j.engine;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TNumber;

/** The inputs of a training criterion: the values that it can see. */
public interface CriterionInputs<T extends TNumber> {
  /** The model's only output, with the batch first, in ONNX order. */
  Operand<T> output();

  /** An array of {@link TrainingCriterion#arrays}, with the batch first. */
  Operand<T> array(String name);

  /** A number of {@link TrainingCriterion#scalars}, as a scalar. */
  Operand<T> scalar(String name);
}
