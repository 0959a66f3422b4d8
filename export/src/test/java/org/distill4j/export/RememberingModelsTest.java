package org.distill4j.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.distill4j.SharedFolder;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models with variables that each call writes to: an example's answer is its own. */
class RememberingModelsTest {
  private static final int EXAMPLES = 5;
  private static final int FLOATS = 64;

  @TempDir private Path folder;

  /** The model, below a folder of any name, as a runtime may take the name for a pattern. */
  private ForeignModelFile model(String name, String below) throws IOException {
    Path file = SharedFolder.require("cases/convert-9-state/" + name);
    Path other = Files.createDirectories(folder.resolve(below)).resolve(name);
    try (Stream<Path> all = Files.walk(file)) {
      for (Path one : all.toList()) {
        Files.copy(one, other.resolve(file.relativize(one).toString()));
      }
    }
    return ForeignModelFile.read(other, Optional.empty());
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(4 * count).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  @ParameterizedTest
  @CsvSource({"state, plain", "state, run[1]", "state.tflite, plain", "state.tflite, run[1]"})
  void run_examplesOneAfterAnother_answersAsWhenEachIsTheFirst(String name, String below)
      throws IOException {
    ForeignModelFile model = model(name, below);
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
