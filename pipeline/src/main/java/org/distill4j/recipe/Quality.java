package org.distill4j.recipe;

import java.util.Locale;
import java.util.Optional;
import org.distill4j.eval.Metric;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.Shorthand;

/** A limit to a metric of a model. */
@Describe("a measure of a model by itself")
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
  @Describe("least accuracy, 0..1")
  record Accuracy(
      @Describe("0..1") double least,
      @Default("point") @Describe("point or bound") Reads reads,
      @Describe("if absent, the last that the student became") Optional<String> model)
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
  @Describe("least F1: of the second of two classes, else the mean over the classes, 0..1")
  record F1(
      @Describe("0..1") double least,
      @Default("point") @Describe("point or bound") Reads reads,
      @Describe("if absent, the last that the student became") Optional<String> model)
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
  @Describe("least area under the ROC curve, 0..1")
  record Auc(
      @Describe("0..1") double least,
      @Default("point") @Describe("point or bound") Reads reads,
      @Describe("if absent, the last that the student became") Optional<String> model)
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
  @Describe("largest mean absolute error, in the unit of the numbers")
  record Mae(
      @Describe("> 0") double most,
      @Default("point") @Describe("point or bound") Reads reads,
      @Describe("if absent, the last that the student became") Optional<String> model)
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
  @Describe("largest root mean squared error, in the unit of the numbers")
  record Rmse(
      @Describe("> 0") double most,
      @Default("point") @Describe("point or bound") Reads reads,
      @Describe("if absent, the last that the student became") Optional<String> model)
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
