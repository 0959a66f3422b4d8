package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {
  private static final List<String> WORDS = List.of("run", "plan", "predict", "export", "eval");

  @Test
  void distance_ofEachKindOfMistake_isOne() {
    for (String typed : List.of("paln", "pan", "plann", "plam")) {
      assertThat(Spelling.distance(typed, "plan")).as(typed).isEqualTo(1);
    }
    assertThat(Spelling.distance("", "run")).isEqualTo(3);
    assertThat(Spelling.distance("kitten", "sitting")).isEqualTo(3); // Levenshtein's own
  }

  @Test
  void nearest_ofAMistypedWord_isTheWord() {
    assertThat(Spelling.nearest("paln", WORDS)).contains("plan");
    assertThat(Spelling.nearest("rnu", WORDS)).contains("run");
    assertThat(Spelling.nearest("pridect", WORDS)).contains("predict");
  }

  @Test
  void nearest_ofAnotherWord_isNone() {
    assertThat(Spelling.nearest("elephant", WORDS)).isEmpty();
  }

  @Test
  void main_mistypedCommand_namesTheNearest() {
    Spoken said = Spoken.of("paln", "x.yaml");
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).startsWith("'paln': no command (expected: one of quickstart, run, ");
    assertThat(said.err()).contains("did you mean 'plan'?");
    assertThat(Spoken.of("help", "rnu").err()).contains("did you mean 'run'?");
    assertThat(Spoken.of("help", "run").out()).startsWith("Usage: distill4j run ");
  }
}
