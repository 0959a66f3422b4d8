package org.distill4j.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.distill4j.storage.UserCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What processes leave in the temporary folder: nothing, but for the one that was killed last. */
class LeftoverFoldersTest {
  @TempDir Path folder;

  /** A child: unpacks the runtime, takes a folder, and ends as it is told. */
  public static void main(String[] arguments) throws IOException {
    OnnxNatives.environment();
    Files.writeString(UserCache.scratch("model").resolve("model.onnx"), "half");
    System.out.write('1');
    System.out.flush();
    int told = System.in.read(); // ends when the test does
    if (told == 'k') {
      Runtime.getRuntime().halt(137);
    }
    System.exit(0);
  }

  private Process child() throws IOException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                LeftoverFoldersTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(child.getInputStream().read()).isEqualTo('1');
    return child;
  }

  private static void end(Process child, char how) throws Exception {
    child.getOutputStream().write(how);
    child.getOutputStream().flush();
    child.waitFor();
  }

  private List<Path> there() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  void processes_killedAndEnded_leaveNothingThatTheNextDoesNotRemove() throws Exception {
    Path others = Files.createDirectories(folder.resolve("onnxruntime-java42")); // who knows whose
    Path noLock = Files.createDirectories(folder.resolve("distill4j-1-2"));
    end(child(), 'k');
    List<Path> killed = there();
    assertThat(killed).hasSize(4).contains(others, noLock);

    Process alive = child();
    List<Path> living = there();
    assertThat(living).hasSize(4).contains(others, noLock);
    assertThat(killed.stream().filter(living::contains)).hasSize(2);

    end(child(), 'e');
    assertThat(there()).as("the folders of one that lives stay").isEqualTo(living);
    end(alive, 'e');
    assertThat(there()).containsExactly(noLock, others);
  }
}
