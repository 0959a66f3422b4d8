package org.distill4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.distill4j.architecture.Offender.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OffenderTest {
  @TempDir Path folder;

  @Test
  void of_circleOfSixFiles_isNone_andOfSevenIsOne() throws IOException {
    Sketch sketch = new Sketch(folder);
    for (String type : List.of("A", "B", "C", "D", "E", "F", "G")) {
      sketch.file("core", "data", type);
    }
    sketch.uses("data.A", "data.B", "data.C", "data.D", "data.E", "data.F", "data.A");
    assertThat(Offender.of(sketch.house())).isEmpty();
    sketch.uses("data.F", "data.G", "data.A");
    assertThat(Offender.of(sketch.house()))
        .containsExactly(new Offender(Kind.CIRCLE, "data", 7, ""));
  }

  @Test
  void of_circleThatOnlyASealedTypeCloses_isNone() throws IOException {
    Sketch sketch = new Sketch(folder);
    for (String type : List.of("Net", "B", "C", "D", "E", "F", "G")) {
      sketch
          .file("core", "zoo", type)
          .uses("zoo.Net", "zoo." + type)
          .uses("zoo." + type, "zoo.Net");
    }
    assertThat(Offender.of(sketch.house()))
        .containsExactly(new Offender(Kind.CIRCLE, "zoo", 7, ""));
    sketch.family("zoo.Net", "zoo.B");
    assertThat(Offender.of(sketch.house())).isEmpty();
  }

  @Test
  void of_fortyFilesInAPackage_isNone_andFortyOneIsOne() throws IOException {
    Sketch sketch = new Sketch(folder);
    for (int i = 1; i <= 40; i++) {
      sketch.file("core", "data", "File" + i);
    }
    assertThat(Offender.of(sketch.house())).isEmpty();
    sketch.file("core", "data", "File41");
    assertThat(Offender.of(sketch.house()))
        .containsExactly(new Offender(Kind.FILES, "data", 41, ""));
  }

  @Test
  void of_oneNameInTwoPackages_isOne_whicheverTheirModules() throws IOException {
    Sketch sketch =
        new Sketch(folder).file("core", "data", "Cache").file("train", "advice", "Cache");
    assertThat(Offender.of(sketch.house()))
        .containsExactly(new Offender(Kind.NAME, "Cache", 2, ""));
  }

  @Test
  void of_namesOfModels_areOneOutsideTheRecipe_andRolesAreFreeWhereTeachingIsSpokenOf()
      throws IOException {
    String java = "Set.of(\"student\", \"student-int8\")";
    Sketch sketch =
        new Sketch(folder)
            .file("pipeline", "recipe", "Words", java)
            .file("train", "distill", "Lesson", java)
            .file("pipeline", "report", "Gains", java);
    assertThat(Offender.of(sketch.house()))
        .containsExactly(
            new Offender(Kind.MODEL, "distill.Lesson", 1, ""),
            new Offender(Kind.MODEL, "report.Gains", 2, ""));
  }

  @Test
  void withReasonFrom_placeThatMoved_keepsItsReason() {
    List<Offender> listed =
        List.of(
            new Offender(Kind.NAME, "Gains", 2, "another kind"),
            new Offender(Kind.MODEL, "track.Gains", 3, "its reason"));
    assertThat(new Offender(Kind.MODEL, "report.Gains", 2, "").withReasonFrom(listed).reason())
        .isEqualTo("its reason");
  }

  @Test
  void read_lines_areWhatWasWritten() throws IOException {
    List<Offender> offenders =
        List.of(
            new Offender(Kind.CIRCLE, "engine", 27, "why"), new Offender(Kind.NAME, "Fit", 2, ""));
    Path list = folder.resolve("offenders.txt");
    Files.write(list, List.of("# what they are", offenders.get(0).line(), offenders.get(1).line()));
    assertThat(Offender.read(list)).isEqualTo(offenders);
  }
}
