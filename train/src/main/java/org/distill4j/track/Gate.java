package org.distill4j.track;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Rules that a run must keep.
 *
 * @param passed whether all are kept
 */
public record Gate(boolean passed, List<Rule> rules) {
  /**
   * One of them.
   *
   * @param rule such as {@code advice worse-than-alone}
   * @param split what it was measured on
   * @param value what was measured; null where the rule is kept and has nothing to say
   * @param says why it is not kept; null if it is
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Rule(String rule, String split, Object value, boolean passed, String says) {}

  /** Takes a copy. */
  public Gate {
    rules = List.copyOf(rules);
  }
}
