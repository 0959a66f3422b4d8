package org.distill4j.engine;

import java.math.BigDecimal;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;
import org.distill4j.settings.Shorthand;

/**
 * A learning rate schedule: the rate at each step. Every form may warm up: over the first {@code
 * warmup} steps the rate rises linearly, {@code rate (step + 1) / warmup}.
 */
public sealed interface Rate {
  /**
   * The rate of one step.
   *
   * @param step from 0
   * @param steps how many there will be
   */
  double at(long step, long steps);

  /** Over how many steps it rises at the start, 0 for none. */
  int warmup();

  /** In words for people. */
  default String says() {
    String course;
    if (this instanceof Constant c) {
      course = "rate " + plain(c.rate);
    } else if (this instanceof Step s) {
      course =
          s.levels == 2
              ? "rate %s, times %s halfway".formatted(plain(s.rate), plain(s.factor))
              : "rate %s, times %s at each of %s drops"
                  .formatted(plain(s.rate), plain(s.factor), s.levels - 1);
    } else {
      Cosine cosine = (Cosine) this;
      course =
          "rate %s, falling along a cosine to %s".formatted(plain(cosine.rate), plain(cosine.end));
    }
    String steps = warmup() == 1 ? " step" : " steps";
    return course + (warmup() == 0 ? "" : ", warm-up of " + warmup() + steps);
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  /**
   * The same course at another height, without a warm-up.
   *
   * @param factor what every rate is multiplied by, greater than 0
   */
  default Rate scaled(double factor) {
    if (this instanceof Constant c) {
      return new Constant(c.rate * factor, 0);
    } else if (this instanceof Step s) {
      return new Step(s.rate * factor, s.factor, s.levels, 0);
    }
    Cosine cosine = (Cosine) this;
    return new Cosine(cosine.rate * factor, cosine.end * factor, 0);
  }

  /** The same rate throughout. */
  @Shorthand
  @Describe("the same rate throughout")
  @DigestedAs("Constant[rate, warmup]")
  record Constant(
      @Default("0.001") @Describe("the rate, > 0") double rate,
      @Default("0") @Describe("steps of linear rise at the start, >= 0") int warmup)
      implements Rate {
    /** Checks the bounds. */
    public Constant {
      requirePositive("rate", rate);
      requireWarmup(warmup);
    }

    @Override
    public double at(long step, long steps) {
      return rate * rise(step, warmup);
    }
  }

  /**
   * Falls by a factor at equal distances: {@code rate factor^floor(drops step / steps)} with {@code
   * drops} levels.
   */
  @Describe("falls by a factor at equal distances")
  @DigestedAs("Step[rate, factor, levels, warmup]")
  record Step(
      @Default("0.001") @Describe("the rate at the start, > 0") double rate,
      @Default("0.1") @Describe("what each drop multiplies the rate by, 0 < f < 1") double factor,
      @Default("3") @Describe("how many levels the run is parted into, >= 2") int levels,
      @Default("0") @Describe("steps of linear rise at the start, >= 0") int warmup)
      implements Rate {
    /** Checks the bounds. */
    public Step {
      requirePositive("rate", rate);
      if (!(factor > 0 && factor < 1)) {
        throw new IllegalArgumentException("factor: " + factor + " (expected: 0 < factor < 1)");
      }
      if (levels < 2) {
        throw new IllegalArgumentException("levels: " + levels + " (expected: >= 2)");
      }
      requireWarmup(warmup);
    }

    @Override
    public double at(long step, long steps) {
      long level = Math.min(levels - 1, levels * step / Math.max(1, steps));
      return rate * Math.pow(factor, (double) level) * rise(step, warmup);
    }
  }

  /**
   * Falls along half a cosine: {@code end + (rate - end) (1 + cos(pi u)) / 2}, u from 0 after the
   * warm-up to 1 at the end.
   *
   * @see <a href="https://arxiv.org/abs/1608.03983">Loshchilov and Hutter, 2017</a>
   */
  @Describe("falls along half a cosine")
  @DigestedAs("Cosine[rate, end, warmup]")
  record Cosine(
      @Default("0.001") @Describe("the rate at its highest, > 0") double rate,
      @Default("0") @Describe("the rate at the end, 0 <= end <= rate") double end,
      @Default("0") @Describe("steps of linear rise at the start, >= 0") int warmup)
      implements Rate {
    /** Checks the bounds. */
    public Cosine {
      requirePositive("rate", rate);
      if (!(end >= 0 && end <= rate)) {
        throw new IllegalArgumentException(
            "end: " + end + " (expected: 0 <= end <= rate " + rate + ")");
      }
      requireWarmup(warmup);
    }

    @Override
    public double at(long step, long steps) {
      if (step < warmup) {
        return rate * rise(step, warmup);
      }
      double u = Math.min(1, (step - warmup) / (double) Math.max(1, steps - warmup));
      return end + (rate - end) * (1 + Math.cos(Math.PI * u)) / 2;
    }
  }

  private static double rise(long step, int warmup) {
    return step < warmup ? (step + 1) / (double) warmup : 1;
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0 and finite)");
    }
  }

  private static void requireWarmup(int warmup) {
    if (warmup < 0) {
      throw new IllegalArgumentException("warmup: " + warmup + " (expected: >= 0 steps)");
    }
  }
}
