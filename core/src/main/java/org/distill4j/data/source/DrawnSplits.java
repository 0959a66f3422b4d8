package org.distill4j.data.source;

import java.util.Optional;
import org.distill4j.data.DataSampling;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.data.Subset;
import org.distill4j.fault.InputFault;

/** One's own data parted by purpose, before anybody holds them to it. */
record DrawnSplits(Dataset train, Dataset validation, Dataset test) {
  /**
   * Draws the parts that have no files from the training examples.
   *
   * @throws InputFault if nothing is left to train on
   */
  static DrawnSplits of(
      String name,
      DataSampling sampling,
      Dataset train,
      Optional<Dataset> validation,
      Optional<Dataset> test) {
    if (sampling.isWhole()) {
      return new DrawnSplits(train, validation.orElse(train), test.orElse(train));
    }
    long n = train.size();
    long validations = kept(name, "validation", sampling.validation(), validation, n);
    long tests = kept(name, "test", sampling.test(), test, n);
    if (n - validations <= tests) { // a sum of both may be none of 64 bits
      throw new InputFault(
          "data '%s': %s for validation and %s for the test of %s (expected: one left to train on)"
              .formatted(name, validations, tests, n));
    }
    long trains = n - validations - tests;
    if (trains == n) {
      return new DrawnSplits(train, validation.get(), test.get());
    }
    long seed = sampling.seed();
    return new DrawnSplits(
        Subset.shuffled(train, seed, 0, trains),
        validation.orElseGet(() -> Subset.shuffled(train, seed, trains, trains + validations)),
        test.orElseGet(() -> Subset.shuffled(train, seed, trains + validations, n)));
  }

  /** How many training examples make up a part that has no file. */
  private static long kept(
      String name, String purpose, Optional<Long> wanted, Optional<Dataset> file, long n) {
    if (file.isPresent() && wanted.isPresent()) {
      throw new InputFault(
          "%s: %s (expected: absent, as data '%s' has a file for it)"
              .formatted(purpose, wanted.get(), name));
    }
    return file.isPresent() ? 0 : wanted.orElse(Math.max(1, n / 10));
  }

  /** The parts, each with its purpose. */
  Splits splits() {
    return Splits.of(train, validation, test);
  }
}
