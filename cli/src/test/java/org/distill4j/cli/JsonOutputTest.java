package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.distill4j.cli.options.JsonOutput;
import org.junit.jupiter.api.Test;

/** What {@code --json} prints of numbers that JSON does not know. */
class JsonOutputTest {
  private record Told(double meanLoss, Double best, List<Double> all) {}

  @Test
  void line_numbersThatJsonDoesNotKnow_areNull() {
    Told told = new Told(Double.NaN, Double.POSITIVE_INFINITY, List.of(0.5, Double.NaN));
    assertThat(JsonOutput.line(told))
        .isEqualTo("{\"mean_loss\":null,\"best\":null,\"all\":[0.5,null]}");
  }
}
