package org.distill4j.parity;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * How near a model of integers in the runtime that will run it comes to the engine's simulation and
 * to exact arithmetic, on the same examples.
 *
 * @param n how many examples
 * @param exactN how many of them exact arithmetic was asked about
 * @param distance the largest between two numbers of the model's output, runtime and simulation
 * @param exactDistance likewise runtime and exact arithmetic
 * @param agreement the share of examples to which runtime and simulation give the same answer
 * @param exactAgreement likewise runtime and exact arithmetic
 * @param withinStep the share of the simulation's integers that are within one step of those that
 *     exact arithmetic makes of the same operands
 * @param runtimeWithinStep likewise of the runtime's integers
 * @param layers where an integer is more than one step off, in the graph's order
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Parity(
    int n,
    @JsonProperty("exact_n") int exactN,
    double distance,
    @JsonProperty("exact_distance") double exactDistance,
    double agreement,
    @JsonProperty("exact_agreement") double exactAgreement,
    @JsonProperty("within_step") double withinStep,
    @JsonProperty("runtime_within_step") double runtimeWithinStep,
    List<Layer> layers) {
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
  public Parity {
    layers = List.copyOf(layers);
  }

  /** Whether the model may be said to do what was simulated. */
  @JsonIgnore
  public boolean isPassed() {
    return agreement >= LEAST_AGREEMENT
        && exactAgreement >= LEAST_AGREEMENT
        && withinStep >= LEAST_WITHIN_STEP;
  }

  /** One line for people. */
  public String summary() {
    return String.format(
        Locale.ROOT,
        "ONNX Runtime answers as simulated on %.2f %%, as exact integers on %.2f %% of %,d examples"
            + " (%,d exact); largest difference %.3g; simulated within a step of exact %.3f %%",
        100 * agreement,
        100 * exactAgreement,
        n,
        exactN,
        distance,
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
    return String.format(
        Locale.ROOT,
        "parity: %.2f %% of answers as simulated, %.2f %% as exact integers, %.3f %% of integers"
            + " within a step (expected: >= %.1f, %.1f and %.1f)%s; set weight-bits: 7 or keep"
            + " layers float",
        100 * agreement,
        100 * exactAgreement,
        100 * withinStep,
        100 * LEAST_AGREEMENT,
        100 * LEAST_AGREEMENT,
        100 * LEAST_WITHIN_STEP,
        worst);
  }
}
