package org.distill4j.results;

import java.util.Locale;
import java.util.Map;
import org.distill4j.progress.Epoch;

/** Formats of numbers for people, the same everywhere. */
public final class Formats {
  private Formats() {}

  public static String of(Epoch epoch) {
    StringBuilder line = new StringBuilder("epoch " + epoch.epoch());
    append(line, "loss", epoch.trainLoss());
    append(line, "accuracy", epoch.trainAccuracy());
    append(line, "validation loss", epoch.validationLoss());
    append(line, "validation accuracy", epoch.validationAccuracy());
    line.append(String.format(Locale.ROOT, ", rate %.3g, %.1f s", epoch.rate(), epoch.seconds()));
    return line.toString();
  }

  private static void append(StringBuilder line, String name, double value) {
    if (!Double.isNaN(value)) {
      line.append(", ").append(name).append(' ').append(measure(value));
    }
  }

  public static String of(Map<String, Double> measures) {
    StringBuilder line = new StringBuilder();
    measures.forEach(
        (name, value) -> line.append("  ").append(name).append(' ').append(measure(value)));
    return line.toString();
  }

  /** Four decimals for losses and shares, none for counts per second. */
  public static String measure(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 1000 ? "%.4f" : "%,.0f", value);
  }

  /** {@code 3:07} or {@code 1:02:03}. */
  public static String clock(double seconds) {
    long s = Math.round(seconds);
    return s < 3600
        ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }

  /** {@code p < 0.001} or {@code p = 0.017}. */
  public static String p(double p) {
    return p < 0.001 ? "p < 0.001" : String.format(Locale.ROOT, "p = %.2g", p);
  }

  /** Hundredths with their sign: {@code +5.10}. */
  static String points(double share) {
    return String.format(Locale.ROOT, "%+.2f", 100 * share);
  }
}
