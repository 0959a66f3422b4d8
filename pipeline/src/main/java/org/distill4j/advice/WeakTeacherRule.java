package org.distill4j.advice;

import java.util.Map;
import java.util.Optional;

/**
 * The rule {@code weak-teacher}: speaks where a teacher is certainly less accurate than its kind
 * usually is on these data.
 *
 * @param accuracy on validation, 0 to 1
 * @param n how many examples that was measured on, at least 1
 * @param expected what the recipe expects or {@link #usual} knows
 */
public record WeakTeacherRule(double accuracy, long n, double expected) implements Advice.Entry {
  /**
   * What is usual, by data set and kind of net, on held-out examples. Rounded down from published
   * tables: LeCun et al., 1998, table of MNIST errors; the benchmark of Fashion-MNIST's authors
   * (Xiao et al., 2017); He et al., 2016 and Sandler et al., 2018 for ImageNet and CIFAR-10. The
   * embedded sets are what the examples' nets reach here.
   */
  private static final Map<String, Double> USUAL =
      Map.ofEntries(
          Map.entry("mnist mlp", 0.98),
          Map.entry("mnist cnn", 0.99),
          Map.entry("fashion-mnist mlp", 0.87),
          Map.entry("fashion-mnist cnn", 0.91),
          Map.entry("fashion-mini mlp", 0.83),
          Map.entry("fashion-mini cnn", 0.86),
          Map.entry("digits mlp", 0.93),
          Map.entry("digits cnn", 0.95),
          Map.entry("cifar-10 res-net", 0.91),
          Map.entry("imagenet res-net", 0.76),
          Map.entry("imagenet mobile-net-v2", 0.71));

  /**
   * The accuracy that is usual.
   *
   * @param data the data set's name
   * @param net the net's name in a recipe, such as {@code cnn}
   */
  public static Optional<Double> usual(String data, String net) {
    return Optional.ofNullable(USUAL.get(data + " " + net));
  }

  @Override
  public RuleOfThumb rule() {
    return RuleOfThumb.WEAK_TEACHER;
  }

  @Override
  public Optional<Advice> advice() {
    double error = Math.sqrt(expected * (1 - expected) / n);
    return accuracy + 2 * error >= expected
        ? Optional.empty()
        : Optional.of(
            new Advice(
                RuleOfThumb.WEAK_TEACHER,
                accuracy,
                "not worth teaching yet: the teacher is right on %s of %s validation examples (expected: %s); train it longer or take another"
                    .formatted(Advice.percent(accuracy), n, Advice.percent(expected))));
  }
}
