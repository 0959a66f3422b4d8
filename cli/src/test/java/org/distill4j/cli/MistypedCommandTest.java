package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A mistyped command, and the one that was meant. */
class MistypedCommandTest {
  @ParameterizedTest
  @CsvSource({"paln, plan", "rnu, run", "pridect, predict", "exprot, export", "doktor, doctor"})
  void main_mistypedCommand_namesTheNearest(String typed, String meant) {
    for (String[] said : new String[][] {{typed, "x.yaml"}, {"help", typed}}) {
      Spoken answer = Spoken.of(said);
      assertThat(answer.exitCode()).isEqualTo(2);
      assertThat(answer.err())
          .startsWith("'" + typed + "': no command (did you mean '" + meant + "'?)");
    }
    assertThat(Spoken.of("help", meant).out()).startsWith("Usage: distill4j " + meant + " ");
  }

  @ParameterizedTest
  @CsvSource({"elephant", "42"})
  void main_anotherWord_namesNone(String typed) {
    assertThat(Spoken.of(typed).err())
        .startsWith("'" + typed + "': no command (expected: quickstart, run, ");
  }
}
