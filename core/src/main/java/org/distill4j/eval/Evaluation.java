package org.distill4j.eval;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.data.ModelDataCheck;
import org.distill4j.data.Preprocessed;
import org.distill4j.data.Split;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.inference.InferenceRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.Runtimes;
import org.distill4j.onnx.CutSoftmax;
import org.distill4j.onnx.InferenceMode;
import org.distill4j.progress.ProgressListener;

/**
 * The evaluation of a model on the examples of one split.
 *
 * @param data the name of the data set
 * @param purpose {@code train}, {@code validation} or {@code test}
 * @param sha256 the digest of the split's content: only evaluations on the same examples compare
 * @param task what was asked
 * @param loss mean cross-entropy to the labels in nats, at temperature 1; of several labels the
 *     mean binary one; of numbers the mean squared error
 * @param confusion how often each class was taken for each other; without classes where the task is
 *     not a single label
 * @param calibration whether it is right as often as it claims; of several labels each of them
 *     counts; without counts for a regression
 * @param predictions the answer to each example, in the data's order
 * @param more what else suits the task, by the names below
 * @param chance what it is beside chance; null for a regression, and where it was not measured
 * @param mean what a regression is beside always answering the mean; null for classes, and where it
 *     was not measured
 */
public record Evaluation(
    String data,
    String purpose,
    String sha256,
    TaskType task,
    double loss,
    Confusion confusion,
    Calibration calibration,
    Predictions predictions,
    Map<String, Double> more,
    ChanceLevel chance,
    MeanLevel mean) {
  /**
   * {@code 2 TP / (2 TP + FP + FN)}: of the second of two classes, else the mean over the classes.
   */
  public static final String F1 = "f1";

  /** The same of all labels' counts together. */
  public static final String F1_MICRO = "f1_micro";

  /** Area under the ROC curve: of the second of two classes, else the mean of each against all. */
  public static final String AUC = "auc";

  /** Mean over the classes of the share of each that is answered rightly. */
  public static final String BALANCED_ACCURACY = "balanced_accuracy";

  /**
   * Area under precision and recall of the positive one of two classes, as {@link
   * Predictions#positive} says: the sum over the scores, falling, of the precision there times the
   * recall gained.
   */
  public static final String AVERAGE_PRECISION = "average_precision";

  /** The share of single labels that are right, where an example may have several. */
  public static final String LABEL_ACCURACY = "label_accuracy";

  /** Mean absolute error. */
  public static final String MAE = "mae";

  /** Root mean squared error. */
  public static final String RMSE = "rmse";

  /** The share of the truth's variance that is explained, at most 1. */
  public static final String R2 = "r2";

  /** Takes a copy. */
  public Evaluation {
    more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
  }

  /** Without what chance would bring. */
  public Evaluation(
      String data,
      String purpose,
      String sha256,
      TaskType task,
      double loss,
      Confusion confusion,
      Calibration calibration,
      Predictions predictions,
      Map<String, Double> more) {
    this(data, purpose, sha256, task, loss, confusion, calibration, predictions, more, null, null);
  }

  /** {@link #of(Graph, Split, int)} on all processors. */
  public static Evaluation of(Graph model, Split split) {
    return of(model, split, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Evaluates a model in ONNX Runtime, whether it ends in logits or in a softmax.
   *
   * @param model takes what its metadata say, else what suits the data
   * @param threads how many threads may be used, at least 1
   * @throws InputFault if the model names other classes than the data, or in another order
   */
  public static Evaluation of(Graph model, Split split, int threads) {
    return of(model, split, Runtimes.of(model), threads);
  }

  /**
   * Evaluates a model in a runtime, whether it ends in logits or in a softmax.
   *
   * @param model takes what its metadata say, else what suits the data
   * @param runtime runs it
   * @param threads how many threads may be used, at least 1
   * @throws InputFault if the model names other classes than the data, or in another order
   */
  public static Evaluation of(Graph model, Split split, InferenceRuntime runtime, int threads) {
    Dataset data = split.data();
    Optional<List<String>> named = Metadata.classes(model);
    if (named.isPresent() && !named.get().equals(data.classes())) {
      throw new InputFault(
          "model '%s' classes: %s (expected: %s, as data '%s' has them); give data of its classes, or write the right names into its file by annotate --classes"
              .formatted(model.name(), named.get(), data.classes(), data.name()));
    }
    ModelDataCheck.require("model '" + model.name() + "'", model, data);
    InferenceMode.requireFixed(model);
    Preprocessing taken = Metadata.preprocessing(model).orElseGet(data::preprocessing);
    Graph asked = asked(model, data.task());
    try (Predictor predictor = runtime.openForBatches(asked, threads)) {
      ScoreKind scores = ScoreKind.of(asked, predictor, new Preprocessed(data, taken));
      return of(predictor, scores, taken, split, ProgressListener.NONE);
    }
  }

  /**
   * Refuses a model from elsewhere whose answers can be logits or probabilities, or go by the call,
   * or by the batch that an example is in.
   *
   * @param model as it is asked
   * @throws InputFault with the way out
   */
  public static void requireClear(Graph model, Split split) {
    Dataset data = split.data();
    Preprocessing taken = Metadata.preprocessing(model).orElseGet(data::preprocessing);
    String name = "model '" + model.name() + "'";
    try (Predictor predictor = Runtimes.of(model).openForBatches(model, 1)) {
      Preprocessed examples = new Preprocessed(data, taken);
      ScoreKind.requireSame(name, predictor, examples);
      ScoreKind.required(name, model, predictor, examples);
    }
  }

  /**
   * A model as it is asked: without an activation that its last operator alone does not tell; a
   * plain one may stay, and so does any where numbers are asked for.
   */
  public static Graph asked(Graph model, TaskType task) {
    return task != TaskType.REGRESSION
            && ScoreKind.told(model).isEmpty()
            && ScoreKind.of(model) == ScoreKind.LOGITS
        ? CutSoftmax.toLogits(model)
        : model;
  }

  /**
   * {@link #of(Predictor, ScoreKind, Preprocessing, Split, ProgressListener)} of logits, silently.
   */
  public static Evaluation of(Predictor model, Preprocessing preprocessing, Split split) {
    return of(model, ScoreKind.LOGITS, preprocessing, split, ProgressListener.NONE);
  }

  /**
   * Runs a model over every example of a split. Memory is bounded by two batches, 12 bytes an
   * example, and for the area under the curve another 12 bytes an example and class; for numbers 8
   * bytes an example.
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
      ScoreKind scores,
      Preprocessing preprocessing,
      Split split,
      ProgressListener listener) {
    Dataset data = split.data();
    int n = count(data);
    MetricAccumulator tally = MetricAccumulator.of(split, n);
    ForwardLoop forward = new ForwardLoop(model, scores, new Preprocessed(data, preprocessing));
    listener.begin("evaluating on " + split.purpose(), n, "examples");
    try {
      forward.run(n, i -> i, tally::add, done -> listener.advance(done, tally.soFar(done)));
    } catch (RuntimeException e) {
      listener.end("given up");
      throw e;
    }
    Evaluation evaluation = tally.evaluation();
    listener.end(tally.summary(evaluation));
    return evaluation;
  }

  /** How many examples there are. */
  public int n() {
    return predictions.size();
  }

  /** How many were answered wrongly; none where numbers are asked for. */
  public int errors() {
    if (task == TaskType.REGRESSION) {
      return 0;
    }
    int errors = 0;
    for (int i = 0; i < n(); i++) {
      errors += predictions.isRight(i) ? 0 : 1;
    }
    return errors;
  }

  /** The share that was answered rightly, 0 to 1; NaN where numbers are asked for. */
  public double accuracy() {
    return task == TaskType.REGRESSION ? Double.NaN : 1 - (double) errors() / n();
  }

  /**
   * The share of the examples to which another model gave the same answer, right or wrong; of
   * several labels, that both have all of them right or neither has.
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

  /** The loss with every class counting alike; the loss itself where there are no classes. */
  public double evenLoss() {
    return chance == null ? loss : chance.evenLoss();
  }

  /**
   * Why the model is at chance, in a phrase: no better than always answering the commonest class,
   * by balanced accuracy and by log loss, each at the lower end of a one-sided interval of two
   * standard errors ({@link ChanceLevel}); or its outputs have outgrown what a probability can
   * carry. Of a regression: certainly none of the variance is explained ({@link MeanLevel}). Empty
   * if it is better, or if so few examples cannot tell.
   */
  public Optional<String> atChance() {
    if (task == TaskType.REGRESSION) {
      double explained = more.getOrDefault(R2, 1.0); // where all numbers are one, nothing can be
      return Optional.ofNullable(mean).flatMap(m -> m.fault(explained, purpose + " examples"));
    }
    return Optional.ofNullable(chance).flatMap(c -> c.fault(purpose + " examples"));
  }

  /** Whether it has fewer errors than another, or as many at a smaller loss. */
  public boolean beats(Evaluation other) {
    return errors() < other.errors() || (errors() == other.errors() && loss < other.loss);
  }

  private static int count(Dataset data) {
    if (data.size() < 1 || data.size() > Integer.MAX_VALUE) {
      throw new InputFault(
          "data '%s': %s examples (expected: 1 to %s)"
              .formatted(data.name(), data.size(), Integer.MAX_VALUE));
    }
    return (int) data.size();
  }
}
