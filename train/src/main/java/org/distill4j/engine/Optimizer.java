package org.distill4j.engine;

import java.util.Locale;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;

/**
 * An optimizer: how a gradient g moves a weight w at rate r. All forms are those of the papers, as
 * PyTorch spells them, so that its settings carry over.
 */
public sealed interface Optimizer {
  /**
   * Stochastic gradient descent: {@code v = momentum v + g; w -= r v}, with Nesterov {@code w -= r
   * (g + momentum v)}.
   *
   * @param momentum 0 for none; below 1
   * @param nesterov looks one step ahead; needs a momentum
   */
  @Describe("stochastic gradient descent")
  @DigestedAs("Sgd[momentum, nesterov]")
  record Sgd(
      @Default("0") @Describe("0 for none, below 1; 0.9 is usual") double momentum,
      @Default("false") @Describe("looks one step ahead; needs a momentum") boolean nesterov)
      implements Optimizer {
    /** Checks the bounds. */
    public Sgd {
      requireBelowOne("momentum", momentum);
      if (nesterov && momentum == 0) {
        throw new IllegalArgumentException("nesterov: true (expected: a momentum > 0 with it)");
      }
    }
  }

  /**
   * Adam: {@code m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g²; w -= r m' / (sqrt(v') + epsilon)},
   * where {@code m'} and {@code v'} are corrected for their start at 0. A weight decay is added to
   * the gradient.
   *
   * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, 2015</a>
   */
  @Describe("Adam; a weight decay is added to the gradient")
  @DigestedAs("Adam[beta1, beta2, epsilon]")
  record Adam(
      @Default("0.9") @Describe("decay of the mean gradient, 0 <= b < 1") double beta1,
      @Default("0.999") @Describe("decay of the mean squared gradient, 0 <= b < 1") double beta2,
      @Default("1e-8") @Describe("keeps the division finite, > 0") double epsilon)
      implements Optimizer {
    /** Checks the bounds. */
    public Adam {
      requireMoments(beta1, beta2, epsilon);
    }
  }

  /**
   * Adam whose weight decay acts on the weight itself: {@code w -= r decay w} beside Adam's step.
   *
   * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter, 2019</a>
   */
  @Describe("Adam; a weight decay acts on the weight itself")
  @DigestedAs("AdamW[beta1, beta2, epsilon]")
  record AdamW(
      @Default("0.9") @Describe("decay of the mean gradient, 0 <= b < 1") double beta1,
      @Default("0.999") @Describe("decay of the mean squared gradient, 0 <= b < 1") double beta2,
      @Default("1e-8") @Describe("keeps the division finite, > 0") double epsilon)
      implements Optimizer {
    /** Checks the bounds. */
    public AdamW {
      requireMoments(beta1, beta2, epsilon);
    }
  }

  /** In words for people; the constants of Adam's paper are left out. */
  default String says() {
    if (this instanceof Sgd sgd) {
      String form = sgd.nesterov ? "Nesterov momentum " : "momentum ";
      return "SGD" + (sgd.momentum == 0 ? "" : " with " + form + sgd.momentum);
    } else if (this instanceof AdamW w) {
      return "AdamW" + moments(w.beta1, w.beta2, w.epsilon);
    }
    Adam adam = (Adam) this;
    return "Adam" + moments(adam.beta1, adam.beta2, adam.epsilon);
  }

  private static String moments(double beta1, double beta2, double epsilon) {
    return adam().equals(new Adam(beta1, beta2, epsilon))
        ? ""
        : String.format(
            Locale.ROOT, " with beta1 %s, beta2 %s, epsilon %.3g", beta1, beta2, epsilon);
  }

  /** Adam with the paper's constants. */
  static Optimizer adam() {
    return new Adam(0.9, 0.999, 1e-8);
  }

  private static void requireMoments(double beta1, double beta2, double epsilon) {
    requireBelowOne("beta1", beta1);
    requireBelowOne("beta2", beta2);
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("epsilon: " + epsilon + " (expected: > 0)");
    }
  }

  private static void requireBelowOne(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: 0 <= " + name + " < 1)");
    }
  }
}
