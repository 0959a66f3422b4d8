package org.distill4j.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Offset<Double> EXACT = within(1e-12);

  @Test
  void at_stepOfSteps_goesFromTheFirstToTheLast() {
    Schedule linear = new Linear(1, 5, 0, 1);
    assertThat(linear.at(0, 101)).isEqualTo(1);
    assertThat(linear.at(25, 101)).isEqualTo(2, EXACT); // u = 25 / 100
    assertThat(linear.at(100, 101)).isEqualTo(5);
    assertThat(linear.at(0, 1)).isEqualTo(1);
  }

  @Test
  void constant_isItself() {
    assertThat(new Constant(0.3).at(7, 9)).isEqualTo(0.3);
    assertThat(new Constant(0.3)).hasToString("0.3");
    assertThat(new Constant(0.3).isConstant()).isTrue();
  }

  @Test
  void linear_betweenTwoShares_holdsBeforeAndAfter() {
    Schedule linear = new Linear(2, 8, 0.25, 0.75);
    assertThat(linear.at(0.1)).isEqualTo(2);
    assertThat(linear.at(0.5)).isEqualTo(5, EXACT);
    assertThat(linear.at(0.9)).isEqualTo(8);
    assertThat(linear.says()).isEqualTo("linear 2 -> 8 between 25 % and 75 % of the run");
  }

  @Test
  void cosine_isSlowAtBothEnds() {
    Schedule cosine = new Cosine(1, 0, 0, 1);
    assertThat(cosine.at(0.0)).isEqualTo(1);
    assertThat(cosine.at(0.25)).isEqualTo((1 + Math.sqrt(0.5)) / 2, EXACT); // cos(pi / 4)
    assertThat(cosine.at(0.5)).isEqualTo(0.5, EXACT);
    assertThat(cosine.at(1.0)).isZero();
  }

  @Test
  void step_givesEachValueAnEqualPart() {
    Schedule step = new Step(List.of(8.0, 4.0, 2.0));
    assertThat(List.of(step.at(0.0), step.at(0.33), step.at(0.34), step.at(0.67), step.at(1.0)))
        .containsExactly(8.0, 8.0, 4.0, 2.0, 2.0);
  }

  @Test
  void distilFirst_fallsAndItsCounterpartRises() {
    Schedule soft = new DistilFirst(0.9, 0.1);
    assertThat(soft.at(0.5)).isEqualTo(0.5, EXACT);
    assertThat(soft.at(1.0)).isEqualTo(0.1);
    assertThat(soft.counterpart()).isEqualTo(new Linear(0.1, 0.9, 0, 1));
  }

  @Test
  void warmUp_risesOverTheFirstPart() {
    Schedule soft = new WarmUp(0.9, 0.3);
    assertThat(soft.at(0.0)).isZero();
    assertThat(soft.at(0.15)).isEqualTo(0.45, EXACT);
    assertThat(soft.at(0.3)).isEqualTo(0.9, EXACT);
    assertThat(soft.at(0.8)).isEqualTo(0.9, EXACT);
    assertThat(soft.counterpart()).isEqualTo(new Linear(1, 0.1, 0, 0.3));
  }

  @Test
  void curriculum_isLowForAThirdAndHighForAThird() {
    Schedule t = new Curriculum(2, 10);
    assertThat(t.at(0.0)).isEqualTo(2);
    assertThat(t.at(1 / 3.0)).isEqualTo(3, EXACT);
    assertThat(t.at(0.5)).isEqualTo(5.5, EXACT); // half way from 3 to 8
    assertThat(t.at(2 / 3.0)).isEqualTo(8, EXACT);
    assertThat(t.at(1.0)).isEqualTo(10);
  }

  @Test
  void everySchedule_staysBetweenItsLeastAndMost() {
    for (Schedule s :
        List.of(
            new Linear(0.9, 0.1, 0.2, 0.6),
            new Cosine(0.3, 1, 0, 1),
            new Step(List.of(0.2, 0.7)),
            new DistilFirst(0.9, 0),
            new WarmUp(0.7, 1),
            new Curriculum(2, 10),
            new Confidence(5, 3))) {
      for (long step = 0; step < 97; step++) {
        assertThat(s.at(step, 97)).as("%s", s).isBetween(s.least(), s.most());
      }
    }
  }
}
