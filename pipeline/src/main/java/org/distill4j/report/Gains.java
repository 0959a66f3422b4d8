package org.distill4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.distill4j.recipe.ModelNames;
import org.distill4j.results.Results;

/**
 * What each step towards a smaller student brought in bytes and time, and what brought nothing: a
 * step is held against the one before it.
 */
public final class Gains {
  private static final List<String> STEPS =
      List.of(ModelNames.STUDENT, ModelNames.PRUNED, ModelNames.INT8);

  private Gains() {}

  /** One line for each step after the first. */
  public static List<String> of(Results results) {
    List<String> lines = new ArrayList<>();
    Results.Model before = null;
    for (String step : STEPS) {
      Optional<Results.Model> found =
          results.models().stream().filter(m -> m.name().equals(step)).findFirst();
      if (found.isPresent()) {
        if (before != null) {
          lines.add(
              "%s beside %s: %s; %s"
                  .formatted(
                      step, before.name(), bytes(before, found.get()), time(before, found.get())));
        }
        before = found.get();
      }
    }
    return lines;
  }

  private static String bytes(Results.Model before, Results.Model after) {
    return after.bytes() <= (1 - Results.GAIN) * before.bytes()
        ? String.format(Locale.ROOT, "%.1f times smaller", (double) before.bytes() / after.bytes())
        : String.format(
            Locale.ROOT, "no gain in bytes (%,d instead of %,d)", after.bytes(), before.bytes());
  }

  private static String time(Results.Model before, Results.Model after) {
    if (before.latency() == null || after.latency() == null) {
      return "no time was measured";
    }
    double speed = before.latency().p50Ms() / after.latency().p50Ms();
    return speed * (1 - Results.GAIN) >= 1
        ? String.format(Locale.ROOT, "%.2f times faster on this machine", speed)
        : String.format(
            Locale.ROOT, "no gain in time on this machine (%.2f times the time)", 1 / speed);
  }
}
