package org.distill4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ModelNamesTest {
  @Test
  void in_namesOfModels_areFoundWhole() {
    assertThat(
            ModelNames.in(
                "Set.of(\"student\", \"student-int8\", \"student-alone-int8\", \"teacher\")",
                false))
        .containsExactly("student", "student-int8", "student-alone-int8", "teacher");
  }

  @Test
  void in_namesWithinASentenceOrAPath_areFound() {
    assertThat(
            ModelNames.in("\"needs 'alone-int8' beside it\" + \"student-cut/model.onnx\"", false))
        .containsExactly("alone-int8", "student-cut");
  }

  @Test
  void in_textBlock_isRead() {
    assertThat(ModelNames.in("\"\"\"\n  {\"model\": \"student-pruned\"}\n  \"\"\"", false))
        .containsExactly("student-pruned");
  }

  @Test
  void in_prose_isNoName() {
    assertThat(
            ModelNames.in(
                "\"the student has its teacher's classes\" + \"student.onnx\" + \"a-student-x\"",
                false))
        .isEmpty();
  }

  @Test
  void in_whereTeachingIsSpokenOf_rolesAreNoNames() {
    assertThat(ModelNames.in("List.of(\"teacher\", \"student\", \"student-int8\")", true))
        .containsExactly("student-int8");
  }

  @Test
  void in_commentsAndCode_areNotRead() {
    assertThat(
            ModelNames.in(
                "/* \"student-int8\" */ // \"teacher\"\nchar q = '\"'; int student; char r = '\"';",
                false))
        .isEmpty();
  }

  @Test
  void in_escapedQuote_endsNoLiteral() {
    assertThat(ModelNames.in("\"\\\"\" + \"student-int8\"", false)).containsExactly("student-int8");
  }
}
