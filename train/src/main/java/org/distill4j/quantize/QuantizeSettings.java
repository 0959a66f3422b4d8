package org.distill4j.quantize;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.distill4j.quantize.observe.ActivationType;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.ptq.QuantizationScheme;
import org.distill4j.quantize.ptq.RangeMode;
import org.distill4j.quantize.ptq.Repair;
import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.quantize.qat.AwareSettings;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;

/**
 * The settings of post-training quantization: how a float model becomes one of 8-bit integers.
 *
 * @param form whether ranges of activations are fixed or found at each run
 * @param observer how ranges are chosen; absent: the one whose model loses least on validation
 * @param samples how many training examples calibration runs, at least 2
 * @param activations what they are stored as; absent: what suits the target
 * @param weightBits 8, 7 where the processor adds pairs of products in 16 bits, 0 for what suits
 *     the target; fewer are stored in 8 bits each, and only the compressed file is smaller
 * @param equalize whether weights are balanced between layers first
 * @param repairs what else is done so that 8 bits hurt less
 * @param maxDrop how much validation accuracy, or average precision or balanced accuracy where
 *     classes are uneven, may be lost, as a share of 1: if more is, further repairs are tried,
 *     training last where {@code train} is given, then layers stay float; absent: nothing further
 *     is tried
 * @param keepFloat names of nodes that stay float
 * @param train how the model is trained on while it rounds: with {@code maxDrop} if no other repair
 *     is within it, else at once; absent: it is not
 * @param prefer whether layers that integers slow down on this machine stay float
 */
@Describe("post-training quantization to 8-bit integers")
public record QuantizeSettings(
    @Default("static") @Describe("whether ranges of activations are fixed, or found at each run")
        RangeMode form,
    @Describe("how ranges are chosen; absent: what loses least on validation")
        Optional<Observer> observer,
    @Default("512") @Describe("training examples that calibration runs, >= 2") long samples,
    @Describe("what activations are stored as; absent: what suits the target")
        Optional<ActivationType> activations,
    @Default("0")
        @Describe(
            "8; 7 for processors that saturate; 0: what suits the target; 2 to 6 are stored in 8")
        int weightBits,
    @Default("true") @Describe("balance weights between layers first") boolean equalize,
    @Default("[]") @Describe("what else is done so that 8 bits hurt less") List<Repair> repairs,
    @Describe("validation accuracy that may be lost, 0 to 1: beyond it further repairs are tried")
        Optional<Double> maxDrop,
    @Default("[]") @Describe("nodes that stay float, by name") List<String> keepFloat,
    @Describe(
            "trains on while the model rounds as its integers will, with max-drop if nothing else is"
                + " within it; absent: it does not")
        Optional<AwareSettings> train,
    @Default("bytes") @Describe("bytes, or speed: layers that integers slow down here stay float")
        Preference prefer) {
  private static final int FULL_BITS = 8;
  private static final int LEAST_BITS = 2;

  /** Without training, the smallest. */
  public QuantizeSettings(
      RangeMode form,
      Optional<Observer> observer,
      long samples,
      Optional<ActivationType> activations,
      int weightBits,
      boolean equalize,
      List<Repair> repairs,
      Optional<Double> maxDrop,
      List<String> keepFloat) {
    this(
        form,
        observer,
        samples,
        activations,
        weightBits,
        equalize,
        repairs,
        maxDrop,
        keepFloat,
        Optional.empty(),
        Preference.BYTES);
  }

  /** Checks the bounds. */
  public QuantizeSettings {
    repairs = List.copyOf(repairs);
    keepFloat = List.copyOf(keepFloat);
    if (samples < 2) {
      throw new IllegalArgumentException("samples: " + samples + " (expected: >= 2)");
    }
    if (weightBits != 0 && (weightBits < LEAST_BITS || weightBits > FULL_BITS)) {
      throw new IllegalArgumentException("weight-bits: " + weightBits + " (expected: 0, 2 to 8)");
    }
    if (maxDrop.isPresent() && !(maxDrop.get() >= 0 && maxDrop.get() <= 1)) {
      throw new IllegalArgumentException("max-drop: " + maxDrop.get() + " (expected: 0 to 1)");
    }
    if (train.isPresent() && form == RangeMode.DYNAMIC) {
      throw new IllegalArgumentException(
          "train: given, with form dynamic (expected: form static, as what is trained has fixed"
              + " ranges)");
    }
    if (form == RangeMode.DYNAMIC
        && (observer.isPresent()
            || activations.isPresent()
            || maxDrop.isPresent()
            || prefer == Preference.SPEED
            || !repairs.isEmpty())) {
      throw new IllegalArgumentException(
          "form: dynamic, with observer, activations, repairs, max-drop or prefer: speed (expected:"
              + " none of them, as its ranges are found at each run)");
    }
  }

  /** All defaults. */
  public static QuantizeSettings defaults() {
    return new QuantizeSettings(
        RangeMode.STATIC,
        Optional.empty(),
        512,
        Optional.empty(),
        0,
        true,
        List.of(),
        Optional.empty(),
        List.of());
  }

  /** Everything that is done to the model, balancing included. */
  public Set<Repair> allRepairs() {
    Set<Repair> all = EnumSet.noneOf(Repair.class);
    all.addAll(repairs);
    if (equalize) {
      all.add(Repair.EQUALIZE);
    }
    return all;
  }

  /** The same with other repairs and other layers kept float, none of them for speed. */
  public QuantizeSettings with(Set<Repair> others, Set<String> floats) {
    return new QuantizeSettings(
        form,
        observer,
        samples,
        activations,
        weightBits,
        others.contains(Repair.EQUALIZE),
        others.stream().filter(r -> r != Repair.EQUALIZE).sorted().toList(),
        maxDrop,
        floats.stream().sorted().toList(),
        train,
        Preference.BYTES);
  }

  /** Which integers a model for a target is made of. */
  public QuantizationScheme integers(TargetMachine target) {
    return new QuantizationScheme(
        activations.orElseGet(target::activations),
        weightBits == 0 ? target.weightBits() : weightBits,
        target.hasDenseScalePerChannel());
  }
}
