package org.distill4j.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.distill4j.fault.RunFault;
import org.distill4j.storage.AtomicFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An export appears whole, made by one process alone. */
class ExportFolderTest {
  @TempDir private Path folder;

  private static String write(Path draft, String content) {
    AtomicFile.write(draft.resolve(ExportFolder.REPORT), "report", content);
    return content;
  }

  @Test
  void fill_whileAnotherFillsIt_isRefusedAndDisturbsNothing() throws Exception {
    Path out = folder.resolve("out");
    String says = out + ": another process is working in it (expected: one at a time); wait for it";
    String made =
        ExportFolder.at(out)
            .fill(
                draft -> {
                  String first = write(draft, "first");
                  assertThatThrownBy(
                          () -> ExportFolder.at(out).fill(other -> write(other, "second")))
                      .isInstanceOf(RunFault.class)
                      .hasMessageStartingWith(says);
                  return first;
                });
    assertThat(made).isEqualTo("first");
    assertThat(out.resolve(ExportFolder.REPORT)).hasContent("first");
    assertThat(out.toFile().list()).containsExactly(ExportFolder.REPORT);
    String third = ExportFolder.at(out).fill(draft -> write(draft, "third"));
    assertThat(third).isEqualTo("third");
    assertThat(out.resolve(ExportFolder.REPORT)).hasContent("third");
    assertThat(folder.toFile().list()).containsExactly("out");
  }

  @Test
  void fill_afterOneThatWasKilledOrFailed_beginsAnew() throws Exception {
    Path left = Files.createDirectories(folder.resolve("out.part/tflite"));
    Files.writeString(left.resolve("model.tflite"), "half");
    Files.writeString(folder.resolve("out.part/.lock"), "");
    Path out = folder.resolve("out");
    assertThatThrownBy(
            () ->
                ExportFolder.at(out)
                    .fill(
                        draft -> {
                          throw new RunFault("no");
                        }))
        .hasMessage("no");
    assertThat(folder.toFile().list()).isEmpty();
    ExportFolder.at(out).fill(draft -> write(draft, "anew"));
    assertThat(List.of(out.toFile().list())).containsExactly(ExportFolder.REPORT);
  }
}
