package org.distill4j.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.distill4j.Seeds;
import org.distill4j.fault.InputFault;
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
            "{\"format\":3,\"made-from\":{},\"settings\":{\"seed\":3},\"step\":\"teacher\"}");
    assertThat(made.record().key()).isEqualTo(Sha256.of(spelled));
    assertThat(made.record().format()).isEqualTo(3);
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

  private Stage stage(RunFolder run, String name, int seed) {
    StepKey key = StageKind.STUDENT.key().with("seed", seed);
    return run.stage(name, "made.txt", key, RunFolderTest::write, notes::add);
  }

  @Test
  void of_anotherRecipesFolder_isRefusedByItsNameAndLeftUnlocked() throws IOException {
    Files.writeString(folder.resolve("recipe.yaml"), "name: first\ndata: digits\n");
    assertThatThrownBy(() -> RunFolder.open(folder).of("second", "recipe.yaml"))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("holds a run of recipe 'first' (expected: one of 'second'")
        .hasMessageContaining("--out");
    try (RunFolder run = RunFolder.open(folder).of("first", "recipe.yaml")) {
      assertThat(stage(run, "student", 1).reused()).isFalse();
    }
  }

  @Test
  void setOthersAside_stagesThatAreNotMadeNow_goToEarlierAndComeBack() {
    List<String> names = new ArrayList<>(List.of("student", "student-int8", "attempt-1/student"));
    Collections.shuffle(names, new Random(Seeds.of(11)));
    try (RunFolder run = RunFolder.open(folder)) {
      names.forEach(name -> stage(run, name, 1));
      run.setOthersAside(notes::add);
      assertThat(notes).isEmpty();
    }
    String kept = names.get(0);
    try (RunFolder run = RunFolder.open(folder)) {
      assertThat(stage(run, kept, 1).reused()).isTrue();
      run.setOthersAside(notes::add);
    }
    assertThat(notes).hasSize(2).allMatch(note -> note.contains("moved to earlier/"));
    for (String name : names) {
      assertThat(folder.resolve(name).resolve("made.txt").toFile().exists())
          .isEqualTo(name.equals(kept));
      assertThat(folder.resolve("earlier").resolve(name).resolve("made.txt").toFile().exists())
          .isEqualTo(!name.equals(kept));
    }
    try (RunFolder run = RunFolder.open(folder)) {
      assertThat(stage(run, names.get(1), 1).reused()).as("as it was").isTrue();
      assertThat(stage(run, names.get(2), 2).reused()).as("of other settings").isFalse();
    }
  }
}
