package org.distill4j.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.distill4j.results.Results;

/**
 * The state of a search: what it has found up to now; it may be asked at any time, and be cut off.
 *
 * @param candidates everything that was measured, the float model first
 * @param best the one to take if the search ended now
 */
public record SearchState(List<Candidate> candidates, Candidate best) {
  /** Takes a copy. */
  public SearchState {
    candidates = List.copyOf(candidates);
  }

  /**
   * Names of candidates that no other one matches in accuracy, bytes and latency, or multiply-adds
   * where no time was measured.
   */
  public List<String> front() {
    return candidates.stream()
        .filter(c -> candidates.stream().noneMatch(o -> o.dominates(c)))
        .map(Candidate::name)
        .toList();
  }

  /**
   * What brought nothing, one line each: some other candidate is as good in every figure, or the
   * model itself takes hardly more bytes and time.
   */
  public List<String> withoutGain() {
    List<String> lines = new ArrayList<>();
    Candidate whole = candidates.get(0);
    for (Candidate candidate : candidates.subList(1, candidates.size())) {
      String time = candidate.p50Ms() == null ? "multiply-adds" : "time";
      Optional<Candidate> better =
          candidates.stream().filter(other -> other.dominates(candidate)).findFirst();
      if (better.isPresent()) {
        lines.add(
            "no gain: %s; %s is no worse in accuracy, bytes and %s"
                .formatted(candidate.name(), better.get().name(), time));
      } else if (!candidate.isSmaller(whole) && !candidate.isFaster(whole)) {
        lines.add(
            String.format(
                Locale.ROOT,
                "no gain: %s; beside %s it takes %s, and a gain is %.0f %% less of bytes or %s",
                candidate.name(),
                whole.name(),
                candidate.beside(whole),
                100 * Results.GAIN,
                time));
      }
    }
    return lines;
  }
}
