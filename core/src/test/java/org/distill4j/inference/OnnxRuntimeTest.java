package org.distill4j.inference;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.util.EnumSet;
import java.util.Set;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.junit.jupiter.api.Test;

class OnnxRuntimeTest extends PredictorCompatibility {
  @Override
  protected InferenceRuntime runtime() {
    return new OnnxRuntime();
  }

  @Override
  protected Set<DType> types() {
    return EnumSet.complementOf(EnumSet.of(DType.UINT16, DType.UINT32, DType.UINT64));
  }

  @Test
  void sessionThroughFile_aModel_isOpenedAndTheFileIsGone() throws Exception {
    try (SessionOptions options = OnnxRuntime.options(1);
        OrtSession session =
            OnnxRuntime.sessionThroughFile(
                Nets.linear(Dim.of("batch")), OnnxNatives.environment(), options)) {
      assertThat(session.getInputNames()).containsExactly("x");
    }
  }
}
