package org.distill4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.onnx.OnnxReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code on the README's first page is code that runs. */
class ReadmeTest {
  @Test
  void readme_javaBlock_isTheExampleToTheLetter() throws IOException {
    Path home = Path.of("").toAbsolutePath().getParent();
    String readme = Files.readString(home.resolve("README.md"));
    String shown = between(readme, "```java\n", "```");
    String example =
        Files.readString(Path.of("src/main/java/org/distill4j/examples/DistilYourOwnData.java"));
    assertThat(shown)
        .isEqualTo(
            between(example, "// README begins\n", "    // README ends")
                .replaceAll("(?m)^    ", ""));
  }

  @Test
  void example_run_leavesAStudentThatLearned(@TempDir Path folder) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    DistilYourOwnData.run(folder, new PrintStream(printed, true, StandardCharsets.UTF_8));
    double accuracy = Double.parseDouble(printed.toString(StandardCharsets.UTF_8).strip());
    assertThat(accuracy).isBetween(0.9, 1.0); // chance is 1/3
    Graph student = OnnxReader.read(folder.resolve("student.onnx"));
    assertThat(Metadata.classes(student).orElseThrow()).containsExactly("red", "green", "blue");
  }

  private static String between(String text, String begin, String end) {
    int from = text.indexOf(begin) + begin.length();
    return text.substring(from, text.indexOf(end, from));
  }
}
