package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command {@code inspect} says of files that have no layers to list. */
class InspectTest {
  @TempDir private Path folder;

  @Test
  void inspect_aTfliteFileOrASavedModel_saysWhatItTakes() throws Exception {
    Path tflite =
        Files.write(folder.resolve("m.tflite"), "....TFL3....".getBytes(StandardCharsets.US_ASCII));
    Path saved = Files.createDirectories(folder.resolve("saved"));
    Files.write(saved.resolve("saved_model.pb"), new byte[4]);
    for (Path model : new Path[] {tflite, saved}) {
      Spoken said = Spoken.of("inspect", model.toString());
      assertThat(said.exitCode()).isEqualTo(2);
      assertThat(said.err().strip())
          .startsWith(model + ": is a TFLite file or a SavedModel (expected: an ONNX file")
          .doesNotContain("\n");
    }
  }

  @Test
  void byOperator_manyNodesOfAKind_isOneLineWithACount() {
    String why = ": operator cannot be trained (expected: one of Add, Conv); replace it";
    assertThat(
            Inspect.byOperator(
                List.of(
                    "Tan 'a'" + why,
                    "Tan 'b'" + why,
                    "Sin '/x/Sin'" + why,
                    "parameter 'w': INT8 (expected: FLOAT32); export it",
                    "Tan 'c'" + why,
                    "Tan 'd'" + why,
                    "Gemm 'g': two biases (expected: one)",
                    "Sin 's'" + why)))
        .containsExactly(
            "Tan (4 nodes: 'a', 'b', 'c', ...)" + why,
            "Sin (2 nodes: '/x/Sin', 's')" + why,
            "parameter 'w': INT8 (expected: FLOAT32); export it",
            "Gemm 'g': two biases (expected: one)");
  }
}
