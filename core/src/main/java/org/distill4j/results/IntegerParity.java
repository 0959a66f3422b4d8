package org.distill4j.results;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The parity of a model of integers: how near the runtime that will run it comes to the engine's
 * simulation and to exact arithmetic, on the same examples in the same batches. A model that the
 * engine cannot simulate, as one that finds its ranges at each run, is held against exact
 * arithmetic alone.
 *
 * @param simulated runtime and simulation; null where there is no simulation
 * @param exact runtime and exact arithmetic, which large models' first examples are asked about
 * @param withinStep the share of the simulation's integers that are within one step of those that
 *     exact arithmetic makes of the same operands; null where there is no simulation
 * @param runtimeWithinStep likewise of the runtime's integers
 * @param layers where an integer is more than one step off, in the graph's order
 * @param compared what ran the model, the one that will run it first
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
  "n",
  "exact_n",
  "distance",
  "exact_distance",
  "agreement",
  "exact_agreement",
  "within_step",
  "runtime_within_step",
  "layers",
  "compared"
})
public record IntegerParity(
    @JsonIgnore Parity simulated,
    @JsonIgnore Parity exact,
    @JsonProperty("within_step") Double withinStep,
    @JsonProperty("runtime_within_step") double runtimeWithinStep,
    List<Layer> layers,
    List<String> compared) {
  /** The share of answers that must be the same. */
  public static final double LEAST_AGREEMENT = .995;

  /** The share of integers that must be within one step. */
  public static final double LEAST_WITHIN_STEP = .999;

  /**
   * A tensor of integers of which some are more than a step off.
   *
   * @param name of the tensor
   * @param simulation the share of the simulation's integers within one step
   * @param runtime the share of the runtime's
   * @param steps how far off the worst is
   */
  public record Layer(String name, double simulation, double runtime, int steps) {}

  /** Takes a copy. */
  public IntegerParity {
    layers = List.copyOf(layers);
    compared = compared == null ? List.of() : List.copyOf(compared); // older files have none
  }

  /**
   * As files hold it, side by side; {@code distance} and {@code agreement} are the simulation's.
   */
  @JsonCreator
  public static IntegerParity of(
      @JsonProperty("n") int n,
      @JsonProperty("exact_n") int exactN,
      @JsonProperty("distance") Double distance,
      @JsonProperty("exact_distance") double exactDistance,
      @JsonProperty("agreement") Double agreement,
      @JsonProperty("exact_agreement") double exactAgreement,
      @JsonProperty("within_step") Double withinStep,
      @JsonProperty("runtime_within_step") double runtimeWithinStep,
      @JsonProperty("layers") List<Layer> layers,
      @JsonProperty("compared") List<String> compared) {
    return new IntegerParity(
        distance == null || agreement == null ? null : new Parity(n, distance, agreement),
        new Parity(exactN, exactDistance, exactAgreement),
        withinStep,
        runtimeWithinStep,
        layers,
        compared);
  }

  /** How many examples. */
  @JsonProperty("n")
  public int n() {
    return isSimulated() ? simulated.n() : exact.n();
  }

  @JsonProperty("exact_n")
  int exactN() {
    return exact.n();
  }

  @JsonProperty("distance")
  Double distance() {
    return isSimulated() ? (Double) simulated.distance() : null;
  }

  @JsonProperty("exact_distance")
  double exactDistance() {
    return exact.distance();
  }

  @JsonProperty("agreement")
  Double agreement() {
    return isSimulated() ? (Double) simulated.agreement() : null;
  }

  @JsonProperty("exact_agreement")
  double exactAgreement() {
    return exact.agreement();
  }

  /** Whether the engine could simulate it. */
  @JsonIgnore
  public boolean isSimulated() {
    return simulated != null;
  }

  /** Whether the model may be said to do what was simulated. */
  @JsonIgnore
  public boolean isPassed() {
    return exact.agreement() >= LEAST_AGREEMENT
        && (!isSimulated()
            || (simulated.agreement() >= LEAST_AGREEMENT && withinStep >= LEAST_WITHIN_STEP));
  }

  /** One line for people. */
  public String summary() {
    if (!isSimulated()) {
      return String.format(
          Locale.ROOT,
          "ONNX Runtime answers as exact integers on %.2f %% of %,d examples; largest difference"
              + " %.3g; not simulated",
          100 * exact.agreement(),
          exact.n(),
          exact.distance());
    }
    return String.format(
        Locale.ROOT,
        "ONNX Runtime answers as simulated on %.2f %%, as exact integers on %.2f %% of %,d examples"
            + " (%,d exact); largest difference %.3g; simulated within a step of exact %.3f %%",
        100 * simulated.agreement(),
        100 * exact.agreement(),
        simulated.n(),
        exact.n(),
        simulated.distance(),
        100 * withinStep);
  }

  /** Why it is not passed, and the way out; for people. */
  public String fault() {
    String worst =
        layers.isEmpty()
            ? ""
            : layers.stream()
                .min(Comparator.comparingDouble(l -> Math.min(l.runtime(), l.simulation())))
                .map(l -> "; farthest off: " + l.name() + ", by " + l.steps() + " steps")
                .orElse("");
    String found =
        isSimulated()
            ? String.format(
                Locale.ROOT,
                "%.2f %% of answers as simulated, %.2f %% as exact integers, %.3f %% of integers"
                    + " within a step (expected: >= %.1f, %.1f and %.1f)",
                100 * simulated.agreement(),
                100 * exact.agreement(),
                100 * withinStep,
                100 * LEAST_AGREEMENT,
                100 * LEAST_AGREEMENT,
                100 * LEAST_WITHIN_STEP)
            : String.format(
                Locale.ROOT,
                "%.2f %% of answers as exact integers (expected: >= %.1f)",
                100 * exact.agreement(),
                100 * LEAST_AGREEMENT);
    return "parity: " + found + worst + "; set weight-bits: 7 or keep layers float";
  }
}
