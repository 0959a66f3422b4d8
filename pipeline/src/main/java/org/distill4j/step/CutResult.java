package org.distill4j.step;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What taking channels out of a model found.
 *
 * @param before the model as it was
 * @param after the model without them, its statistics estimated anew
 * @param ratio the share of channels that went
 * @param parameters that are left
 * @param macs multiply-adds that are left
 * @param widths of each group of channels
 * @param alone what each group's channels were worth, taken out alone; empty where nobody asked
 */
record CutResult(
    StepResult.OnValidation before,
    StepResult.OnValidation after,
    double ratio,
    long parameters,
    long macs,
    List<Width> widths,
    List<Alone> alone)
    implements StepResult {
  /** How many channels a group had and has. */
  record Width(String group, int before, int after) {}

  /**
   * How good the model was without a share of one group.
   *
   * @param share of the group's channels
   */
  record Alone(String group, double share, StepResult.OnValidation without) {
    /** What a model is judged by here: accuracy, or the loss where there are numbers to tell. */
    String measure() {
      return without.accuracy() == null ? "loss" : "accuracy";
    }

    double worth() {
      return without.accuracy() == null ? without.loss() : without.accuracy();
    }
  }

  @Override
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    before.into(figures, "_before");
    after.into(figures, "");
    figures.put("ratio", ratio);
    figures.put("parameters", (double) parameters);
    figures.put("macs", (double) macs);
    for (Width width : widths) {
      figures.put("channels_" + width.group + "_before", (double) width.before);
      figures.put("channels_" + width.group, (double) width.after);
    }
    for (Alone each : alone) {
      figures.put(
          "%s_without_%s_of_%s".formatted(each.measure(), each.share, each.group), each.worth());
    }
    return figures;
  }
}
