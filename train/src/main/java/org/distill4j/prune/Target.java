package org.distill4j.prune;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.distill4j.settings.Describe;

/**
 * The target of pruning: how small a model has to become, each as a share of what it was; all that
 * are given have to be met.
 *
 * @param macs multiply-adds, above 0 and below 1
 * @param parameters trained numbers, likewise
 * @param bytes of the ONNX file, likewise
 * @param latency median time of one example on one thread, measured on this machine beside the
 *     whole model, likewise
 */
@Describe("how small the student has to become, as shares of what it was; all given have to be met")
public record Target(
    @Describe("multiply-adds that may stay, 0 < share < 1") Optional<Double> macs,
    @Describe("parameters that may stay, 0 < share < 1") Optional<Double> parameters,
    @Describe("bytes of the file that may stay, 0 < share < 1") Optional<Double> bytes,
    @Describe("median time at batch 1 that may stay, measured on this machine, 0 < share < 1")
        Optional<Double> latency) {
  /** Checks the bounds. */
  public Target {
    check("macs", macs);
    check("parameters", parameters);
    check("bytes", bytes);
    check("latency", latency);
    if (macs.isEmpty() && parameters.isEmpty() && bytes.isEmpty() && latency.isEmpty()) {
      throw new IllegalArgumentException(
          "target: empty (expected: macs, parameters, bytes or latency)");
    }
  }

  /** So many of the multiply-adds. */
  public static Target macs(double share) {
    return new Target(Optional.of(share), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static void check(String name, Optional<Double> share) {
    if (share.isPresent() && !(share.get() > 0 && share.get() < 1)) {
      throw new IllegalArgumentException(
          name + ": " + share.get() + " (expected: a share of the whole, 0 < share < 1)");
    }
  }

  /** What is asked for and not met; empty if all is. */
  List<String> unmet(Size whole, Size cut, double time) {
    List<String> unmet = new ArrayList<>();
    require(unmet, "macs", macs, (double) cut.macs() / whole.macs());
    require(unmet, "parameters", parameters, (double) cut.parameters() / whole.parameters());
    require(unmet, "bytes", bytes, (double) cut.bytes() / whole.bytes());
    require(unmet, "latency", latency, time);
    return unmet;
  }

  private static void require(
      List<String> unmet, String name, Optional<Double> wanted, double share) {
    if (wanted.isPresent() && !(share <= wanted.get())) {
      unmet.add(
          String.format(Locale.ROOT, "%s: %s (expected: >= %.3f)", name, wanted.get(), share));
    }
  }

  /** As in a plan: {@code at most 0.6 of the multiply-adds}. */
  public String says() {
    List<String> parts = new ArrayList<>();
    macs.ifPresent(s -> parts.add(s + " of the multiply-adds"));
    parameters.ifPresent(s -> parts.add(s + " of the parameters"));
    bytes.ifPresent(s -> parts.add(s + " of the bytes"));
    latency.ifPresent(s -> parts.add(s + " of the time"));
    return "at most " + String.join(" and ", parts);
  }
}
