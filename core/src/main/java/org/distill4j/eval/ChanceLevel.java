package org.distill4j.eval;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The chance level of a classifier: the least that it must be to know anything of an example.
 *
 * <p>It is held against what always answers the commonest class and gives each class its share as a
 * probability. With n examples, {@code n_k} of class k of the K that occur, {@code p_k = n_k / n},
 * {@code r_k} the share of class k that is answered rightly, {@code q_k} the share of all answers
 * that are k, and l the loss on an example, {@code -ln} of the truth's probability:
 *
 * <pre>{@code
 * balanced accuracy   mean of r_k over the classes;           by chance 1 / K,
 *                     error² = sum of q_k (1 - q_k) / n_k / K²
 * gain                mean of (-ln p_k - l) over the examples; by chance at most 0
 * even gain           mean of (ln K - l) over the classes;     by chance at most 0
 * area                under the ROC curve, of two classes of which one is rare; by chance 1 / 2,
 *                     error² = (n + 1) / (12 n_1 n_2), as of ranks (Mann and Whitney)
 * }</pre>
 *
 * <p>It is better than chance where one of them lies above chance by more than two standard errors,
 * the area by three, the lower end of a one-sided interval of 97.7 %. Accuracy alone would not do:
 * where 99 of 100 examples have one class, nothing shows in it. A model that was taught with class
 * weights loses in log loss by its nature, and gains in balanced accuracy and the even gain; one
 * whose probabilities are good but seldom above one half gains in log loss alone; one that was
 * taught where a rare class is less rare gains in the area alone.
 *
 * <p>Of several labels each counts as two classes, and all figures are means over the labels; what
 * an example brings is the mean over its labels, of which the standard errors are taken.
 *
 * @param n examples
 * @param others how many are of other classes than the commonest, of all labels together
 * @param accuracy share of the answers that are right
 * @param commonest share that the commonest class gets right
 * @param balanced balanced accuracy, 0 to 1
 * @param even what chance brings in balanced accuracy: {@code 1 / K}; NaN where fewer than two
 *     classes occur, so that nothing can be judged
 * @param balancedError standard error of balanced accuracy by chance
 * @param loss log loss in nats
 * @param gain how much lower it is than that of the classes' shares
 * @param gainError standard error of the gain
 * @param evenGain the same with every class counting alike
 * @param evenGainError standard error of the even gain
 * @param area under the ROC curve of two classes, 0 to 1; NaN where it is not known
 * @see <a href="https://doi.org/10.1214/aoms/1177730491">Mann and Whitney, 1947</a>
 */
public record ChanceLevel(
    long n,
    long others,
    double accuracy,
    double commonest,
    double balanced,
    double even,
    double balancedError,
    double loss,
    double gain,
    double gainError,
    double evenGain,
    double evenGainError,
    double area) {
  /** How many standard errors above chance are more than chance. */
  private static final double CERTAIN = 2;

  /** The same of the area: a net as it was drawn ranks somehow, and it is one measure more. */
  private static final double CERTAIN_OF_AREA = 3;

  /** Rounding alone never brings so much, in nats. */
  private static final double ROUNDING = 1e-6;

  /** A float32 probability is not smaller than {@code e^-87.3}. */
  private static final double CARRIED = -Math.log(Float.MIN_NORMAL);

  /** Fewer examples of other classes than the commonest tell nothing. */
  private static final int LEAST_OTHERS = 5;

  /** Halfway from chance to perfect. */
  private static final double HALFWAY = 0.5;

  /** What a balanced accuracy must exceed to be more than chance. */
  public double floor() {
    return even + CERTAIN * balancedError;
  }

  /**
   * Whether so many examples, of at least two classes, can tell a perfect model from chance. It
   * rests on the truths alone, as if answers were as common as the classes, which makes the square
   * of balanced accuracy's error {@code (K - 1) / K² / n}: not on what a model answers.
   */
  public boolean isJudged() {
    double error = Math.sqrt(even * (1 - even) / n);
    return others >= LEAST_OTHERS && even + CERTAIN * error < 1; // NaN is not
  }

  /** Whether one of two classes is rare, so that an answer by one half shows little. */
  private boolean isOfRareClass() {
    return !Double.isNaN(area) && n - others >= Metric.UNEVEN * others;
  }

  /** What an area under the ROC curve must exceed to be more than chance. */
  private double areaFloor() {
    return 0.5 + CERTAIN_OF_AREA * Math.sqrt((n + 1.0) / (12.0 * others * (n - others)));
  }

  /** Whether one of the measures is certainly above chance. */
  public boolean isBetter() {
    return balanced > floor()
        || (isOfRareClass() && area > areaFloor())
        || gain > CERTAIN * gainError + ROUNDING
        || evenGain > CERTAIN * evenGainError + ROUNDING;
  }

  /**
   * Log loss in nats with every class counting alike; that of the examples where one class occurs.
   */
  public double evenLoss() {
    return Double.isNaN(even) ? loss : -Math.log(even) - evenGain;
  }

  /** How far it is from chance, 0, to perfect, 1, in balanced accuracy. */
  private double informedness() {
    return (balanced - even) / (1 - even);
  }

  /**
   * Why it is not fit for anything; empty if it is, or if so few examples cannot tell.
   *
   * @param examples what they are called, such as {@code test examples}
   */
  public Optional<String> fault(String examples) {
    if (isJudged() && !isBetter()) {
      return Optional.of("no better than always answering the commonest class: " + says(examples));
    }
    return isJudged() && loss > CARRIED && informedness() < HALFWAY
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "outputs grown beyond what a probability can carry: log loss %.4g on %,d %s"
                    + " (expected: < %.1f nats)",
                loss,
                n,
                examples,
                CARRIED))
        : Optional.empty();
  }

  /** The measures beside what chance brings. */
  public String says(String examples) {
    return String.format(
            Locale.ROOT,
            "balanced accuracy %.3f on %,d %s (expected: > %.3f), log loss %.4g (expected: < %.4g, that"
                + " of the classes' shares)",
            balanced,
            n,
            examples,
            floor(),
            loss,
            loss + gain)
        + (isOfRareClass()
            ? String.format(Locale.ROOT, ", AUC %.3f (expected: > %.3f)", area, areaFloor())
            : "");
  }

  /** The means of several labels; their errors as if all labels erred together. */
  static ChanceLevel mean(List<ChanceLevel> all) {
    return new ChanceLevel(
        all.get(0).n,
        all.stream().mapToLong(ChanceLevel::others).sum(),
        mean(all, ChanceLevel::accuracy),
        mean(all, ChanceLevel::commonest),
        mean(all, ChanceLevel::balanced),
        mean(all, ChanceLevel::even),
        mean(all, ChanceLevel::balancedError),
        mean(all, ChanceLevel::loss),
        mean(all, ChanceLevel::gain),
        mean(all, ChanceLevel::gainError),
        mean(all, ChanceLevel::evenGain),
        mean(all, ChanceLevel::evenGainError),
        Double.NaN);
  }

  /** The same with the errors of means over labels that were answered so. */
  ChanceLevel withErrorsOf(List<LabelHistory> labels) {
    return new ChanceLevel(
        n,
        others,
        accuracy,
        commonest,
        balanced,
        even,
        LabelHistory.balancedError(labels),
        loss,
        gain,
        LabelHistory.gainError(labels),
        evenGain,
        LabelHistory.evenGainError(labels),
        Double.NaN);
  }

  private static double mean(List<ChanceLevel> all, ToDoubleFunction<ChanceLevel> figure) {
    return all.stream().mapToDouble(figure).average().orElse(Double.NaN);
  }
}
