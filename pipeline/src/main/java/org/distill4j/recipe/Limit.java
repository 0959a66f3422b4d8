package org.distill4j.recipe;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.Shorthand;

/**
 * A limit of the gate: one thing that it demands of a model.
 *
 * <p>A limit reads the point estimate, or the end of the 95 % confidence interval that is worse for
 * the model: then chance alone seldom lets a model through that is not good enough.
 */
@Describe("one thing that the gate demands of a model")
public sealed interface Limit
    permits Limit.Agreement,
        Limit.BeatsAlone,
        Limit.Bytes,
        Limit.Drop,
        Limit.Latency,
        Limit.WorstSlice,
        Quality {
  /** What a limit is held against. */
  enum Reads {
    /** The number measured. */
    POINT,
    /** The worse end of its 95 % confidence interval. */
    BOUND
  }

  /** Which model it is about; empty: the last one that the student became. */
  Optional<String> model();

  /** What is held against the limit. */
  default Reads reads() {
    return Reads.POINT;
  }

  /** In a few words, without the model and without numbers: {@code drop against teacher}. */
  String title();

  /** What is demanded, such as {@code at least 0.9}. */
  String demand();

  /** Other models that it is measured by. */
  default List<String> others() {
    return List.of();
  }

  /**
   * How much may be lost against another model on the same examples: accuracy, or mean absolute
   * error where numbers are asked for. Read at the bound it is a test of non-inferiority: the 95 %
   * confidence interval of the difference lies above {@code -most}.
   *
   * @param most as a share of 1; for numbers in their unit
   * @param against such as {@code teacher}, or {@code student}: the float one
   * @param discordance share of the examples that only one of the two gets right, as {@code plan}
   *     assumes it; absent: what is usual
   */
  @Shorthand(alone = false)
  @Describe("largest loss of accuracy against another model, read at the bound: non-inferiority")
  record Drop(
      @Describe("as a share of 1; for numbers the mean absolute error gained") double most,
      @Default("teacher") @Describe("teacher, student (the float one) or another model of the run")
          String against,
      @Default("bound") @Describe("point or bound") Reads reads,
      @Describe("if absent, the last that the student became") Optional<String> model,
      @Describe("for plan: share of examples that only one of the two gets right, 0..1")
          Optional<Double> discordance)
      implements Limit {
    /** Checks the bounds. */
    public Drop {
      if (!(most >= 0 && most < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("most: " + most + " (expected: >= 0)");
      }
      discordance.ifPresent(d -> requireShare("discordance", d));
    }

    @Override
    public String title() {
      return "drop against " + against;
    }

    @Override
    public String demand() {
      return "at most " + number(most);
    }

    @Override
    public List<String> others() {
      return List.of(against);
    }
  }

  /**
   * How much better than the same net taught by labels alone it is at least.
   *
   * @param by as a share of 1; for numbers in their unit
   */
  @Shorthand(alone = false)
  @Describe("better than the same net taught by labels alone, read at the bound")
  record BeatsAlone(
      @Default("0") @Describe("by more than that, as a share of 1; for numbers in their unit")
          double by,
      @Default("bound") @Describe("point or bound") Reads reads,
      @Describe("if absent, the last that the student became") Optional<String> model)
      implements Limit {
    /** Checks the bounds. */
    public BeatsAlone {
      if (!(by >= 0 && by < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("by: " + by + " (expected: >= 0)");
      }
    }

    @Override
    public String title() {
      return "ahead of " + Baseline.ALONE.model();
    }

    @Override
    public String demand() {
      return "more than " + number(by);
    }

    @Override
    public List<String> others() {
      return List.of(Baseline.ALONE.model());
    }
  }

  /** The share of examples that get the same answer as the teacher gives. */
  @Shorthand(alone = false)
  @Describe("least share of examples answered as the teacher answers them, 0..1")
  record Agreement(
      @Describe("0..1") double least,
      @Default("point") @Describe("point or bound") Reads reads,
      @Describe("if absent, the last that the student became") Optional<String> model)
      implements Limit {
    /** Checks the bounds. */
    public Agreement {
      requireShare("least", least);
    }

    @Override
    public String title() {
      return "agreement with " + ModelNames.TEACHER;
    }

    @Override
    public String demand() {
      return "at least " + number(least);
    }

    @Override
    public List<String> others() {
      return List.of(ModelNames.TEACHER);
    }
  }

  /**
   * How good it is at least for everybody: the accuracy of the worst slice, or its mean absolute
   * error where numbers are asked for.
   *
   * @param least accuracy, 0 to 1
   * @param most mean absolute error
   * @param by {@code class}, or a column of a table
   * @param smallest a slice of fewer examples tells too little to be judged
   */
  @Shorthand(alone = false)
  @Describe("least accuracy of the worst slice, by class or by a column of a table")
  record WorstSlice(
      @Describe("accuracy, 0..1") Optional<Double> least,
      @Describe("where numbers are asked for: mean absolute error, instead of least")
          Optional<Double> most,
      @Default("class") @Describe("class, or a column of the table") String by,
      @Default("30") @Describe("slices of fewer examples are not judged, >= 1") int smallest,
      @Default("point") @Describe("point or bound") Reads reads,
      @Describe("if absent, the last that the student became") Optional<String> model)
      implements Limit {
    /** What {@code by} is where the truth parts the examples. */
    public static final String CLASS = "class";

    /** Checks the bounds. */
    public WorstSlice {
      if (least.isPresent() == most.isPresent()) {
        throw new IllegalArgumentException(
            "least, most: %s given (expected: one of them)"
                .formatted(least.isPresent() ? "both" : "neither"));
      }
      least.ifPresent(share -> requireShare("least", share));
      most.ifPresent(error -> requirePositive("most", error));
      if (smallest < 1) {
        throw new IllegalArgumentException("smallest: " + smallest + " (expected: >= 1)");
      }
    }

    @Override
    public String title() {
      return "worst slice by " + by;
    }

    @Override
    public String demand() {
      return least
          .map(l -> "at least " + number(l))
          .orElseGet(() -> "at most " + number(most.get()));
    }
  }

  /** All files that are needed to run it, uncompressed. */
  @Shorthand(alone = false)
  @Describe("most bytes of all files needed to run it")
  record Bytes(
      @Describe(">= 1") long most,
      @Describe("if absent, the last that the student became") Optional<String> model)
      implements Limit {
    /** Checks the bounds. */
    public Bytes {
      if (most < 1) {
        throw new IllegalArgumentException("most: " + most + " (expected: >= 1)");
      }
    }

    @Override
    public String title() {
      return "bytes";
    }

    @Override
    public String demand() {
      return String.format(Locale.ROOT, "at most %,d", most);
    }
  }

  /**
   * How long a call may take on this machine, in ONNX Runtime.
   *
   * @param p50 milliseconds that half of the calls keep
   * @param p95 milliseconds that 95 of 100 calls keep
   * @param batch examples a call, at least 1
   * @param threads at least 1
   */
  @Describe("longest time of a call on this machine, in milliseconds")
  record Latency(
      @Describe("ms that half of the calls keep, > 0") Optional<Double> p50,
      @Describe("ms that 95 of 100 calls keep, > 0") Optional<Double> p95,
      @Default("1") @Describe("examples a call, >= 1") int batch,
      @Default("1") @Describe("threads, >= 1") int threads,
      @Describe("if absent, the last that the student became") Optional<String> model)
      implements Limit {
    /** Checks the bounds. */
    public Latency {
      if (p50.isEmpty() && p95.isEmpty()) {
        throw new IllegalArgumentException("p50, p95: neither given (expected: at least one)");
      }
      p50.ifPresent(ms -> requirePositive("p50", ms));
      p95.ifPresent(ms -> requirePositive("p95", ms));
      if (batch < 1 || threads < 1) {
        throw new IllegalArgumentException(
            "batch, threads: " + batch + ", " + threads + " (expected: each >= 1)");
      }
    }

    @Override
    public String title() {
      return "latency, batch %s, threads %s".formatted(batch, threads);
    }

    @Override
    public String demand() {
      String median = p50.map(ms -> "p50 at most " + number(ms) + " ms").orElse("");
      String tail = p95.map(ms -> "p95 at most " + number(ms) + " ms").orElse("");
      return median + (median.isEmpty() || tail.isEmpty() ? "" : ", ") + tail;
    }
  }

  /** A number as a person writes it. */
  static String number(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  /** Refuses what is not 0 to 1. */
  static void requireShare(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to 1)");
    }
  }

  /** Refuses what is not greater than 0. */
  static void requirePositive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }
}
