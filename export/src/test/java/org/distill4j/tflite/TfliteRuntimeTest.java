package org.distill4j.tflite;

import java.util.EnumSet;
import java.util.Set;
import org.distill4j.inference.InferenceRuntime;
import org.distill4j.inference.PredictorCompatibility;
import org.distill4j.tensor.DType;

class TfliteRuntimeTest extends PredictorCompatibility {
  @Override
  protected InferenceRuntime runtime() {
    return new TfliteRuntime();
  }

  @Override
  protected Set<DType> types() {
    return EnumSet.of(DType.FLOAT32, DType.INT8, DType.UINT8, DType.INT32, DType.INT64, DType.BOOL);
  }
}
