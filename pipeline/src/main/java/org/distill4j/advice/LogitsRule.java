package org.distill4j.advice;

import java.util.Optional;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;

/**
 * The rule {@code logits}: tells that a model file ends in a softmax, which was cut off before it
 * taught; near 0 and 1 probabilities have lost what a temperature is to bring out.
 *
 * @param model such as {@code teacher}
 * @param end the operator that gives its output
 */
public record LogitsRule(String model, String end) implements Advice.Entry {
  /** Looks at what gives a model's output. */
  public static LogitsRule of(String model, Graph graph) {
    Node last = graph.producers().get(graph.onlyOutput().name());
    while (last != null && last.op().equals("Identity")) {
      last = graph.producers().get(last.inputs().get(0));
    }
    return new LogitsRule(model, last == null ? "" : last.op());
  }

  @Override
  public RuleOfThumb rule() {
    return RuleOfThumb.LOGITS;
  }

  @Override
  public Optional<Advice> advice() {
    return end.equals("Softmax")
        ? Optional.of(
            new Advice(
                RuleOfThumb.LOGITS,
                end,
                "the %s's file ends in a softmax, which is cut off here; export it with logits"
                    .formatted(model)))
        : Optional.empty();
  }
}
