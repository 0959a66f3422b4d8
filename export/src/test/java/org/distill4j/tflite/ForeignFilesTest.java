package org.distill4j.tflite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.distill4j.SharedFolder;
import org.distill4j.fault.InputFault;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of another make, float and 8 bits, told channels first and in real numbers. */
class ForeignFilesTest {
  @ParameterizedTest
  @CsvSource({
    "mlperf-tiny/ic_resnet8_float.tflite, mlperf-tiny/ic_resnet8_int8.tflite, 0.1",
    "mlperf-tiny/vww_96_float.tflite, mlperf-tiny/vww_96_int8.tflite, 0.15",
    "mlperf-tiny/kws_ref_model_float32.tflite, mlperf-tiny/kws_ref_model_int8.tflite, 0.2",
  })
  void run_floatAndInt8OfOneNet_sayNearlyTheSame(String real, String small, double apart) {
    Path folder = SharedFolder.require("models");
    try (Predictor a = new TfliteRuntime().open(folder.resolve(real), 1);
        Predictor b = new TfliteRuntime().open(folder.resolve(small), 1)) {
      assertThat(a.inputs().get(0).shape()).isEqualTo(b.inputs().get(0).shape());
      Shape shape = a.inputs().get(0).shape().with(0, Dim.of(1));
      float[] values = new float[Math.toIntExact(shape.elements())];
      double largest = real.contains("ic_") ? 255 : 1;
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (largest * (0.5 + 0.5 * Math.sin(i * 0.05)));
      }
      HostTensor x = HostTensor.ofFloats(shape, values);
      HostTensor one = a.run(Map.of(a.inputs().get(0).name(), x)).values().iterator().next();
      HostTensor two = b.run(Map.of(b.inputs().get(0).name(), x)).values().iterator().next();
      double[] p = one.toDoubles();
      double[] q = two.toDoubles();
      for (int i = 0; i < p.length; i++) {
        assertThat(Math.abs(p[i] - q[i])).isLessThan(apart);
      }
    }
  }

  @Test
  void run_operatorsThatTfliteHasNot_saysSoInItsOwnWords() {
    Path file = SharedFolder.require("cases/convert-12-cause/select.tflite");
    try (Predictor predictor = new TfliteRuntime().open(file, 1)) {
      Shape shape = predictor.inputs().get(0).shape().with(0, Dim.of(1));
      HostTensor x = HostTensor.ofFloats(shape, new float[64]);
      assertThatThrownBy(() -> predictor.run(Map.of(predictor.inputs().get(0).name(), x)))
          .isInstanceOf(InputFault.class)
          .hasMessageContaining("\"Select TensorFlow op(s), included in the given model")
          .hasMessageContaining("it holds operators of TensorFlow, MatMul");
    }
  }

  @Test
  void inputs_ofAMap_areToldChannelsFirst() {
    Path file = SharedFolder.require("models/mlperf-tiny/ic_resnet8_float.tflite");
    assertThat(TfliteFile.read(file).inputs().get(0).shape()).hasToString("[batch, 3, 32, 32]");
  }
}
