package org.distill4j.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.SharedFolder;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models with variables that each call writes to: an example's answer is its own. */
class RememberingModelsTest {
  private static final int EXAMPLES = 5;
  private static final int FLOATS = 64;

  private static ForeignModelFile model(String name) {
    Path file = SharedFolder.require("cases/convert-9-state/" + name);
    return ForeignModelFile.read(file, Optional.empty());
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(4 * count).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  @ParameterizedTest
  @ValueSource(strings = {"state", "state.tflite"})
  void run_examplesOneAfterAnother_answersAsWhenEachIsTheFirst(String name) {
    ForeignModelFile model = model(name);
    SplittableRandom random = new SplittableRandom(Seeds.of(5));
    FloatBuffer given = floats(EXAMPLES * FLOATS);
    for (int i = 0; i < given.capacity(); i++) {
      given.put(i, (float) random.nextDouble());
    }
    FloatBuffer together = floats(EXAMPLES * 10);
    try (Predictor predictor = model.open(1)) {
      predictor.run(EXAMPLES, given, together);
    }
    for (int i = 0; i < EXAMPLES; i++) {
      float[] x = new float[FLOATS];
      given.get(i * FLOATS, x);
      try (Predictor fresh = model.open(1)) { // nothing was asked of it before
        HostTensor fed = HostTensor.ofFloats(Shape.of(1, 1, 8, 8), x);
        HostTensor answer =
            fresh.run(Map.of(fresh.inputs().get(0).name(), fed)).values().iterator().next();
        float[] found = new float[10];
        together.get(i * 10, found);
        assertThat(found).isEqualTo(answer.toFloats());
      }
    }
  }
}
