package org.distill4j.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.distill4j.graph.Graph;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.HostTensor;

/**
 * What a form's answers are held against, output by output, and how far they may be from it.
 *
 * <p>A number may be off by a share of the largest of its column, and by what rounding can bring:
 * some times as much as twins are off that round otherwise. So a net whose scores are close may
 * answer otherwise in fewer bits, and one that lost an activation may not. Of whole numbers, such
 * as the classes with the best scores, so many may be others.
 */
final class FormReference {
  /** Roundings of two computations add up otherwise, now and then all to one side. */
  private static final double MOST_OF_ALL = 5;

  private static final double MOST_ON_AVERAGE = 3;

  /** Kernels approximate functions to this. */
  private static final double FUNCTIONS = 1e-6;

  /** Answers that miss more than half of what varies are those of another model. */
  private static final double USELESS = 0.5;

  /** Numbers that vary less are all the same. */
  private static final double SAME = 1e-6;

  /** How many whole numbers may be others: of a hundred, and in fewer bits of ten, one. */
  private static final double CLOSE = 0.01;

  private static final double CLOSE_IN_FEWER_BITS = 0.1;

  /** What a float beside 1 keeps. */
  private static final double BESIDE_ONE = Math.scalb(1.0, -24);

  private static final double LEVELS = 255;
  private static final int NAMED = 8; // columns

  private final GoldenOutputs golden;
  private final double share;
  private final double ofSpread;
  private final List<Map<String, HostTensor>> expected;
  private final List<Map<String, HostTensor>> twin;
  private final FloatNoise noise;
  private final Map<String, OutputRange> ends;
  private double allowed; // of all outputs, once answers were heard
  private final List<String> lost = new ArrayList<>(); // likewise

  private FormReference(
      GoldenOutputs golden,
      double share,
      double ofSpread,
      List<Map<String, HostTensor>> expected,
      List<Map<String, HostTensor>> twin,
      FloatNoise noise,
      Map<String, OutputRange> ends) {
    this.golden = golden;
    this.share = share;
    this.ofSpread = ofSpread;
    this.expected = expected;
    this.twin = twin;
    this.noise = noise;
    this.ends = ends;
  }

  /** The model itself, up to a share of the largest number of each column. */
  static FormReference exact(GoldenOutputs golden, double share) {
    return new FormReference(
        golden, share, 0, golden.answers(), List.of(), FloatNoise.NONE, Map.of());
  }

  /** A twin instead of the model, where a form is known to compute as that. */
  static FormReference exact(GoldenOutputs golden, double share, Graph twin) {
    return new FormReference(
        golden, share, 0, run(golden, twin), List.of(), FloatNoise.NONE, Map.of());
  }

  /** The model, as near as a twin that rounds otherwise. */
  static FormReference rounded(GoldenOutputs golden, double share, Graph twin) {
    return new FormReference(
        golden, share, 0, golden.answers(), run(golden, twin), FloatNoise.NONE, Map.of());
  }

  /**
   * The same of a form with roundings of its own.
   *
   * @param more how far it may be off besides, in deviations of the output
   */
  FormReference with(double more) {
    return new FormReference(golden, share, more, expected, twin, noise, ends);
  }

  /** The same of a form in other floats, or whose sums are in another order. */
  FormReference with(FloatNoise other) {
    return new FormReference(golden, share, ofSpread, expected, twin, other, ends);
  }

  /** The same of a form whose outputs end at numbers. */
  FormReference within(Map<String, OutputRange> ranges) {
    return new FormReference(golden, share, ofSpread, expected, twin, noise, ranges);
  }

  private static List<Map<String, HostTensor>> run(GoldenOutputs golden, Graph twin) {
    try (Predictor onnx = OnnxRuntime.inRealNumbers().open(twin, 1)) {
      return golden.asked().stream().map(onnx::run).toList();
    }
  }

  /** What is wrong with a form's answers to all examples and probes; empty if nothing is. */
  Optional<String> fault(List<Map<String, HostTensor>> answers) {
    lost.clear();
    for (String output : expected.isEmpty() ? List.<String>of() : names()) {
      Optional<String> fault =
          expected.get(0).get(output).type().isFloating()
              ? fault(output, answers)
              : ofWholeNumbers(output, answers);
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

  /** Which columns of outputs rounding hides in the numbers that were heard last, a line each. */
  List<String> lost() {
    return lost;
  }

  private List<String> names() {
    return List.copyOf(expected.get(0).keySet());
  }

  private int examples() {
    return golden.inputs().size();
  }

  /** One output, on the examples and then on the probes. */
  private Optional<String> fault(String output, List<Map<String, HostTensor>> answers) {
    List<HostTensor> said =
        expected.subList(0, examples()).stream().map(one -> one.get(output)).toList();
    OutputColumns columns = new OutputColumns(said);
    for (int i = 0; i < examples(); i++) {
      columns.add(wanted(output, i));
    }
    ColumnDistances found = new ColumnDistances(columns.count());
    List<ColumnDistances> twins = twins(columns);
    for (int i = 0; i < examples(); i++) {
      Optional<String> fault =
          found.hear(output, example(i), wanted(output, i), got(answers, i, output));
      if (fault.isPresent()) {
        return fault;
      }
      hearTwins(output, i, twins);
    }
    double[] base = columns.alike(columns.deviations());
    double[] rounded = columns.alike(ColumnDistances.largest(twins, columns.count()));
    for (int c = 0; c < base.length; c++) {
      base[c] = ofSpread * base[c] + share * columns.scale(c) + FUNCTIONS + step(output);
      double most = base[c] + MOST_OF_ALL * rounded[c];
      allowed = Math.max(allowed, most);
      if (found.most(c) > most) {
        return Optional.of(said(output, found.where(c), found.most(c), most));
      }
    }
    Optional<String> fault = onAverage(output, columns, found, twins);
    return fault.isPresent() ? fault : probed(output, answers, columns, base, rounded);
  }

  private String example(int i) {
    return i < examples() ? "example " + i : golden.probes().get(i - examples()).kind();
  }

  /** The distances of a twin that rounds, and of one that floats shake. */
  private List<ColumnDistances> twins(OutputColumns columns) {
    List<ColumnDistances> all = new ArrayList<>();
    for (int i = 0; i < (twin.isEmpty() ? 0 : 1) + (noise.plain().isEmpty() ? 0 : 1); i++) {
      all.add(new ColumnDistances(columns.count()));
    }
    return all;
  }

  private void hearTwins(String output, int i, List<ColumnDistances> into) {
    if (!twin.isEmpty()) {
      into.get(0).add(example(i), wanted(output, i), held(output, twin.get(i).get(output)));
    }
    if (!noise.plain().isEmpty()) {
      into.get(into.size() - 1)
          .add(
              example(i),
              held(output, noise.plain().get(i).get(output)),
              held(output, noise.shaken().get(i).get(output)));
    }
  }

  /** Half a step of an output that ends in 8 bits. */
  private double step(String output) {
    OutputRange range = ends.get(output);
    return range == null ? 0 : (range.high() - range.low()) / LEVELS / 2;
  }

  /** In the root mean square: of all numbers, and of what varies in a form of as many bits. */
  private Optional<String> onAverage(
      String output, OutputColumns columns, ColumnDistances found, List<ColumnDistances> twins) {
    if (examples() == 0) {
      return Optional.empty();
    }
    String where = examples() + " examples, on average";
    double rounded = 0;
    for (ColumnDistances one : twins) {
      rounded = Math.max(rounded, one.onAverage());
    }
    double largest = 0;
    for (int c = 0; c < columns.count(); c++) {
      largest = Math.max(largest, columns.scale(c));
    }
    double base = share * largest + ofSpread * columns.deviation() + FUNCTIONS + step(output);
    double most = base + MOST_ON_AVERAGE * rounded;
    double varies = spread(columns.deviation(), largest) + BESIDE_ONE;
    most = Math.min(most, varies + (twin.isEmpty() ? MOST_ON_AVERAGE * rounded : step(output)));
    if (found.onAverage() > most) {
      return Optional.of(said(output, where, found.onAverage(), most));
    }
    double[] each = columns.deviations();
    double[] noisy = columns.alike(ColumnDistances.largestOnAverage(twins, columns.count()));
    List<Integer> hidden = new ArrayList<>();
    for (int c = 0; c < each.length; c++) {
      double varied = spread(each[c], columns.scale(c)) + FUNCTIONS;
      if (!twin.isEmpty() && found.onAverage(c) > varied) {
        hidden.add(c);
      } else if (found.onAverage(c) > varied + MOST_ON_AVERAGE * noisy[c]) {
        return Optional.of(said(output, where, found.onAverage(c), varied));
      }
    }
    if (!hidden.isEmpty()) {
      lost.add(said(output, hidden, each.length));
    }
    return Optional.empty();
  }

  private static String said(String output, List<Integer> hidden, int columns) {
    String which =
        hidden.stream().limit(NAMED).map(String::valueOf).collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "of output '%s', %d of %d numbers (from 0: %s%s) are off by more than half of what varies in"
            + " them; write them in more bits, or keep their layer float",
        output,
        hidden.size(),
        columns,
        which,
        hidden.size() > NAMED ? ", ..." : "");
  }

  /** How much of what varies may be missed; numbers that are all the same vary by their size. */
  private double spread(double deviation, double scale) {
    return USELESS * (deviation > SAME * scale ? deviation : scale) + noise.rounding() * scale;
  }

  private Optional<String> probed(
      String output,
      List<Map<String, HostTensor>> answers,
      OutputColumns columns,
      double[] base,
      double[] rounded) {
    for (int p = 0; p < golden.probes().size(); p++) {
      int i = examples() + p;
      double[] wanted = wanted(output, i);
      ColumnDistances found = new ColumnDistances(columns.count());
      Optional<String> fault = found.hear(output, example(i), wanted, got(answers, i, output));
      if (fault.isPresent()) {
        return fault;
      }
      List<ColumnDistances> twins = twins(columns);
      hearTwins(output, i, twins);
      double[] noisy = columns.alike(ColumnDistances.largest(twins, columns.count()));
      double growth = ColumnDistances.growth(rounded, noisy);
      double[] shaken = columns.alike(shaken(output, p, columns));
      double[] scales = columns.alike(ColumnDistances.sizes(wanted, columns.count()));
      for (int c = 0; c < base.length; c++) {
        double most =
            base[c]
                + share * Math.max(0, scales[c] - columns.scale(c))
                + MOST_OF_ALL * (Math.max(growth * rounded[c], noisy[c]) + shaken[c]);
        if (found.most(c) > most) {
          return Optional.of(said(output, example(i), found.most(c), most));
        }
      }
    }
    return Optional.empty();
  }

  private double[] shaken(String output, int p, OutputColumns columns) {
    Probe probe = golden.probes().get(p);
    ColumnDistances apart = new ColumnDistances(columns.count());
    apart.add(
        probe.kind(),
        probe.outputs().get(output).toDoubles(),
        probe.shaken().get(output).toDoubles());
    return ColumnDistances.largest(List.of(apart), columns.count());
  }

  /** How many whole numbers are others; how far they are apart says nothing of classes. */
  private Optional<String> ofWholeNumbers(String output, List<Map<String, HostTensor>> answers) {
    long all = 0;
    long others = 0;
    long ofTwin = 0;
    long ofNoise = 0;
    for (int i = 0; i < expected.size(); i++) {
      double[] wanted = wanted(output, i);
      double[] got = got(answers, i, output);
      Optional<String> fault = new ColumnDistances(1).hear(output, example(i), wanted, got);
      if (fault.isPresent()) {
        return fault;
      }
      all += wanted.length;
      others += ColumnDistances.others(wanted, got);
      if (!twin.isEmpty()) {
        ofTwin += ColumnDistances.others(wanted, twin.get(i).get(output).toDoubles());
      }
      if (!noise.plain().isEmpty()) {
        ofNoise +=
            ColumnDistances.others(
                noise.plain().get(i).get(output).toDoubles(),
                noise.shaken().get(i).get(output).toDoubles());
      }
    }
    boolean fewer = !twin.isEmpty() || ofSpread > 0 || noise.rounding() >= FloatNoise.HALF;
    double close = fewer ? Math.ceil(CLOSE_IN_FEWER_BITS * all) : Math.floor(CLOSE * all);
    double most = Math.min(close + MOST_OF_ALL * Math.max(ofTwin, ofNoise), USELESS * all);
    return others <= most
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "output '%s' differs in %d of %d whole numbers (expected: in at most %d, which"
                    + " rounding can bring)",
                output,
                others,
                all,
                (long) most));
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
}
