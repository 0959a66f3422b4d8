package org.distill4j.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.distill4j.settings.StepKey;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class RunFolderTest {
  @TempDir Path folder;

  private final List<String> notes = new ArrayList<>();

  public static RunFolder.Made write(Path target) {
    AtomicFile.write(target, "made", "made");
    return new RunFolder.Made(StepResult.NOTHING);
  }

  private Stage stage(StepKey key) {
    try (RunFolder run = RunFolder.open(folder)) {
      return run.stage("teacher", "made.txt", key, RunFolderTest::write, notes::add);
    }
  }

  @Test
  void stage_whenMade_leavesItsKeySpelledOutWhoseDigestStandsInTheRecord() throws IOException {
    StepKey key = StageKind.TEACHER.key().with("seed", 3);
    Stage made = stage(key);
    Path spelled = folder.resolve("teacher/key");
    assertThat(spelled)
        .hasContent(
            "{\"format\":2,\"made-from\":{},\"settings\":{\"seed\":3},\"step\":\"teacher\"}");
    assertThat(made.record().key()).isEqualTo(Sha256.of(spelled));
    assertThat(made.record().format()).isEqualTo(2);
  }

  @Test
  void stage_ofTheSameKey_isReused() {
    assertThat(stage(StageKind.TEACHER.key().with("seed", 3)).reused()).isFalse();
    assertThat(stage(StageKind.TEACHER.key().with("seed", 3)).reused()).isTrue();
  }

  @Test
  void stage_ofOtherSettings_isMadeAnewWithoutAWordOfVersions() {
    stage(StageKind.TEACHER.key().with("seed", 3));
    assertThat(stage(StageKind.TEACHER.key().with("seed", 4)).reused()).isFalse();
    assertThat(notes).isEmpty();
  }

  @Test
  void stage_whoseRecordCannotBeRead_isMadeAnewWithoutAWordOfVersions() throws IOException {
    stage(StageKind.TEACHER.key());
    Files.writeString(folder.resolve("teacher/stage.json"), "{");
    assertThat(stage(StageKind.TEACHER.key()).reused()).isFalse();
    assertThat(notes).isEmpty();
  }

  @Test
  void stage_ofAnEarlierFormat_saysSoOnceAndIsMadeAnew() {
    stage(StepKey.of("teacher", 1));
    assertThat(stage(StepKey.of("teacher", 2)).reused()).isFalse();
    assertThat(stage(StepKey.of("teacher", 2)).reused()).isTrue();
    assertThat(notes)
        .containsExactly(
            folder + ": made by an earlier version of Distill4j; its steps are made anew");
  }

  @Test
  void stage_ofAnEarlierFormatWhoseRecordCannotBeRead_saysSo() throws IOException {
    stage(StepKey.of("teacher", 1));
    Files.writeString(folder.resolve("teacher/stage.json"), "{");
    stage(StepKey.of("teacher", 2));
    assertThat(notes).hasSize(1);
  }

  @Test
  void stages_ofAnEarlierFormat_sayItInOneLine() {
    try (RunFolder run = RunFolder.open(folder)) {
      for (String name : List.of("a", "b")) {
        run.stage(name, "made.txt", StepKey.of(name, 1), RunFolderTest::write, notes::add);
      }
    }
    try (RunFolder run = RunFolder.open(folder)) {
      for (String name : List.of("a", "b")) {
        run.stage(name, "made.txt", StepKey.of(name, 2), RunFolderTest::write, notes::add);
      }
    }
    assertThat(notes).hasSize(1);
  }
}
