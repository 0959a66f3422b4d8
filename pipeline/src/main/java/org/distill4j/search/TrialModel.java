package org.distill4j.search;

import java.util.List;
import java.util.Set;
import org.distill4j.eval.Evaluation;
import org.distill4j.graph.Graph;
import org.distill4j.progress.Epoch;
import org.distill4j.quantize.PostTraining;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.ptq.Repair;

/**
 * A model that was just made, and how.
 *
 * @param graph the model
 * @param found on validation
 * @param observer how its ranges were chosen, or empty
 * @param repairs what was done so that 8 bits hurt less, by name
 * @param weightBits of its integers; 32 for floats
 * @param keptFloat the layers that stayed float although they could work on integers
 * @param trainedSteps how many steps it was trained on for
 */
record TrialModel(
    Graph graph,
    Evaluation found,
    String observer,
    List<String> repairs,
    int weightBits,
    List<String> keptFloat,
    long trainedSteps) {
  /** A model of floats. */
  static TrialModel floats(Graph graph, Evaluation found, long trainedSteps) {
    return new TrialModel(graph, found, "", List.of(), Float.SIZE, List.of(), trainedSteps);
  }

  /** A model of integers. */
  static TrialModel integers(PostTraining.Trial trial, int weightBits, Set<String> keptFloat) {
    return new TrialModel(
        trial.graph(),
        trial.found(),
        trial.observer().map(Observer::name).orElse(""),
        trial.repairs().stream().sorted().map(Repair::name).toList(),
        weightBits,
        keptFloat.stream().sorted().toList(),
        trial.training().map(t -> steps(t.trained().epochs())).orElse(0L));
  }

  private static long steps(List<Epoch> epochs) {
    return epochs.get(epochs.size() - 1).step();
  }

  boolean isOfIntegers() {
    return weightBits < Float.SIZE;
  }
}
