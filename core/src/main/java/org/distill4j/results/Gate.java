package org.distill4j.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * The verdict of a gate: the rules that a run must keep, and whether it does.
 *
 * @param passed whether all are kept
 * @param best the model that is nearest to passing, or has passed; null where no limit is about a
 *     model
 * @param attempts what was tried on validation before the verdict; null if nothing was to be tried
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Gate(boolean passed, List<Rule> rules, Best best, List<Attempt> attempts) {
  /**
   * One of them.
   *
   * @param rule such as {@code advice worse-than-alone} or {@code drop against teacher}
   * @param model which model it is about; null if it is about the run
   * @param split what it was measured on
   * @param reads {@code point} or {@code bound}; null of a rule of thumb
   * @param value what is held against the limit: the number measured, or the worse end of its 95 %
   *     confidence interval; null where there is nothing to say, or nothing was measured
   * @param limit the least or the most that is allowed; null of a rule of thumb
   * @param point the number measured, where the bound is read; else null
   * @param n how many examples it rests on; null where it rests on none
   * @param says what was measured and demanded; null of a rule of thumb that is kept
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Rule(
      String rule,
      String model,
      String split,
      String reads,
      Object value,
      Object limit,
      Double point,
      Integer n,
      boolean passed,
      String says) {
    /** A rule of thumb. */
    public Rule(String rule, String split, Object value, boolean passed, String says) {
      this(rule, null, split, null, value, null, null, null, passed, says);
    }
  }

  /**
   * The candidate that comes nearest.
   *
   * @param file its path from the run's folder
   * @param broken how many limits it does not keep
   */
  public record Best(String model, String file, int broken) {}

  /**
   * One way that was tried, judged on validation.
   *
   * @param name its folder; {@code recipe} is the recipe itself
   * @param changes what was changed; null of the recipe itself
   * @param passed whether validation kept every limit
   * @param chosen whether it is the one that the verdict is about
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Attempt(
      String name, String changes, boolean passed, boolean chosen, List<Rule> rules) {
    /** Takes a copy. */
    public Attempt {
      rules = List.copyOf(rules);
    }
  }

  /** Takes copies. */
  public Gate {
    rules = List.copyOf(rules);
    attempts = attempts == null ? null : List.copyOf(attempts);
  }

  /** Rules alone. */
  public Gate(boolean passed, List<Rule> rules) {
    this(passed, rules, null, null);
  }

  /** The rules that are not kept. */
  public List<Rule> broken() {
    return rules.stream().filter(r -> !r.passed()).toList();
  }
}
