package org.distill4j.recipe;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.distill4j.advice.RuleOfThumb;
import org.distill4j.advice.TransferSetRule;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;

/**
 * The settings {@code advice} of a recipe: how a run deals with the rules of thumb that it does not
 * keep. They are told; beyond that a rule can be waived, or made one that the run must keep.
 *
 * @param waive rules that need not be kept, each with the reason, which is told in their place
 * @param gate rules that must be kept: else the run ends with exit code 3, everything saved
 * @param transferSet how far the transfer set may be from what the teacher was validated on
 */
@Describe("which rules of thumb need not or must be kept")
public record AdviceSettings(
    @Default("{}") @Describe("rules that need not be kept here, each with the reason")
        Map<RuleOfThumb, String> waive,
    @Default("[]") @Describe("rules that must be kept: else exit code 3, everything saved")
        List<RuleOfThumb> gate,
    @Default("{}") @Describe("how far the transfer set may be from the validation data")
        TransferLimits transferSet) {

  /**
   * How far is too far, beyond what chance brings in samples of these sizes.
   *
   * @param furthest L∞: the largest difference of a class's or bin's share, 0 to 1
   * @param jensenShannon the Jensen-Shannon divergence in bits, 0 to 1
   * @param rare a class is rare, and named, below this part of the share that is expected of it
   */
  @Describe("how far the transfer set may be from the validation data, beyond chance")
  public record TransferLimits(
      @Default("0.05") @Describe("L-infinity: largest difference of a share, 0..1") double furthest,
      @Default("0.03") @Describe("Jensen-Shannon divergence in bits, 0..1") double jensenShannon,
      @Default("0.5") @Describe("a class is rare below this part of what is expected; 0 = never")
          double rare) {
    /** Checks the bounds. */
    public TransferLimits {
      requireShare("furthest", furthest);
      requireShare("jensen-shannon", jensenShannon);
      requireShare("rare", rare);
    }

    private static void requireShare(String name, double value) {
      if (!(value >= 0 && value <= 1)) {
        throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to 1)");
      }
    }

    public TransferSetRule.Limits limits() {
      return new TransferSetRule.Limits(furthest, jensenShannon, rare);
    }
  }

  /** Takes copies and checks the reasons. */
  public AdviceSettings {
    waive = Collections.unmodifiableMap(new TreeMap<>(waive)); // in the order of the rules
    gate = List.copyOf(gate);
    for (Map.Entry<RuleOfThumb, String> waived : waive.entrySet()) {
      if (waived.getValue().isBlank()) {
        throw new IllegalArgumentException(
            "waive." + waived.getKey().id() + ": '' (expected: the reason)");
      }
      if (gate.contains(waived.getKey())) {
        throw new IllegalArgumentException(
            "waive, gate: both have " + waived.getKey().id() + " (expected: one of them)");
      }
    }
  }

  /** Nothing waived, nothing demanded. */
  public static AdviceSettings usual() {
    return new AdviceSettings(Map.of(), List.of(), new TransferLimits(0.05, 0.03, 0.5));
  }
}
