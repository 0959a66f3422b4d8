package org.distill4j.data.record;

import org.distill4j.fault.InputFault;
import org.distill4j.records.Example;

/**
 * Whole numbers that floats of 32 bits do not tell apart: all times of a day in milliseconds since
 * 1970 are 660 floats. They are refused before anything is learned from what is left of them.
 */
final class LargeNumbers {
  /** So many steps between the least and the largest lose nothing that a net would see. */
  private static final int STEPS = 4096;

  private LargeNumbers() {}

  /**
   * Refuses a feature of which too little is left; one whose first numbers floats hold is taken.
   */
  static void require(InterleavedRecords records, String feature, Example.Numbers first) {
    if (first.areHeld()) {
      return;
    }
    int count = first.count();
    long[] least = new long[count];
    long[] most = new long[count];
    for (int i = 0; i < records.count(); i++) {
      String record = records.name(i);
      if (RecordInput.feature(records.example(i), feature, record)
              instanceof Example.Numbers numbers
          && numbers.count() == count) {
        for (int n = 0; n < count; n++) {
          long number = numbers.whole(n);
          least[n] = i == 0 ? number : Math.min(least[n], number);
          most[n] = i == 0 ? number : Math.max(most[n], number);
        }
      }
    }
    for (int n = 0; n < count; n++) {
      float largest = Math.max(Math.abs((float) least[n]), Math.abs((float) most[n]));
      double steps = ((double) most[n] - least[n]) / Math.ulp(largest);
      if (Math.ulp(largest) > 1 && most[n] != least[n] && steps < STEPS) {
        throw new InputFault(
            "%s: feature '%s' goes from %d to %d, in which floats of 32 bits tell %.0f numbers apart (expected: at least %,d); write it less its least, or in another unit"
                .formatted(records.names(), feature, least[n], most[n], steps + 1, STEPS));
      }
    }
  }
}
