package org.distill4j.prune;

import java.util.List;

/**
 * The bounds of pruning: what has to stay.
 *
 * @param most the largest share of a group that may go, 0 to below 1; at least one channel of each
 *     group stays in any case
 * @param multipleOf what the number of channels that stay in a group is rounded up to, at least 1;
 *     runtimes are fastest with whole blocks, usually of 8
 * @param keep layers all of whose channels stay, by node name
 */
public record PruningLimits(double most, int multipleOf, List<String> keep) {
  /** Nothing but one channel in each ten. */
  public static final PruningLimits USUAL = new PruningLimits(0.9, 1, List.of());

  /** Checks the bounds. */
  public PruningLimits {
    keep = List.copyOf(keep);
    if (!(most > 0 && most < 1)) {
      throw new IllegalArgumentException("most: " + most + " (expected: 0 < most < 1)");
    }
    if (multipleOf < 1) {
      throw new IllegalArgumentException("multiple-of: " + multipleOf + " (expected: >= 1)");
    }
  }

  /** The fewest channels that a group of so many keeps. */
  int least(int channels) {
    return Math.max(1, channels - (int) (most * channels + 1e-9));
  }

  /** So many channels, rounded up. */
  int rounded(int stay, int channels) {
    return Math.min(channels, (stay + multipleOf - 1) / multipleOf * multipleOf);
  }
}
