package org.distill4j.search;

import java.util.Locale;
import org.distill4j.settings.StepKey;

/**
 * How a candidate is made, and the number of its present meaning: bump it by hand when the same
 * settings and inputs give another candidate, and every search makes it anew.
 */
enum CandidateKind {
  /** The model that was given, measured. */
  FLOATS(3),
  /** One with fewer channels, trained on by the whole model. */
  PRUNED(3),
  /** One of integers, held against exact ones. */
  INTEGERS(5);

  private final int format;

  CandidateKind(int format) {
    this.format = format;
  }

  /** The key of such a candidate before it is told what it depends on. */
  StepKey key() {
    return StepKey.of("candidate-" + name().toLowerCase(Locale.ROOT), format);
  }
}
