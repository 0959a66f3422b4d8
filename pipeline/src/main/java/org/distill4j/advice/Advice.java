package org.distill4j.advice;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Optional;

/**
 * Advice: what a rule of thumb says of a run.
 *
 * @param rule the rule that was not kept
 * @param value what was measured: a number, a text, or a map or list of these
 * @param says the finding and the way out, in one line
 */
public record Advice(RuleOfThumb rule, Object value, String says) {
  /** Something that was measured, beside a rule. */
  public interface Entry {
    /** The rule. */
    RuleOfThumb rule();

    /** What the rule says of it; empty if it has nothing to say. */
    Optional<Advice> advice();
  }

  /** {@code 4.9 %} of 0.0491. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** {@code 4.91} of 0.0491, without its sign. */
  static String points(double share) {
    return String.format(Locale.ROOT, "%.2f points", Math.abs(100 * share));
  }

  /** Four significant digits, without those that say nothing. */
  static String number(double value) {
    return Double.isFinite(value)
        ? new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros().toPlainString()
        : Double.toString(value);
  }
}
