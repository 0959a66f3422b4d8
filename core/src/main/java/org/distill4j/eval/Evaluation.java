package org.distill4j.eval;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.data.Split;
import org.distill4j.data.Suitable;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.progress.ProgressListener;

/**
 * How a classifier did on the examples of one split.
 *
 * @param data the name of the data set
 * @param purpose {@code train}, {@code validation} or {@code test}
 * @param sha256 the digest of the split's content: only evaluations on the same examples compare
 * @param loss mean cross-entropy to the labels in nats, at temperature 1
 * @param confusion how often each class was taken for each other
 * @param calibration whether it is right as often as it claims
 * @param predictions the answer to each example, in the data's order
 */
public record Evaluation(
    String data,
    String purpose,
    String sha256,
    double loss,
    Confusion confusion,
    Calibration calibration,
    Predictions predictions) {

  /**
   * Evaluates a model in ONNX Runtime on all processors, whether it ends in logits or in a softmax.
   *
   * @param model takes what its metadata say, else what suits the data
   * @throws InputFault if the model names other classes than the data, or in another order
   */
  public static Evaluation of(Graph model, Split split) {
    Dataset data = split.data();
    Optional<List<String>> named = Metadata.classes(model);
    if (named.isPresent() && !named.get().equals(data.classes())) {
      throw new InputFault(
          "model '%s' classes: %s (expected: %s, as data '%s' has them)"
              .formatted(model.name(), named.get(), data.classes(), data.name()));
    }
    Suitable.require("model '" + model.name() + "'", model, data);
    Preprocessing taken = Metadata.preprocessing(model).orElseGet(data::preprocessing);
    int threads = Runtime.getRuntime().availableProcessors();
    try (Predictor predictor = new OnnxRuntime().openForBatches(model, threads)) {
      return of(predictor, Scores.of(model), taken, split, ProgressListener.NONE);
    }
  }

  /** {@link #of(Predictor, Scores, Preprocessing, Split, ProgressListener)} of logits, silently. */
  public static Evaluation of(Predictor model, Preprocessing preprocessing, Split split) {
    return of(model, Scores.LOGITS, preprocessing, split, ProgressListener.NONE);
  }

  /**
   * Runs a model over every example of a split. Memory is bounded by two batches and 8 bytes an
   * example.
   *
   * @param model one input that takes the data's shape, one output with a score per class
   * @param scores what its output holds
   * @param preprocessing what the model wants done to raw values
   * @param listener hears of each batch, with the loss and accuracy so far
   * @throws InputFault if the data are empty, a label is out of range, or the model's shapes do not
   *     suit the data
   * @throws org.distill4j.fault.RunFault if the model gives a score that is not finite
   */
  public static Evaluation of(
      Predictor model,
      Scores scores,
      Preprocessing preprocessing,
      Split split,
      ProgressListener listener) {
    Dataset data = split.data();
    int n = count(data);
    Tally tally = new Tally(split, n);
    Forward forward = new Forward(model, scores, new Preprocessed(data, preprocessing));
    listener.begin("evaluating on " + split.purpose(), n, "examples");
    Map<String, Double> measures = new LinkedHashMap<>();
    try {
      forward.run(
          n,
          i -> i,
          (index, logProbabilities) -> tally.add(index, data.label(index), logProbabilities),
          done -> {
            measures.put("loss", tally.lossSoFar(done));
            measures.put("accuracy", tally.accuracySoFar(done));
            listener.advance(done, measures);
          });
    } catch (RuntimeException e) {
      listener.end("given up");
      throw e;
    }
    Evaluation evaluation = tally.evaluation();
    listener.end(
        String.format(
            Locale.ROOT,
            "accuracy %.4f (%,d wrong of %,d)",
            evaluation.accuracy(),
            evaluation.errors(),
            evaluation.n()));
    return evaluation;
  }

  /** How many examples there are. */
  public int n() {
    return predictions.size();
  }

  /** How many were answered wrongly. */
  public int errors() {
    int errors = 0;
    for (int i = 0; i < n(); i++) {
      errors += predictions.isRight(i) ? 0 : 1;
    }
    return errors;
  }

  /** The share that was answered rightly, 0 to 1. */
  public double accuracy() {
    return 1 - (double) errors() / n();
  }

  /**
   * The share of the examples to which another model gave the same answer, right or wrong.
   *
   * @param other on the same examples
   */
  public double agreement(Evaluation other) {
    if (!sha256.equals(other.sha256)) {
      throw new IllegalArgumentException(
          "evaluations: on %s and %s (expected: the same examples)".formatted(data, other.data));
    }
    int same = 0;
    for (int i = 0; i < n(); i++) {
      same += predictions.answer(i) == other.predictions.answer(i) ? 1 : 0;
    }
    return (double) same / n();
  }

  /** Whether it has fewer errors than another, or as many at a smaller loss. */
  public boolean beats(Evaluation other) {
    return errors() < other.errors() || (errors() == other.errors() && loss < other.loss);
  }

  private static int count(Dataset data) {
    if (data.size() < 1 || data.size() > Integer.MAX_VALUE) {
      throw new InputFault(
          "data '%s': %d examples (expected: 1 to %d)"
              .formatted(data.name(), data.size(), Integer.MAX_VALUE));
    }
    return (int) data.size();
  }
}
