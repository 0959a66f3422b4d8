package org.distill4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.distill4j.quantize.Preference;
import org.distill4j.results.Results;
import org.distill4j.search.Candidate;
import org.distill4j.search.CompressionSearch;

/**
 * The recommendation at the end of a search: which model to take and why, the given one where
 * nothing else is worth it.
 *
 * @param model that was given
 * @param folder of the candidates
 * @param maxDrop what may be lost
 * @param prefer bytes or speed
 */
record Recommendation(
    CompressionSearch.Found found, Path model, Path folder, double maxDrop, Preference prefer) {
  /** One line. */
  String says() {
    Candidate base = found.candidates().get(0);
    Candidate best = found.best();
    if (best.equals(base)) {
      return keep(why(base));
    } else if (!found.passed()) {
      return keep(
          String.format(
              Locale.ROOT,
              "no candidate is within the limit; %s, which loses least, loses %.2f points on validation",
              best.name(),
              100 * best.drop()));
    } else if (-found.onTest().high() > maxDrop) {
      return keep(
          String.format(
              Locale.ROOT,
              "%s keeps the limit on validation, but on the test set it certainly loses more, at least %.2f points of accuracy",
              best.name(),
              -100 * found.onTest().high()));
    }
    return String.format(
        Locale.ROOT,
        "take %s, %s: of %d candidates the %s within the limit, %s; on the test set it loses at most %.2f points of accuracy (95 %% bound)",
        best.name(),
        folder.resolve(best.file()),
        found.candidates().size() - 1,
        prefer == Preference.SPEED ? "fastest" : "smallest",
        String.join(", ", gains(base, best)),
        Math.max(0, -100 * found.onTest().low()));
  }

  /** Why nothing that was made is worth it. */
  private String why(Candidate base) {
    List<Candidate> made = found.candidates().subList(1, found.candidates().size());
    Comparator<Candidate> wish =
        prefer == Preference.SPEED
            ? Comparator.comparingDouble(Candidate::effort)
            : Comparator.comparingLong(Candidate::bytes);
    Optional<Candidate> within = made.stream().filter(c -> c.isWithin(maxDrop)).min(wish);
    if (within.isEmpty()) {
      return made.isEmpty() ? "nothing else was made" : "nothing that was made of it is of use";
    }
    return String.format(
        Locale.ROOT,
        "%s is within the limit, but takes %s (expected: %.0f %% less of %s)",
        within.get().name(),
        within.get().beside(base),
        100 * Results.GAIN,
        prefer == Preference.SPEED ? "time, or of bytes in the same time" : "either");
  }

  private String keep(String why) {
    return "take the model as it is, " + model + ": " + why;
  }

  private static List<String> gains(Candidate base, Candidate best) {
    List<String> gains = new ArrayList<>();
    double size = (double) base.bytes() / best.bytes();
    if (best.isSmaller(base)) {
      gains.add(String.format(Locale.ROOT, "%.1f times smaller", size));
    }
    if (base.p50Ms() != null && best.p50Ms() != null) {
      double speed = base.p50Ms() / best.p50Ms();
      if (best.isFaster(base)) {
        gains.add(String.format(Locale.ROOT, "%.2f times faster here", speed));
      } else if (base.isFaster(best)) {
        gains.add(String.format(Locale.ROOT, "though %.2f times slower here", 1 / speed));
      }
    } else if (best.isFaster(base)) {
      gains.add(
          String.format(
              Locale.ROOT,
              "%.0f %% of the multiply-adds",
              100.0 * best.macs() / Math.max(1, base.macs())));
    }
    if (base.isSmaller(best)) {
      gains.add(String.format(Locale.ROOT, "though %.1f times larger", 1 / size));
    }
    return gains;
  }
}
