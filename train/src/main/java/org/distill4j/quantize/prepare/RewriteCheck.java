package org.distill4j.quantize.prepare;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Value;
import org.distill4j.passes.Pass;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Differences;

/**
 * Carries out passes on a float model and holds what each makes against what it was given, on
 * examples: a model that says something else is dropped, and the one before it goes on.
 *
 * <p>A pass that leaves a model what it was may move an output by a thousandth of its largest
 * magnitude, far more than rounding to float32 brings and far less than a channel in the wrong
 * place. One that is only near, as it goes by what examples showed, may move it by half a step of
 * 255 over its range, in the root mean square: what 8 bits cost anyway. Numbers that are infinite
 * or NaN before are not compared.
 */
public final class RewriteCheck {
  private static final double ROUNDING = 1e-3;
  private static final int LEVELS = 255;
  private static final long EXAMPLES = 32;

  private final ActivationPass examples;
  private Graph known; // whose answers are held
  private Map<String, float[]> answers = Map.of();

  /** Compares on some of these examples. */
  public RewriteCheck(ActivationPass examples) {
    this.examples = examples.atMost(EXAMPLES);
  }

  /** What a pass makes of a model; the model itself, with the reason, if that says otherwise. */
  @SuppressWarnings("ReferenceEquality") // the very graph, or another that may say the same
  public Pass.Outcome apply(Pass pass, Graph graph) {
    try {
      Pass.Outcome outcome = pass.apply(graph);
      if (outcome.graph() == graph) {
        return outcome;
      }
      Map<String, float[]> before = graph == known ? answers : answers(graph);
      Map<String, float[]> after = answers(outcome.graph());
      for (Map.Entry<String, float[]> entry : before.entrySet()) {
        String fault = fault(pass, entry.getKey(), entry.getValue(), after.get(entry.getKey()));
        if (!fault.isEmpty()) {
          return dropped(graph, fault);
        }
      }
      known = outcome.graph();
      answers = after;
      return outcome;
    } catch (InputFault | RunFault | IllegalArgumentException e) {
      return dropped(graph, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private static Pass.Outcome dropped(Graph graph, String why) {
    String line = "the whole model, which would not say what it said: " + why;
    return new Pass.Outcome(graph, List.of(), List.of(line));
  }

  private static String fault(Pass pass, String output, float[] before, float... after) {
    if (before.length != after.length) {
      return String.format(
          Locale.ROOT,
          "output '%s' has %d numbers instead of %d",
          output,
          after.length,
          before.length);
    }
    double most = 0;
    double squares = 0;
    int compared = 0;
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < before.length; i++) {
      if (!Float.isFinite(before[i])) {
        continue; // there is nothing to keep
      }
      most = Differences.larger(most, before[i], after[i]);
      double apart = before[i] - after[i];
      squares += apart * apart;
      compared++;
      low = Math.min(low, before[i]);
      high = Math.max(high, before[i]);
    }
    if (low > high) {
      return "";
    }
    double moved = pass.isExact() ? most : Math.sqrt(squares / compared);
    double bound =
        pass.isExact()
            ? ROUNDING * Math.max(Math.abs(low), Math.abs(high))
            : (high - low) / LEVELS / 2;
    return moved <= bound
        ? ""
        : String.format(
            Locale.ROOT,
            "output '%s' differs by %.3g (expected: at most %.3g)",
            output,
            moved,
            bound);
  }

  private Map<String, float[]> answers(Graph graph) {
    List<String> outputs =
        graph.outputs().stream().filter(v -> v.type() == DType.FLOAT32).map(Value::name).toList();
    Map<String, float[]> answers = new LinkedHashMap<>();
    if (!outputs.isEmpty()) {
      examples.through(
          graph,
          outputs,
          made ->
              outputs.forEach(
                  name -> answers.merge(name, made.get(name).toFloats(), RewriteCheck::joined)));
    }
    return answers;
  }

  private static float[] joined(float[] first, float... second) {
    float[] both = new float[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
