package org.distill4j.quantize;

import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.settings.Describe;

/** The preference, size or speed, by which the best of the models within the limit is chosen. */
@Describe("which of the models that lose little enough is the best")
public enum Preference {
  /** The smallest. */
  BYTES,
  /** The fastest on this machine; layers that integers slow down stay float. */
  SPEED;

  /**
   * Refuses a wish for speed on a machine that is not there.
   *
   * @param name what the setting is called
   * @throws IllegalArgumentException if no time can be measured for the target
   */
  public void check(String name, TargetMachine target) {
    if (this == SPEED && !target.isHere()) {
      throw new IllegalArgumentException(
          name
              + ", target: speed, "
              + target.spelling()
              + " (expected: bytes, as no time can be measured for another machine)");
    }
  }
}
