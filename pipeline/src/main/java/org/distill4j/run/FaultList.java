package org.distill4j.run;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.distill4j.fault.InputFault;

/** The faults that checks find one after the other, to be told at once. */
final class FaultList {
  private final Set<String> lines = new LinkedHashSet<>();

  /** What is asked for; empty if that is a fault, of which note is taken. */
  <T> Optional<T> of(Supplier<T> asked) {
    try {
      return Optional.of(asked.get());
    } catch (InputFault e) {
      lines.addAll(e.lines());
      return Optional.empty();
    }
  }

  /** Takes note of what a check refuses. */
  void check(Runnable check) {
    holds(check);
  }

  /** {@link #check}, and whether nothing was refused. */
  boolean holds(Runnable check) {
    return of(() -> {
          check.run();
          return true;
        })
        .isPresent();
  }

  /** Whether nothing was refused yet. */
  boolean isEmpty() {
    return lines.isEmpty();
  }

  /** A line for each. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  /**
   * Ends the checks.
   *
   * @throws InputFault with a line for each fault, if there is any
   */
  void refuse() {
    if (!lines.isEmpty()) {
      throw new InputFault(new ArrayList<>(lines));
    }
  }
}
