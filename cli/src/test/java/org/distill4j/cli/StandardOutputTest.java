package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Output that is lost, and output that nobody wants any more. */
class StandardOutputTest {
  private static final Path UNKNOWN = Path.of("nothing of that name");

  @TempDir private Path folder;

  private static StandardOutput failing(String words, Path target) {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException(words);
          }
        };
    StandardOutput output = new StandardOutput(broken, target);
    new PrintWriter(output, true, StandardCharsets.UTF_8).println("some words");
    return output;
  }

  /** On a system that does not say what it writes to, its words do. */
  @ParameterizedTest
  @CsvSource({
    "No space left on device, true",
    "Input/output error, true",
    "Broken pipe, false",
    "Datenuebergabe unterbrochen (broken pipe), false",
    "Connection reset by peer, false",
    ", true"
  })
  void lost_targetUnknown_goesByTheSystemsWords(String words, boolean lost) {
    assertThat(failing(words, UNKNOWN).lost().isPresent()).isEqualTo(lost);
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void lost_namedPipe_isNothingWhateverTheWords() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThat(failing("no word of English", pipe).lost()).isEmpty();
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(failing("no word of English", file).lost()).isPresent();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void lost_fullDisk_isAFaultOfEveryCommand() throws Exception {
    String model = TinyRun.model(folder.resolve("model.onnx"), 10).toString();
    for (String[] command :
        new String[][] {
          {"--help"}, {"inspect", model}, {"predict", model, "--data", "digits", "--json"}
        }) {
      Path full = Path.of("/dev/full");
      try (FileOutputStream file = new FileOutputStream(full.toFile())) {
        StandardOutput output = new StandardOutput(file, full);
        PrintWriter out = new PrintWriter(output, true, StandardCharsets.UTF_8);
        Main.execute(out, new PrintWriter(System.err, true, StandardCharsets.UTF_8), command);
        out.flush();
        assertThat(output.lost().orElseThrow())
            .startsWith("standard output: cannot be written: ")
            .hasLineCount(1);
      }
    }
  }
}
