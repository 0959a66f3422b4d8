package org.distill4j.recipe;

import java.util.Locale;
import java.util.Optional;
import org.distill4j.eval.Metric;
import org.distill4j.settings.Default;
import org.distill4j.settings.Says;
import org.distill4j.settings.Shorthand;

/** A limit to a metric of a model. */
@Says("a measure of a model by itself")
public sealed interface Quality extends Limit {
  /** Which. */
  Metric metric();

  /** The least or the most that is allowed. */
  double limit();

  @Override
  default String title() {
    return metric().name().toLowerCase(Locale.ROOT);
  }

  @Override
  default String demand() {
    return (metric().lessIsBetter() ? "at most " : "at least ") + Limit.number(limit());
  }

  /** The share of examples answered rightly, 0 to 1. */
  @Shorthand(alone = false)
  @Says("least accuracy, 0..1")
  record Accuracy(
      @Says("0..1") double least,
      @Default("point") @Says("point or bound") Reads reads,
      @Says("if absent, the last that the student became") Optional<String> model)
      implements Quality {
    /** Checks the bounds. */
    public Accuracy {
      Limit.requireShare("least", least);
    }

    @Override
    public Metric metric() {
      return Metric.ACCURACY;
    }

    @Override
    public double limit() {
      return least;
    }
  }

  /** F1: of the second of two classes, else the mean over the classes, 0 to 1. */
  @Shorthand(alone = false)
  @Says("least F1: of the second of two classes, else the mean over the classes, 0..1")
  record F1(
      @Says("0..1") double least,
      @Default("point") @Says("point or bound") Reads reads,
      @Says("if absent, the last that the student became") Optional<String> model)
      implements Quality {
    /** Checks the bounds. */
    public F1 {
      Limit.requireShare("least", least);
    }

    @Override
    public Metric metric() {
      return Metric.F1;
    }

    @Override
    public double limit() {
      return least;
    }
  }

  /** The area under the ROC curve, 0 to 1. */
  @Shorthand(alone = false)
  @Says("least area under the ROC curve, 0..1")
  record Auc(
      @Says("0..1") double least,
      @Default("point") @Says("point or bound") Reads reads,
      @Says("if absent, the last that the student became") Optional<String> model)
      implements Quality {
    /** Checks the bounds. */
    public Auc {
      Limit.requireShare("least", least);
    }

    @Override
    public Metric metric() {
      return Metric.AUC;
    }

    @Override
    public double limit() {
      return least;
    }
  }

  /** The mean absolute error, in the unit of the numbers. */
  @Shorthand(alone = false)
  @Says("largest mean absolute error, in the unit of the numbers")
  record Mae(
      @Says("> 0") double most,
      @Default("point") @Says("point or bound") Reads reads,
      @Says("if absent, the last that the student became") Optional<String> model)
      implements Quality {
    /** Checks the bounds. */
    public Mae {
      Limit.requirePositive("most", most);
    }

    @Override
    public Metric metric() {
      return Metric.MAE;
    }

    @Override
    public double limit() {
      return most;
    }
  }

  /** The root mean squared error, in the unit of the numbers. */
  @Shorthand(alone = false)
  @Says("largest root mean squared error, in the unit of the numbers")
  record Rmse(
      @Says("> 0") double most,
      @Default("point") @Says("point or bound") Reads reads,
      @Says("if absent, the last that the student became") Optional<String> model)
      implements Quality {
    /** Checks the bounds. */
    public Rmse {
      Limit.requirePositive("most", most);
    }

    @Override
    public Metric metric() {
      return Metric.RMSE;
    }

    @Override
    public double limit() {
      return most;
    }
  }
}
