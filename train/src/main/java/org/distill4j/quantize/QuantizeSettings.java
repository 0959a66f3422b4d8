package org.distill4j.quantize;

import java.util.List;
import java.util.Optional;
import org.distill4j.inference.Processor;
import org.distill4j.settings.Default;
import org.distill4j.settings.Says;

/**
 * How a float model becomes one of 8-bit integers after training.
 *
 * @param observer how ranges are chosen; absent: the one whose model loses least on validation
 * @param samples how many training examples calibration runs, at least 2
 * @param activations what they are stored as
 * @param weightBits 8, 7 where the processor adds pairs of products in 16 bits, 0 for what suits
 *     this processor
 * @param equalize whether weights are balanced between layers first
 * @param keepFloat names of nodes that stay float
 */
@Says("post-training quantization to 8-bit integers")
public record QuantizeSettings(
    @Says("how ranges are chosen; absent: what loses least on validation")
        Optional<Observer> observer,
    @Default("512") @Says("training examples that calibration runs, >= 2") long samples,
    @Default("uint8") @Says("what activations are stored as") ActivationType activations,
    @Default("0") @Says("8; 7 for processors that saturate; 0: what suits this one") int weightBits,
    @Default("true") @Says("balance weights between layers first") boolean equalize,
    @Default("[]") @Says("nodes that stay float, by name") List<String> keepFloat) {
  private static final int FULL_BITS = 8;
  private static final int SAFE_BITS = 7;

  /** Checks the bounds. */
  public QuantizeSettings {
    keepFloat = List.copyOf(keepFloat);
    if (samples < 2) {
      throw new IllegalArgumentException("samples: " + samples + " (expected: >= 2)");
    }
    if (weightBits != 0 && weightBits != SAFE_BITS && weightBits != FULL_BITS) {
      throw new IllegalArgumentException("weight-bits: " + weightBits + " (expected: 0, 7 or 8)");
    }
  }

  /** All defaults. */
  public static QuantizeSettings defaults() {
    return new QuantizeSettings(Optional.empty(), 512, ActivationType.UINT8, 0, true, List.of());
  }

  /** The bits of weights: as set, else 7 on a processor whose sums of 8-bit products saturate. */
  public int weightBitsHere() {
    if (weightBits != 0) {
      return weightBits;
    }
    return Processor.here().hasInt8DotProducts() ? FULL_BITS : SAFE_BITS;
  }
}
