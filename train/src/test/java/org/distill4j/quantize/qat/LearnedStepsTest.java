package org.distill4j.quantize.qat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

class LearnedStepsTest {
  @Test
  void initial_ofChannels_isTwiceTheMeanMagnitudeOverTheRootOfTheHighest() {
    HostTensor weights = HostTensor.ofFloats(Shape.of(2, 3), 1, -2, 3, .5f, 0, -1);
    // means 2 and .5; the highest of 4 bits is 7
    double[] found = LearnedSteps.initial(weights, 0, 2, 4);
    assertThat(found)
        .containsExactly(new double[] {4 / Math.sqrt(7), 1 / Math.sqrt(7)}, within(1e-12));
  }
}
