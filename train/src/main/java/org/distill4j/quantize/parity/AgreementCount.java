package org.distill4j.quantize.parity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.results.IntegerParity;
import org.distill4j.results.Parity;
import org.distill4j.tensor.Differences;
import org.distill4j.tensor.HostTensor;

/** Counts what agrees. */
final class AgreementCount {
  /** How far the integers of one tensor are off. */
  static final class Steps {
    private final long[] all = new long[2]; // simulation, runtime
    private final long[] near = new long[2];
    private int largest;

    void add(boolean runtime, HostTensor found, HostTensor exact) {
      long[] a = found.toLongs();
      long[] b = exact.toLongs();
      int of = runtime ? 1 : 0;
      for (int i = 0; i < a.length; i++) {
        int apart = (int) Math.abs(a[i] - b[i]);
        largest = Math.max(largest, apart);
        near[of] += apart <= 1 ? 1 : 0;
        all[of]++;
      }
    }

    int largest() {
      return largest;
    }

    double within(boolean runtime) {
      int of = runtime ? 1 : 0;
      return all[of] == 0 ? 1 : (double) near[of] / all[of];
    }
  }

  private final String output;
  private final ParityCheck.Answers answers;
  private final Map<String, Steps> steps = new LinkedHashMap<>();
  private final Pair simulated = new Pair();
  private final Pair exact = new Pair();

  /** What the runtime and another said. */
  private final class Pair {
    private int n;
    private int same;
    private double distance;

    void add(int count, Map<String, HostTensor> runtime, Map<String, HostTensor> other) {
      float[] a = runtime.get(output).toFloats();
      float[] b = other.get(output).toFloats();
      int classes = classes(runtime.get(output));
      same += same(count, a, b, classes);
      distance = Math.max(distance, apart(count * classes, a, b));
      n += count;
    }

    Parity parity() {
      return Parity.of(n, same, distance);
    }
  }

  AgreementCount(String output, ParityCheck.Answers answers) {
    this.output = output;
    this.answers = answers;
  }

  void simulated(int count, Map<String, HostTensor> runtime, Map<String, HostTensor> simulation) {
    simulated.add(count, runtime, simulation);
  }

  void exact(int count, Map<String, HostTensor> runtime, Map<String, HostTensor> answers) {
    exact.add(count, runtime, answers);
  }

  private static int classes(HostTensor scores) {
    return (int) (scores.elements() / scores.shape().size(0));
  }

  private int same(int count, float[] a, float[] b, int classes) {
    int same = 0;
    for (int i = 0; i < count; i++) {
      same += answers.same(a, b, i * classes, classes) ? 1 : 0;
    }
    return same;
  }

  private static double apart(int count, float[] a, float[] b) {
    double largest = 0;
    for (int i = 0; i < count; i++) {
      largest = Differences.larger(largest, a[i], b[i]);
    }
    return largest;
  }

  /** What a runtime rounded to, and what exact arithmetic makes of the same operands. */
  void integers(boolean runtime, Map<String, HostTensor> found, Map<String, HostTensor> exact) {
    found.forEach(
        (name, tensor) -> {
          if (exact.containsKey(name)) {
            steps.computeIfAbsent(name, k -> new Steps()).add(runtime, tensor, exact.get(name));
          }
        });
  }

  /**
   * What was found.
   *
   * @param compared what ran the model
   */
  IntegerParity parity(List<String> compared) {
    boolean isSimulated = simulated.n > 0;
    return new IntegerParity(
        isSimulated ? simulated.parity() : null,
        exact.parity(),
        isSimulated ? (Double) within(0) : null,
        within(1),
        ParityCheck.layers(steps),
        compared);
  }

  private double within(int of) {
    long near = steps.values().stream().mapToLong(s -> s.near[of]).sum();
    long all = steps.values().stream().mapToLong(s -> s.all[of]).sum();
    return all == 0 ? 1 : (double) near / all;
  }
}
