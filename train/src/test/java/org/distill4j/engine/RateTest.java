package org.distill4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RateTest {
  @Test
  void at_warmup_risesLinearlyToTheRate() {
    Rate rate = new Rate.Constant(.1, 4);
    assertThat(rate.at(0, 100)).isCloseTo(.025, within(1e-12));
    assertThat(rate.at(3, 100)).isCloseTo(.1, within(1e-12));
    assertThat(rate.at(99, 100)).isCloseTo(.1, within(1e-12));
  }

  @Test
  void at_step_fallsByTheFactorAtEqualDistances() {
    Rate rate = new Rate.Step(.1, .1, 3, 0);
    assertThat(rate.at(29, 90)).isCloseTo(.1, within(1e-12));
    assertThat(rate.at(30, 90)).isCloseTo(.01, within(1e-12));
    assertThat(rate.at(60, 90)).isCloseTo(.001, within(1e-12));
    assertThat(rate.at(90, 90)).isCloseTo(.001, within(1e-12));
  }

  @Test
  void at_cosine_isHalfwayInTheMiddleAndEndsAtItsEnd() {
    Rate rate = new Rate.Cosine(.1, .02, 10);
    assertThat(rate.at(10, 110)).isCloseTo(.1, within(1e-12));
    assertThat(rate.at(60, 110)).isCloseTo(.06, within(1e-12));
    assertThat(rate.at(110, 110)).isCloseTo(.02, within(1e-12));
  }
}
