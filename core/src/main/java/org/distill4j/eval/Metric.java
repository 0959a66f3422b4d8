package org.distill4j.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.LongStream;
import org.distill4j.data.Dataset;
import org.distill4j.data.OmittedClassesDataset;
import org.distill4j.graph.TaskType;

/**
 * A metric: a measure of a model by itself.
 *
 * <p>Intervals: of a share Wilson's; of F1 by the delta method on the confusion matrix; of the area
 * under the curve DeLong's; of the mean absolute error its standard error; of the root mean squared
 * error the root of those of the mean square.
 */
public enum Metric {
  /** The share of examples that are answered rightly, 0 to 1. */
  ACCURACY(false) {
    @Override
    Optional<Estimate> one(Evaluation evaluation) {
      return evaluation.task() == TaskType.REGRESSION
          ? Optional.empty()
          : Optional.of(Estimate.share(evaluation.n() - evaluation.errors(), evaluation.n()));
    }
  },
  /** {@link Evaluation#F1}, 0 to 1. */
  F1(false) {
    @Override
    Optional<Estimate> one(Evaluation evaluation) {
      return value(evaluation, Evaluation.F1)
          .map(f1 -> Estimate.normal(f1, f1Error(evaluation), evaluation.n()));
    }
  },
  /** {@link Evaluation#AUC}, 0 to 1. */
  AUC(false) {
    @Override
    Optional<Estimate> one(Evaluation evaluation) {
      return value(evaluation, Evaluation.AUC)
          .map(
              auc ->
                  evaluation.predictions().isRanked()
                      ? RankedArea.of(evaluation.predictions()).estimate()
                      : Estimate.normal(auc, Double.NaN, evaluation.n()));
    }
  },
  /** {@link Evaluation#BALANCED_ACCURACY}, 0 to 1. */
  BALANCED_ACCURACY(false) {
    @Override
    Optional<Estimate> one(Evaluation evaluation) {
      return value(evaluation, Evaluation.BALANCED_ACCURACY)
          .map(share -> Estimate.normal(share, recallError(evaluation), evaluation.n()));
    }
  },
  /** {@link Evaluation#AVERAGE_PRECISION}, 0 to 1; no interval is known. */
  AVERAGE_PRECISION(false) {
    @Override
    Optional<Estimate> one(Evaluation evaluation) {
      return value(evaluation, Evaluation.AVERAGE_PRECISION)
          .map(share -> Estimate.normal(share, Double.NaN, evaluation.n()));
    }
  },
  /** {@link Evaluation#MAE}, in the unit of the numbers. */
  MAE(true) {
    @Override
    Optional<Estimate> one(Evaluation evaluation) {
      return value(evaluation, Evaluation.MAE)
          .map(mae -> Estimate.normal(mae, meanError(evaluation, false), evaluation.n()));
    }
  },
  /** {@link Evaluation#RMSE}, in the unit of the numbers. */
  RMSE(true) {
    @Override
    Optional<Estimate> one(Evaluation evaluation) {
      return value(evaluation, Evaluation.RMSE).map(rmse -> rmse(rmse, evaluation));
    }
  };

  /** From here on the commonest class is so common beside the rarest that accuracy misleads. */
  static final double UNEVEN = 10;

  private final boolean less;

  Metric(boolean less) {
    this.less = less;
  }

  /**
   * The metric by which models of such data are chosen: accuracy; where the commonest class is ten
   * times as frequent as the rarest, or classes are weighed, the area under precision and recall of
   * two classes, else balanced accuracy; of numbers the mean absolute error. Classes that a student
   * never sees count, as it is asked about them.
   *
   * @param lessons what they are trained on
   */
  public static Metric suiting(Dataset lessons) {
    Dataset train = OmittedClassesDataset.withoutOmission(lessons);
    if (train.task() != TaskType.SINGLE_LABEL) {
      return train.task() == TaskType.REGRESSION ? MAE : ACCURACY;
    }
    long[] counts = new long[train.classes().size()];
    for (long i = 0; i < train.size(); i++) {
      counts[train.label(i)]++;
    }
    long most = LongStream.of(counts).max().orElse(1);
    long least = LongStream.of(counts).filter(c -> c > 0).min().orElse(1);
    boolean even = most < UNEVEN * least && train.classWeights().isEmpty();
    return even ? ACCURACY : counts.length == 2 ? AVERAGE_PRECISION : BALANCED_ACCURACY;
  }

  /** What a model has of it; accuracy where it was not measured. */
  public double valueOf(Evaluation found) {
    return of(List.of(found)).map(Estimate::value).orElseGet(found::accuracy);
  }

  /**
   * How much less a model has than another on the same examples, as a share of 1; of numbers not
   * known.
   */
  public double drop(Evaluation from, Evaluation to) {
    return isOfEvenClasses() ? from.accuracy() - to.accuracy() : valueOf(from) - valueOf(to);
  }

  /**
   * Whether a model is chosen rather than another: it has more; where both have as much, less loss.
   * Accuracies and errors of numbers are told apart by {@link Evaluation#beats}.
   */
  public boolean prefers(Evaluation found, Evaluation other) {
    if (isOfEvenClasses()) {
      return found.beats(other);
    }
    int more = Double.compare(valueOf(found), valueOf(other));
    return more > 0 || (more == 0 && found.loss() < other.loss());
  }

  /**
   * How bad a model is, in finer steps than the metric has, to tell small changes apart: its loss;
   * of two uneven classes what is missing to a perfect area, as the loss of the commonest hides the
   * other's; of more the loss with all counting alike.
   */
  public double badness(Evaluation found) {
    return this == AVERAGE_PRECISION
        ? 1 - valueOf(found)
        : this == BALANCED_ACCURACY ? found.evenLoss() : found.loss();
  }

  private boolean isOfEvenClasses() {
    return this != BALANCED_ACCURACY && this != AVERAGE_PRECISION;
  }

  /**
   * The area under the ROC curve less a baseline's on the same examples, over all seeds, with
   * DeLong's interval for paired areas; empty but for two classes that both occur.
   *
   * @param candidates one for each seed
   * @param baselines one for each seed, or one for all
   */
  public static Optional<Estimate> aucAhead(
      List<Evaluation> candidates, List<Evaluation> baselines) {
    List<Estimate> areas = new ArrayList<>();
    for (int s = 0; s < candidates.size(); s++) {
      Evaluation own = candidates.get(s);
      Evaluation other = baselines.get(baselines.size() == 1 ? 0 : s);
      Comparison.requireSameExamples(own, other);
      if (!own.predictions().isRanked() || !other.predictions().isRanked()) {
        return Optional.empty();
      }
      areas.add(RankedArea.of(own.predictions()).ahead(RankedArea.of(other.predictions())));
    }
    return Optional.of(Estimate.pooled(areas).within(-1, 1));
  }

  /** As people call it: {@code balanced accuracy}. */
  public String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Whether less of it is better. */
  public boolean lessIsBetter() {
    return less;
  }

  /**
   * What it comes to, over all seeds.
   *
   * @param seeds one evaluation for each, on the same examples
   * @return empty where it was not measured or does not suit the task; ends that are NaN where no
   *     interval is known
   */
  public Optional<Estimate> of(List<Evaluation> seeds) {
    List<Optional<Estimate>> each = seeds.stream().map(this::one).toList();
    return each.stream().allMatch(Optional::isPresent)
        ? Optional.of(Estimate.pooled(each.stream().map(Optional::orElseThrow).toList()))
            .map(e -> less ? e.within(0, Double.POSITIVE_INFINITY) : e.within(0, 1))
        : Optional.empty();
  }

  /**
   * Why no interval is known for such data; empty if one is.
   *
   * @param answers how many classes or numbers an answer has
   */
  public Optional<String> unbounded(TaskType task, int answers) {
    if (this == F1 && task == TaskType.MULTI_LABEL) {
      return Optional.of("the bound of F1 is known for single labels");
    } else if (this == AUC && (task == TaskType.MULTI_LABEL || answers > 2)) {
      return Optional.of("the bound of AUC is known for two classes");
    } else if (this == RMSE && answers > 1) {
      return Optional.of("the bound of the root mean squared error is known for one number");
    }
    return Optional.empty();
  }

  abstract Optional<Estimate> one(Evaluation evaluation);

  private static Optional<Double> value(Evaluation evaluation, String name) {
    return Optional.ofNullable(evaluation.more().get(name)).filter(v -> !v.isNaN());
  }

  /**
   * The standard error of F1. With p the shares of the confusion matrix, {@code F1_k = 2 p_kk /
   * (r_k + c_k)} of row and column sums, h the derivative by each share:
   *
   * <pre>{@code se² = (sum of p h² - (sum of p h)²) / n}</pre>
   *
   * @see <a href="https://doi.org/10.1007/s10489-021-02635-5">Takahashi et al., 2022</a>
   */
  private static double f1Error(Evaluation evaluation) {
    Confusion confusion = evaluation.confusion();
    int classes = confusion.classes().size();
    if (classes == 0) {
      return Double.NaN;
    }
    double n = evaluation.n();
    double[] both = new double[classes]; // rows and columns
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < classes; j++) {
        both[i] += confusion.count(i, j) / n;
        both[j] += confusion.count(i, j) / n;
      }
    }
    int there = 0;
    for (double b : both) {
      there += b > 0 ? 1 : 0;
    }
    double first = 0;
    double second = 0;
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < classes; j++) {
        double h = 0;
        for (int k = classes == 2 ? 1 : 0; k < classes; k++) {
          if (both[k] > 0) {
            double right = 2 * confusion.count(k, k) / n;
            double top = i == k && j == k ? 2 * both[k] : 0;
            h += (top - right * ((i == k ? 1 : 0) + (j == k ? 1 : 0))) / (both[k] * both[k]);
          }
        }
        h /= classes == 2 ? 1 : there;
        double share = confusion.count(i, j) / n;
        first += share * h;
        second += share * h * h;
      }
    }
    return Math.sqrt(Math.max(0, second - first * first) / n);
  }

  /** Of the mean of the classes' recalls, each a share of its own examples. */
  private static double recallError(Evaluation evaluation) {
    Confusion confusion = evaluation.confusion();
    double sum = 0;
    int there = 0;
    for (int k = 0; k < confusion.classes().size(); k++) {
      double n = confusion.examples(k);
      if (n > 0) {
        double recall = confusion.count(k, k) / n;
        sum += recall * (1 - recall) / n;
        there++;
      }
    }
    return Math.sqrt(sum) / there;
  }

  /** {@code sd / sqrt(n)} of the distances or their squares. */
  private static double meanError(Evaluation evaluation, boolean squared) {
    double mean = 0;
    double sum = 0;
    for (int i = 0; i < evaluation.n(); i++) {
      double distance = evaluation.predictions().distance(i);
      double x = squared ? distance * distance : distance;
      double before = x - mean;
      mean += before / (i + 1);
      sum += before * (x - mean);
    }
    return Math.sqrt(sum / Math.max(1, evaluation.n() - 1) / evaluation.n());
  }

  private static Estimate rmse(double rmse, Evaluation evaluation) {
    double half = Estimate.Z * meanError(evaluation, true);
    double square = rmse * rmse;
    return new Estimate(
        rmse, Math.sqrt(Math.max(0, square - half)), Math.sqrt(square + half), evaluation.n());
  }
}
