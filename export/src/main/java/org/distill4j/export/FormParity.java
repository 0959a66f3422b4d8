package org.distill4j.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.distill4j.fault.RunFault;
import org.distill4j.format.Format;
import org.distill4j.inference.Predictor;
import org.distill4j.results.Parity;
import org.distill4j.tensor.Differences;
import org.distill4j.tensor.HostTensor;

/**
 * An exported form of a model, and how near its own runtime comes to ONNX Runtime on the same
 * inputs.
 *
 * @param format the form
 * @param runtime what ran it
 * @param parity of its answers and those of ONNX Runtime
 * @param scale the largest real number of any output, at least 1
 * @param noise the root mean square of all differences of real numbers over that of the numbers
 *     about their mean
 * @param allowed how large the difference may be, in units of the scale
 * @param fault what in its answers no rounding can bring; empty if nothing
 * @param lost what rounding hides, a line each
 * @param files what was written
 * @param bytes of the model's files: without a demo page, and without C text that says them again
 */
public record FormParity(
    String format,
    String runtime,
    Parity parity,
    double scale,
    double noise,
    double allowed,
    String fault,
    List<String> lost,
    List<String> files,
    long bytes) {
  /** Answers of so many examples are usually the same. */
  private static final double USUAL = 0.99;

  /** Takes a copy. */
  public FormParity {
    lost = List.copyOf(lost);
    files = List.copyOf(files);
  }

  /** Whether what it answers is what the model answers, up to rounding. */
  public boolean passed() {
    return fault.isEmpty();
  }

  /** What is to be said of a form that passed, a line each; nothing if it is as usual. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (parity.n() > 0 && parity.agreement() < USUAL) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%s: answers as the model on %.1f %% of the examples (expected: 99 %%); where"
                  + " scores are close, rounding decides: compare the two with eval --data",
              format,
              100 * parity.agreement()));
    }
    lost.forEach(line -> notes.add(format + ": " + line));
    return notes;
  }

  /** Runs all examples and probes. */
  static FormParity of(
      Format format,
      String runtime,
      Predictor form,
      GoldenOutputs golden,
      FormReference reference) {
    List<Map<String, HostTensor>> answers = golden.asked().stream().map(form::run).toList();
    return of(format, runtime, answers, golden, reference);
  }

  /** A form that nothing here can run. */
  static FormParity unproved(Format format, String why) {
    return new FormParity(
        format.spelled(), why, Parity.of(0, 0, 0), 1, 0, 0, "", List.of(), List.of(), 0);
  }

  /** Compares what a form said of all examples, and of the probes behind them. */
  static FormParity of(
      Format format,
      String runtime,
      List<Map<String, HostTensor>> answers,
      GoldenOutputs golden,
      FormReference reference) {
    double difference = 0;
    double scale = 1;
    NoiseRatio noise = new NoiseRatio();
    int same = 0;
    for (int i = 0; i < golden.inputs().size(); i++) {
      Map<String, HostTensor> expected = golden.outputs().get(i);
      Map<String, HostTensor> found = answers.get(i);
      String first = golden.first();
      for (Map.Entry<String, HostTensor> entry : expected.entrySet()) {
        if (!entry.getValue().type().isFloating()) {
          continue; // how far classes are apart says nothing
        }
        double[] a = entry.getValue().toDoubles();
        double[] b = found.get(entry.getKey()).toDoubles();
        for (int k = 0; k < Math.min(a.length, b.length); k++) {
          if (a[k] != b[k]) { // equal infinities are no difference
            difference = Differences.larger(difference, a[k], b[k]);
          }
          noise.add(a[k], b[k]);
          scale = Double.isFinite(a[k]) ? Differences.larger(scale, a[k], 0) : scale;
        }
      }
      same += isSame(expected.get(first), found.get(first)) ? 1 : 0;
    }
    String fault = reference.fault(answers).orElse("");
    return new FormParity(
        format.spelled(),
        runtime,
        Parity.of(golden.inputs().size(), same, difference),
        scale,
        noise.share(),
        reference.allowed() / scale,
        fault,
        reference.lost(),
        List.of(),
        0);
  }

  /** Whether two have the same largest score, or are the same whole numbers. */
  private static boolean isSame(HostTensor expected, HostTensor found) {
    return expected.type().isFloating()
        ? largest(expected) == largest(found)
        : Arrays.equals(expected.toDoubles(), found.toDoubles());
  }

  private static int largest(HostTensor scores) {
    double[] values = scores.toDoubles();
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  /** The same with what lies on disk. */
  FormParity with(List<String> written, long size) {
    return new FormParity(
        format, runtime, parity, scale, noise, allowed, fault, lost, written, size);
  }

  /** Refuses a form that says something else than the model. */
  FormParity require() {
    if (!passed()) {
      throw new RunFault(
          "%s: run by %s, its %s; nothing is written".formatted(format, runtime, fault));
    }
    return this;
  }
}
