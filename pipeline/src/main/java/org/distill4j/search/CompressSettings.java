package org.distill4j.search;

import org.distill4j.quantize.Preference;
import org.distill4j.quantize.ptq.RangeMode;
import org.distill4j.quantize.ptq.TargetMachine;

/**
 * The aims of a search: what it is after.
 *
 * @param target the machine the model is for; where it is not this one, no time is measured
 * @param form whether ranges of activations are fixed or found at each run
 * @param prefer what counts among models within the limit
 */
public record CompressSettings(TargetMachine target, RangeMode form, Preference prefer) {
  /** Refuses a wish for speed on a machine that is not there. */
  public CompressSettings {
    prefer.check("prefer", target);
  }

  /** The smallest model for this machine. */
  public static CompressSettings usual() {
    return new CompressSettings(TargetMachine.HERE, RangeMode.STATIC, Preference.BYTES);
  }
}
