package org.distill4j.data;

import org.distill4j.fault.InputFault;

/** Data parted by purpose; all three have one shape and the same classes. */
public record Splits(TrainSet train, ValidationSet validation, TestSet test) {
  /** Checks that the parts belong together. */
  public Splits {
    requireAlike(train, validation);
    requireAlike(train, test);
  }

  private static void requireAlike(Split a, Split b) {
    if (!a.data().shape().equals(b.data().shape())
        || !a.data().classes().equals(b.data().classes())) {
      throw new InputFault(
          "data '%s': %s %s %s differs from %s %s %s (expected: one shape, the same classes)"
              .formatted(
                  a.data().name(),
                  a.purpose(),
                  a.data().shape(),
                  a.data().classes(),
                  b.purpose(),
                  b.data().shape(),
                  b.data().classes()));
    }
  }
}
