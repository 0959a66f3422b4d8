package org.distill4j.quantize.prepare;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Value;
import org.distill4j.passes.Pass;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Differences;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Carries out passes on a float model and holds what each makes against what it was given, on
 * examples: a model that says something else is dropped, and the one before it goes on.
 *
 * <p>An output is compared column by column, along its last axis. A pass that leaves a model what
 * it was may move a column by a thousandth of its largest magnitude, far more than rounding to
 * float32 brings and far less than a channel in the wrong place. One that is only near, as it goes
 * by what examples showed, may move it by two steps of 255 over the range of it and its like, in
 * the root mean square, and the whole output by half a step of its range: what 8 bits cost anyway.
 * Numbers that are infinite or NaN before are not compared.
 */
public final class RewriteCheck {
  private static final double ROUNDING = 1e-3;
  private static final double FLOAT = Math.scalb(1.0, -23); // of the largest of all columns
  private static final int LEVELS = 255;
  private static final double STEPS = 2; // of a column; some of many move further than most
  private static final double STEPS_OF_ALL = 0.5;
  private static final long EXAMPLES = 32;
  private static final int ENOUGH = 8; // numbers that say how large those of a column are

  private final ActivationPass examples;
  private Graph known; // whose answers are held
  private Map<String, Said> answers = Map.of();

  /** What an output said of all examples. */
  private static final class Said {
    final float[] values;
    final int width; // how many numbers lie along its last axis; 1 if that is not fixed

    Said(float[] values, int width) {
      this.values = values;
      this.width = width;
    }

    static Said of(HostTensor tensor) {
      Shape shape = tensor.shape();
      long last = shape.rank() < 2 ? 1 : shape.size(shape.rank() - 1);
      return new Said(tensor.toFloats(), (int) Math.max(1, last));
    }

    Said with(Said more) {
      float[] both = Arrays.copyOf(values, values.length + more.values.length);
      System.arraycopy(more.values, 0, both, values.length, more.values.length);
      return new Said(both, width == more.width ? width : 1);
    }
  }

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
      Map<String, Said> before = graph == known ? answers : answers(graph);
      Map<String, Said> after = answers(outcome.graph());
      for (Map.Entry<String, Said> entry : before.entrySet()) {
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

  private static String fault(Pass pass, String output, Said said, Said other) {
    float[] before = said.values;
    float[] after = other.values;
    if (before.length != after.length) {
      return String.format(
          Locale.ROOT,
          "output '%s' has %d numbers instead of %d",
          output,
          after.length,
          before.length);
    }
    Columns columns = new Columns(before.length / said.width < ENOUGH ? 1 : said.width);
    for (int i = 0; i < before.length; i++) {
      columns.add(i, before[i], after[i]);
    }
    return pass.isExact() ? columns.apart(output) : columns.moved(output);
  }

  /** How the columns of an output moved. */
  private static final class Columns {
    private final double[] most;
    private final double[] squares;
    private final int[] compared;
    private final double[] low;
    private final double[] high;

    Columns(int count) {
      this.most = new double[count];
      this.squares = new double[count];
      this.compared = new int[count];
      this.low = new double[count];
      this.high = new double[count];
      Arrays.fill(low, Double.POSITIVE_INFINITY);
      Arrays.fill(high, Double.NEGATIVE_INFINITY);
    }

    void add(int place, float before, float after) {
      if (!Float.isFinite(before)) {
        return; // there is nothing to keep
      }
      int c = place % most.length;
      most[c] = Differences.larger(most[c], before, after);
      double apart = before - after;
      squares[c] += apart * apart;
      compared[c]++;
      low[c] = Math.min(low[c], before);
      high[c] = Math.max(high[c], before);
    }

    /** The fault of a pass that leaves a model what it was; empty if there is none. */
    String apart(String output) {
      double[] sizes = sizes();
      double largest = Arrays.stream(sizes).max().orElse(0);
      for (int c = 0; c < most.length; c++) {
        double bound = ROUNDING * sizes[c] + FLOAT * largest;
        if (!(most[c] <= bound)) {
          return fault(output, most[c], bound);
        }
      }
      return "";
    }

    /** The fault of one that is only near. */
    String moved(String output) {
      double range = Arrays.stream(high).max().orElse(0) - Arrays.stream(low).min().orElse(0);
      double bound = STEPS_OF_ALL * Math.max(0, range) / LEVELS;
      double squared = Arrays.stream(squares).sum();
      double all = Math.sqrt(squared / Math.max(1, Arrays.stream(compared).sum()));
      if (!(all <= bound)) {
        return fault(output, all, bound);
      }
      double[] alike = Differences.alike(sizes(), ranges());
      for (int c = 0; c < squares.length; c++) {
        double own = Math.sqrt(squares[c] / Math.max(1, compared[c]));
        if (!(own <= STEPS * alike[c] / LEVELS)) {
          return fault(output, own, STEPS * alike[c] / LEVELS);
        }
      }
      return "";
    }

    private double[] sizes() {
      return IntStream.range(0, low.length)
          .mapToDouble(c -> compared[c] == 0 ? 0 : Math.max(Math.abs(low[c]), Math.abs(high[c])))
          .toArray();
    }

    private double[] ranges() {
      return IntStream.range(0, low.length)
          .mapToDouble(c -> compared[c] == 0 ? 0 : high[c] - low[c])
          .toArray();
    }
  }

  private static String fault(String output, double moved, double bound) {
    return String.format(
        Locale.ROOT, "output '%s' differs by %.3g (expected: at most %.3g)", output, moved, bound);
  }

  private Map<String, Said> answers(Graph graph) {
    List<String> outputs =
        graph.outputs().stream().filter(v -> v.type() == DType.FLOAT32).map(Value::name).toList();
    Map<String, Said> answers = new LinkedHashMap<>();
    if (!outputs.isEmpty()) {
      examples.through(
          graph,
          outputs,
          made ->
              outputs.forEach(name -> answers.merge(name, Said.of(made.get(name)), Said::with)));
    }
    return answers;
  }
}
