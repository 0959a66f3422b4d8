package org.distill4j.search;

import java.util.ArrayList;
import java.util.List;

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

  /** What brought nothing, one line each: some other candidate is as good in every figure. */
  public List<String> withoutGain() {
    List<String> lines = new ArrayList<>();
    for (Candidate candidate : candidates.subList(1, candidates.size())) {
      candidates.stream()
          .filter(other -> other.dominates(candidate))
          .findFirst()
          .ifPresent(
              other ->
                  lines.add(
                      "no gain: %s; %s is no worse in accuracy, bytes and %s"
                          .formatted(
                              candidate.name(),
                              other.name(),
                              candidate.p50Ms() == null ? "multiply-adds" : "time")));
    }
    return lines;
  }
}
