package org.distill4j.export;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Graph;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.HostTensor;

/**
 * What a form's answers are held against, output by output, and how far they may be from it.
 *
 * <p>A number may be off by a share of the largest of its output, and by what rounding can bring:
 * some times as much as a twin is off that rounds otherwise. So a net whose scores are close may
 * answer otherwise in fewer bits, and one that lost an activation may not.
 */
final class FormReference {
  /** Roundings of two computations add up otherwise, now and then all to one side. */
  private static final double MOST_OF_ALL = 5;

  private static final double MOST_ON_AVERAGE = 3;

  private final GoldenOutputs golden;
  private final double share;
  private final double ofSpread;
  private final List<Map<String, HostTensor>> expected;
  private final List<Map<String, HostTensor>> twin;
  private final Map<String, OutputRange> ends;
  private double allowed; // of all outputs, once answers were heard

  private FormReference(
      GoldenOutputs golden,
      double share,
      double ofSpread,
      List<Map<String, HostTensor>> expected,
      List<Map<String, HostTensor>> twin,
      Map<String, OutputRange> ends) {
    this.golden = golden;
    this.share = share;
    this.ofSpread = ofSpread;
    this.expected = expected;
    this.twin = twin;
    this.ends = ends;
  }

  /** The model itself, up to a share of the largest number of each output. */
  static FormReference exact(GoldenOutputs golden, double share) {
    return new FormReference(golden, share, 0, golden.answers(), List.of(), Map.of());
  }

  /** A twin instead of the model, where a form is known to compute as that. */
  static FormReference exact(GoldenOutputs golden, double share, Graph twin) {
    return new FormReference(golden, share, 0, run(golden, twin), List.of(), Map.of());
  }

  /** The model, as near as a twin that rounds otherwise. */
  static FormReference rounded(GoldenOutputs golden, double share, Graph twin) {
    return new FormReference(golden, share, 0, golden.answers(), run(golden, twin), Map.of());
  }

  /**
   * The same of a form with roundings of its own.
   *
   * @param more how far it may be off besides, in deviations of the output
   */
  FormReference with(double more) {
    return new FormReference(golden, share, more, expected, twin, ends);
  }

  /** The same of a form whose outputs end at numbers. */
  FormReference within(Map<String, OutputRange> ranges) {
    return new FormReference(golden, share, ofSpread, expected, twin, ranges);
  }

  private static List<Map<String, HostTensor>> run(GoldenOutputs golden, Graph twin) {
    try (Predictor onnx = OnnxRuntime.inRealNumbers().open(twin, 1)) {
      return golden.asked().stream().map(onnx::run).toList();
    }
  }

  /** What is wrong with a form's answers to all examples and probes; empty if nothing is. */
  Optional<String> fault(List<Map<String, HostTensor>> answers) {
    for (String output : expected.isEmpty() ? List.<String>of() : names()) {
      Optional<String> fault = fault(output, answers);
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  /** How far the numbers that were heard last could have been off. */
  double allowed() {
    return allowed;
  }

  private List<String> names() {
    return List.copyOf(expected.get(0).keySet());
  }

  private Optional<String> fault(String output, List<Map<String, HostTensor>> answers) {
    int usual = golden.inputs().size();
    Spread spread = new Spread();
    for (int i = 0; i < usual; i++) {
      spread.add(wanted(output, i));
    }
    Apart allowed = new Apart();
    Apart found = new Apart();
    for (int i = 0; i < usual; i++) {
      if (!twin.isEmpty()) {
        allowed.add(wanted(output, i), held(output, twin.get(i).get(output)));
      }
      Optional<String> fault =
          found.hear(output, "example " + i, wanted(output, i), got(answers, i, output));
      if (fault.isPresent()) {
        return fault;
      }
    }
    double base = share * spread.scale() + ofSpread * spread.deviation();
    this.allowed = Math.max(this.allowed, base + MOST_OF_ALL * allowed.most);
    if (found.most > base + MOST_OF_ALL * allowed.most) {
      return Optional.of(said(output, found.where, found.most, base + MOST_OF_ALL * allowed.most));
    }
    if (found.onAverage() > base + MOST_ON_AVERAGE * allowed.onAverage()) {
      return Optional.of(
          said(
              output,
              usual + " examples, on average",
              found.onAverage(),
              base + MOST_ON_AVERAGE * allowed.onAverage()));
    }
    return probed(output, answers, base, allowed.most, spread);
  }

  private Optional<String> probed(
      String output,
      List<Map<String, HostTensor>> answers,
      double base,
      double twinMost,
      Spread spread) {
    for (int p = 0; p < golden.probes().size(); p++) {
      Probe probe = golden.probes().get(p);
      int i = golden.inputs().size() + p;
      double[] wanted = wanted(output, i);
      Apart allowed = new Apart();
      if (!twin.isEmpty()) {
        allowed.add(wanted, held(output, twin.get(i).get(output)));
      }
      Apart shaken = new Apart();
      shaken.add(probe.outputs().get(output).toDoubles(), probe.shaken().get(output).toDoubles());
      Apart found = new Apart();
      Optional<String> fault = found.hear(output, probe.kind(), wanted, got(answers, i, output));
      if (fault.isPresent()) {
        return fault;
      }
      Spread own = new Spread();
      own.add(wanted);
      double most =
          base
              + share * Math.max(0, own.scale() - spread.scale())
              + MOST_OF_ALL * (Math.max(twinMost, allowed.most) + shaken.most);
      if (found.most > most) {
        return Optional.of(said(output, probe.kind(), found.most, most));
      }
    }
    return Optional.empty();
  }

  private static String said(String output, String where, double found, double allowed) {
    return String.format(
        Locale.ROOT,
        "output '%s' is off by %.3g on %s (expected: at most %.3g, which rounding can bring)",
        output,
        found,
        where,
        allowed);
  }

  private double[] wanted(String output, int example) {
    return held(output, expected.get(example).get(output));
  }

  private double[] got(List<Map<String, HostTensor>> answers, int example, String output) {
    return held(output, answers.get(example).get(output));
  }

  private double[] held(String output, HostTensor tensor) {
    double[] values = tensor.toDoubles();
    OutputRange range = ends.get(output);
    for (int i = 0; range != null && i < values.length; i++) {
      values[i] = Double.isNaN(values[i]) ? values[i] : range.nearest(values[i]);
    }
    return values;
  }

  /** How large the numbers of an output are, and how far from their mean. */
  private static final class Spread {
    private double most;
    private double sum;
    private double squares;
    private long n;

    void add(double[] values) {
      for (double value : values) {
        if (Double.isFinite(value)) {
          most = Math.abs(value) > most ? Math.abs(value) : most;
          sum += value;
          squares += value * value;
          n++;
        }
      }
    }

    double scale() {
      return Math.max(1, most);
    }

    double deviation() {
      return n == 0 ? 0 : Math.sqrt(Math.max(0, squares / n - sum / n * (sum / n)));
    }
  }

  /** How far two computations of the same numbers are apart. */
  private static final class Apart {
    private double most;
    private double squares;
    private long n;
    private String where = "";

    void add(double[] a, double[] b) {
      for (int i = 0; i < a.length; i++) {
        double apart = a[i] == b[i] ? 0 : Math.abs(a[i] - b[i]);
        if (Double.isFinite(apart)) {
          most = apart > most ? apart : most;
          squares += apart * apart;
        }
        n++;
      }
    }

    /** Hears one example; tells what can be no rounding. */
    Optional<String> hear(String output, String example, double[] wanted, double[] got) {
      if (wanted.length != got.length) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "output '%s' has %d numbers on %s (expected: %d, as the model gives)",
                output,
                got.length,
                example,
                wanted.length));
      }
      double before = most;
      for (int i = 0; i < wanted.length; i++) {
        boolean same = wanted[i] == got[i]; // infinities too
        if (!same && !Double.isFinite(wanted[i] - got[i])) {
          return Optional.of(
              String.format(
                  Locale.ROOT,
                  "output '%s' is %s on %s (expected: %.4g, as the model answers)",
                  output,
                  Double.isNaN(got[i]) ? "NaN" : Double.toString(got[i]),
                  example,
                  wanted[i]));
        }
      }
      add(wanted, got);
      where = most > before || where.isEmpty() ? example : where;
      return Optional.empty();
    }

    double onAverage() {
      return n == 0 ? 0 : Math.sqrt(squares / n);
    }
  }
}
