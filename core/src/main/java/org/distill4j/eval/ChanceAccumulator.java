package org.distill4j.eval;

import java.util.Arrays;
import java.util.List;

/** Counts up, class by class, what the {@link ChanceLevel} of a classifier is made of. */
public final class ChanceAccumulator {
  private final long[] examples;
  private final long[] right;
  private final long[] answers;
  private final double[] means; // of the loss, so far
  private final double[] spread; // squared distances to it
  private final LabelHistory history = new LabelHistory(); // empty but of one label of several
  private final Ranking ranking = new Ranking(16); // empty but of two classes whose odds are told

  /** For one class out of so many. */
  public ChanceAccumulator(int classes) {
    this.examples = new long[classes];
    this.right = new long[classes];
    this.answers = new long[classes];
    this.means = new double[classes];
    this.spread = new double[classes];
  }

  /** One for each of several labels, with two classes each. */
  public static List<ChanceAccumulator> ofLabels(int labels) {
    ChanceAccumulator[] all = new ChanceAccumulator[labels];
    Arrays.setAll(all, k -> new ChanceAccumulator(2));
    return List.of(all);
  }

  /**
   * Adds an example.
   *
   * @param answer a class, or -1 if there is none
   * @param loss {@code -ln} of the truth's probability, at least 0
   */
  public void add(int truth, int answer, double loss) {
    examples[truth]++;
    right[truth] += answer == truth ? 1 : 0;
    if (answer >= 0) {
      answers[answer]++;
    }
    double before = loss - means[truth];
    means[truth] += before / examples[truth];
    spread[truth] += before * (loss - means[truth]);
  }

  /**
   * Adds an example of one of two classes.
   *
   * @param odds the logarithm of the second's
   */
  public void add(int truth, int answer, double loss, float odds) {
    add(truth, answer, loss);
    ranking.add(odds, truth == 1);
  }

  /** Adds whether an example has a label, by its logit. */
  public void add(boolean has, double logit) {
    double z = has ? -logit : logit; // ln(1 + e^z), without overflow
    double loss = Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    add(has ? 1 : 0, logit > 0 ? 1 : 0, loss);
    history.add(has, logit > 0, loss);
  }

  /** What several labels come to together: of those that some examples have and others have not. */
  public static ChanceLevel level(List<ChanceAccumulator> labels) {
    List<ChanceAccumulator> told = labels.stream().filter(ChanceAccumulator::isTold).toList();
    return told.isEmpty()
        ? ChanceLevel.mean(labels.stream().map(ChanceAccumulator::level).toList())
        : ChanceLevel.mean(told.stream().map(ChanceAccumulator::level).toList())
            .withErrorsOf(told.stream().map(t -> t.history).toList());
  }

  /** Whether some examples have the label and others have not. */
  private boolean isTold() {
    return Arrays.stream(examples).allMatch(count -> count > 0);
  }

  /** What all of it comes to. */
  public ChanceLevel level() {
    double n = Arrays.stream(examples).sum();
    long classes = Arrays.stream(examples).filter(c -> c > 0).count();
    double even = 1.0 / classes;
    double balanced = 0;
    double balancedSquare = 0;
    double loss = 0;
    double evenLoss = 0;
    double prior = 0;
    double within = Arrays.stream(spread).sum() / n;
    double evenSquare = 0;
    for (int k = 0; k < examples.length; k++) {
      if (examples[k] > 0) {
        double share = examples[k] / n;
        double answered = answers[k] / n;
        double deviation = examples[k] > 1 ? spread[k] / (examples[k] - 1) : within;
        balanced += even * right[k] / examples[k];
        balancedSquare += even * even * answered * (1 - answered) / examples[k];
        loss += share * means[k];
        evenLoss += even * means[k];
        evenSquare += even * even * deviation / examples[k];
        prior -= share * Math.log(share);
      }
    }
    double gain = prior - loss;
    double square = within; // of what is won on an example
    for (int k = 0; k < examples.length; k++) {
      if (examples[k] > 0) {
        double won = -Math.log(examples[k] / n) - means[k] - gain;
        square += examples[k] / n * won * won;
      }
    }
    return new ChanceLevel(
        (long) n,
        (long) n - Arrays.stream(examples).max().orElse(0),
        Arrays.stream(right).sum() / n,
        Arrays.stream(examples).max().orElse(0) / n,
        balanced,
        classes < 2 ? Double.NaN : even,
        Math.sqrt(balancedSquare),
        loss,
        gain,
        Math.sqrt(square / n),
        -Math.log(even) - evenLoss,
        Math.sqrt(evenSquare),
        ranking.auc());
  }
}
