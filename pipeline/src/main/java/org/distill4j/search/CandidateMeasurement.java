package org.distill4j.search;

import java.util.Optional;
import org.distill4j.data.Split;
import org.distill4j.data.Splits;
import org.distill4j.eval.Evaluation;
import org.distill4j.eval.Metric;
import org.distill4j.graph.Graph;
import org.distill4j.inference.Latency;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.RelativeTime;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.parity.ParityCheck;
import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.results.IntegerParity;
import org.distill4j.shapes.Cost;

/**
 * Where the figures of candidates come from: accuracies from what computes as the target does, a
 * time only if the target is this machine.
 */
final class CandidateMeasurement {
  private static final int LATENCY_THREADS = 1;

  private final Graph whole;
  private final Splits data;
  private final TargetMachine target;
  private final int threads;
  private final ProgressListener listener;
  private Evaluation reference;
  private double seconds; // that the whole model took for validation
  private Double wholeMs; // null until it is measured

  /**
   * For the candidates of a model.
   *
   * @param whole the float model that was given
   */
  CandidateMeasurement(
      Graph whole, Splits data, TargetMachine target, int threads, ProgressListener listener) {
    this.whole = whole;
    this.data = data;
    this.target = target;
    this.threads = threads;
    this.listener = listener;
  }

  /** The float model on validation. */
  Evaluation reference() {
    if (reference == null) {
      long start = System.nanoTime();
      reference = on(data.validation(), whole);
      seconds = (System.nanoTime() - start) / 1e9;
    }
    return reference;
  }

  /** How long the whole model takes for an example, in seconds, on all threads. */
  double secondsPerExample() {
    return seconds / reference().n();
  }

  /** A model on some split. */
  Evaluation on(Split split, Graph graph) {
    return Evaluation.of(graph, split, target.runtime(), threads);
  }

  /** All figures of a model that lies in a file. */
  Candidate measured(
      String name,
      String from,
      String file,
      String key,
      long bytes,
      String sha256,
      TrialModel made,
      IntegerParity parity) {
    Cost cost = Cost.of(made.graph());
    return new Candidate(
        name,
        from,
        file,
        key,
        bytes,
        sha256,
        cost.parameters(),
        cost.macs(),
        cost.integerMacs(),
        made.found().accuracy(),
        measure(reference()) - measure(made.found()),
        made.found().agreement(reference()),
        latency(made.graph()),
        made.observer(),
        made.repairs(),
        made.weightBits(),
        made.keptFloat(),
        made.trainedSteps(),
        parity,
        made.found().atChance().orElse(null));
  }

  /** Accuracy, or what suits uneven classes. */
  private double measure(Evaluation found) {
    return Metric.suiting(data.train().data()).valueOf(found);
  }

  /** Null for floats, and where exact arithmetic refuses the model. */
  IntegerParity parity(String name, TrialModel made) {
    if (!made.isOfIntegers()) {
      return null;
    }
    Optional<IntegerParity> parity =
        ParityCheck.ifExecutable(
            name, made.graph(), data.validation().data(), target.runtime(), threads, listener);
    parity.ifPresent(p -> listener.note(name + ": " + (p.isPassed() ? p.summary() : p.fault())));
    return parity.orElse(null);
  }

  /** What the whole model took when it was measured, now or in an earlier search; null: nothing. */
  void wholeTook(Double p50Ms) {
    wholeMs = p50Ms;
  }

  /**
   * Null where the model is for another machine. The whole model comes first; every other is timed
   * in turn with it, so that a machine that grows slower meanwhile makes none look slow.
   */
  private Double latency(Graph graph) {
    if (!target.isHere()) {
      return null;
    }
    try (Predictor predictor = new OnnxRuntime().open(graph, LATENCY_THREADS)) {
      if (wholeMs == null) {
        return Latency.measure(predictor, 1, LATENCY_THREADS).p50Ms();
      }
      try (Predictor beside = new OnnxRuntime().open(whole, LATENCY_THREADS)) {
        return wholeMs * RelativeTime.of(predictor, beside);
      }
    }
  }
}
