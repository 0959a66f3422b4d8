package org.distill4j.views;

import java.util.List;
import java.util.stream.Collectors;
import org.distill4j.data.Dataset;
import org.distill4j.settings.DigestText;
import org.distill4j.settings.DigestedAs;

/**
 * The views (augmentations) of a training: every pass shows each example in one view, which is a
 * function of (seed, view, index).
 *
 * @param steps what varies an example, in order; empty: every view is the example as it is
 * @param seed what all is drawn from
 * @param count how many views there are, taken by turns, pass after pass; 0: a new one in each pass
 */
@DigestedAs("Views[steps, seed, count]")
public record Views(List<Augmentation> steps, long seed, long count) {
  /** The examples as they are. */
  public static final Views PLAIN = new Views(List.of(), 0, 0);

  /** Takes a copy and checks the bounds. */
  public Views {
    steps = checked(steps);
    if (count < 0) {
      throw new IllegalArgumentException("count: " + count + " (expected: >= 1, or 0 for no end)");
    }
  }

  /**
   * A copy of steps that can be taken together.
   *
   * @throws IllegalArgumentException if a mixture would be mixed again
   */
  public static List<Augmentation> checked(List<Augmentation> steps) {
    if (steps.stream().filter(Mixup.class::isInstance).count() > 1) {
      throw new IllegalArgumentException("augment: mixup given twice (expected: once)");
    }
    return List.copyOf(steps);
  }

  /** Whether examples are left as they are. */
  public boolean isPlain() {
    return steps.isEmpty();
  }

  /** Whether examples, and so their labels, are mixed. */
  public boolean mixes() {
    return steps.stream().anyMatch(Mixup.class::isInstance);
  }

  /**
   * The view that a pass shows.
   *
   * @param pass from 0
   */
  public long at(long pass) {
    return count == 0 ? pass : pass % count;
  }

  /** All that a view depends on, as soft labels are kept under: {@code view 3 of seed 7: ...}. */
  public String name(long view) {
    return "view %s of seed %s: %s".formatted(view, seed, spelled());
  }

  private String spelled() {
    return steps.stream().map(DigestText::of).collect(Collectors.joining(", "));
  }

  /**
   * Checks that examples can be varied so.
   *
   * @throws org.distill4j.fault.InputFault if they are no images and images are needed
   */
  public void check(Dataset data) {
    steps.forEach(step -> step.check(data.name(), data.shape()));
  }
}
