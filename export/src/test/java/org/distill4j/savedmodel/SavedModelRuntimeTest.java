package org.distill4j.savedmodel;

import java.util.EnumSet;
import java.util.Set;
import org.distill4j.inference.InferenceRuntime;
import org.distill4j.inference.PredictorCompatibility;
import org.distill4j.tensor.DType;

class SavedModelRuntimeTest extends PredictorCompatibility {
  @Override
  protected InferenceRuntime runtime() {
    return new SavedModelRuntime();
  }

  @Override
  protected Set<DType> types() {
    return EnumSet.of(
        DType.FLOAT32, DType.FLOAT64, DType.UINT8, DType.INT32, DType.INT64, DType.BOOL);
  }
}
