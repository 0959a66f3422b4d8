package org.distill4j.engine.lowering;

import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;

/**
 * Fake quantization in training: how a model that rounds on the way, by pairs of QuantizeLinear and
 * DequantizeLinear, is trained, with the steps of its grids and the integers of its weights. The
 * gradient passes a pair as if it were not there, and is 0 where a number lies outside its range.
 *
 * @param ranges how the steps move
 * @param weightBits how many integers the weights have, 2 to 8: {@code -h..h}, {@code h = 2^(bits -
 *     1) - 1}
 * @see <a href="https://arxiv.org/abs/1712.05877">Jacob et al., 2017</a>
 */
@DigestedAs("Rounding[ranges, weightBits]")
public record FakeQuantization(Ranges ranges, int weightBits) {
  /** How the ranges of a model that rounds move while it is trained. */
  @Describe("how ranges move while the model is trained")
  public enum Ranges {
    /** They stay as the model has them. */
    FIXED,
    /**
     * Those of activations follow each batch's extremes, a hundredth of them new with each step,
     * and stand still in the last third of the run; those of weights follow the largest weight of
     * the channel.
     */
    MOVING_AVERAGE,
    /**
     * The step is trained, its gradient scaled by {@code 1 / sqrt(N Qp)}.
     *
     * @see <a href="https://arxiv.org/abs/1902.08153">Esser et al., 2020</a>
     */
    LSQ
  }

  /** Ranges stay as the model has them; weights have 8 bits. */
  public static final FakeQuantization FIXED = new FakeQuantization(Ranges.FIXED, 8);

  /** The part of a range that each step's batch replaces. */
  static final double NEWS = .01;

  /** From this part of the run on ranges stand still. */
  private static final double STILL = 2.0 / 3;

  /** Checks the bounds. */
  public FakeQuantization {
    if (weightBits < 2 || weightBits > 8) {
      throw new IllegalArgumentException("weight-bits: " + weightBits + " (expected: 2 to 8)");
    }
  }

  /** The largest integer of a weight. */
  int highest() {
    return (1 << (weightBits - 1)) - 1;
  }

  /** The part of a range that a step replaces. */
  public static double newsAt(long step, long steps) {
    return step < STILL * steps ? NEWS : 0;
  }
}
