package org.distill4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConsoleTableTest {

  @Test
  void of_results_linesUpAndComparesInWords() {
    assertThat(ConsoleTable.of(Samples.results()))
        .isEqualTo(
            """
            | model              | parameters |     bytes | accuracy |          errors | p50 latency, batch 1, threads 1 |
            |--------------------|-----------:|----------:|---------:|----------------:|--------------------------------:|
            | teacher            |    896,906 | 3,590,201 |   0.8990 | 1,010 of 10,000 |                        0.912 ms |
            | student-alone      |     52,138 |   210,934 |   0.8290 | 1,710 of 10,000 |                        0.061 ms |
            | student            |     52,138 |   210,934 |   0.8800 | 1,200 of 10,000 |                        0.060 ms |
            | student-all-labels |     52,138 |   210,934 |   0.8880 | 1,120 of 10,000 |                        0.061 ms |

            - student is 5.10 points ahead of student-alone (95 % CI +4.49 to +5.72, McNemar p < 0.001, n = 10,000)
            - student is 1.90 points behind teacher (95 % CI -2.47 to -1.34, McNemar p < 0.001, n = 10,000)
            - student is 0.80 points behind student-all-labels (95 % CI -1.37 to -0.23, McNemar p = 0.0064, n = 10,000)
            """);
  }

  @Test
  void of_aStepThatBroughtNothing_isCalledThat() {
    assertThat(
            ConsoleTable.of(
                Samples.smaller(
                    Samples.model("student-pruned", 26_000, 300_000, 105_467, 1200, .3, .040),
                    Samples.model("student-int8", 26_000, 300_000, 110_000, 1200, .3, .080))))
        .endsWith(
            """

            - student-pruned beside student: 2.0 times smaller; 1.50 times faster on this machine
            - student-int8 beside student-pruned: no gain in bytes (110,000 instead of 105,467); no gain in time on this machine (2.00 times the time)
            """);
  }
}
