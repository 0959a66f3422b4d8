package org.distill4j.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
  private static final List<String> KEYS =
      List.of("temperature", "hard", "soft", "batch", "weight-decay");

  @Test
  void kebab_namesOfJava_areSpelledAsInARecipe() {
    assertThat(Spelling.kebab("batchSize")).isEqualTo("batch-size");
    assertThat(Spelling.kebab("AdamW")).isEqualTo("adam-w");
    assertThat(Spelling.kebab("MobileNetV2")).isEqualTo("mobile-net-v2");
    assertThat(Spelling.kebab("beta1")).isEqualTo("beta1");
    assertThat(Spelling.kebab("ALL_LABELS")).isEqualTo("all-labels");
    assertThat(Spelling.kebab("FLOAT16")).isEqualTo("float16");
  }

  @Test
  void distance_editsOfOneLetter_countsEachOnce() {
    assertThat(Spelling.distance("", "abc")).isEqualTo(3);
    assertThat(Spelling.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Spelling.distance("adma", "adam")).isEqualTo(1); // a swap
  }

  @Test
  void nearest_slipOfTheFinger_findsWhatWasMeant() {
    assertThat(Spelling.nearest("temprature", KEYS)).contains("temperature");
    assertThat(Spelling.nearest("weightDecay", KEYS)).contains("weight-decay");
    assertThat(Spelling.nearest("temp", KEYS)).contains("temperature");
    assertThat(Spelling.nearest("batch_size", KEYS)).contains("batch");
    assertThat(Spelling.nearest("x", KEYS)).isEmpty();
  }

  @Test
  void hint_keyOfAnotherPlace_namesThatPlace() {
    List<String> elsewhere = List.of("student.labelled", "data.label");
    assertThat(Spelling.hint("labeled", List.of("label", "name"), elsewhere))
        .isEqualTo("(did you mean 'student.labelled'?)");
    assertThat(Spelling.hint("lable", List.of("label", "name"), elsewhere))
        .isEqualTo("(did you mean 'label'?)");
  }

  @Test
  void hint_keyOneSlipAway_isThatOfThePlace() {
    assertThat(Spelling.hint("label", List.of("hard", "labels"), List.of("data.label")))
        .isEqualTo("(did you mean 'labels'?)");
  }

  @Test
  void hint_nothingNear_listsAll() {
    assertThat(Spelling.hint("zebra", List.of("a", "b", "c"))).isEqualTo("(expected: a, b or c)");
  }
}
