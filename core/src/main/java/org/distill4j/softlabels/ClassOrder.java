package org.distill4j.softlabels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The order in which a teacher's outputs fit the data's classes, where that is clearly another one
 * than the data's.
 *
 * <p>The order under which most answers are right is an assignment on the confusion matrix (Kuhn,
 * 1955). It falls into cycles, each of which is a claim of its own: that these outputs stand for
 * these classes in turn. Of the answers that are right in one order alone, half would be right in
 * each if there were nothing to choose; a claim is believed if so many on its side are less likely
 * than 1 in 1,000, divided by the number of cycles of that length that could have been claimed, and
 * if every class in it gains.
 *
 * @param outputs the class that each output stands for
 * @param accuracy the share of right answers in that order, 0 to 1
 * @see <a href="https://doi.org/10.1002/nav.3800020109">Kuhn, The Hungarian method, 1955</a>
 */
record ClassOrder(List<Integer> outputs, double accuracy) {
  private static final double LOG_UNLIKELY = Math.log(1e-3);

  /** Takes a copy. */
  ClassOrder {
    outputs = List.copyOf(outputs);
  }

  /** Beyond this the assignment would take longer than the answers. */
  static final int MOST_CLASSES = 2000;

  /**
   * Looks for such an order.
   *
   * @param counts how often each class, the first index, was answered by each output, the second
   */
  static Optional<ClassOrder> of(int[][] counts) {
    int n = counts.length;
    if (n < 2) {
      return Optional.empty();
    }
    int[] best = Assignment.of(counts);
    int[] outputs = outputs(best, cycle -> isClear(counts, best, cycle));
    if (isInOrder(outputs)) {
      return Optional.empty();
    }
    long right = 0;
    long all = 0;
    for (int output = 0; output < n; output++) {
      right += counts[outputs[output]][output];
      all += Arrays.stream(counts[output]).asLongStream().sum();
    }
    return Optional.of(new ClassOrder(boxed(outputs), (double) right / all));
  }

  /**
   * Looks for such an order where an example may have several labels. An example speaks for a claim
   * if more of its labels are right that way, and against it if fewer are.
   *
   * @param truth of each label, the examples that have it
   * @param said of each output, the examples that it gives its label
   * @param examples how many there are
   */
  static Optional<ClassOrder> ofLabels(BitSet[] truth, BitSet[] said, int examples) {
    int n = truth.length;
    if (n < 2) {
      return Optional.empty();
    }
    int[][] right = new int[n][n];
    for (int k = 0; k < n; k++) {
      for (int output = 0; output < n; output++) {
        right[k][output] = examples - differing(truth[k], said[output]).cardinality();
      }
    }
    int[] best = Assignment.of(right);
    int[] outputs = outputs(best, cycle -> isClear(truth, said, best, cycle, examples));
    if (isInOrder(outputs)) {
      return Optional.empty();
    }
    long sum = 0;
    for (int output = 0; output < n; output++) {
      sum += right[outputs[output]][output];
    }
    return Optional.of(new ClassOrder(boxed(outputs), (double) sum / ((long) n * examples)));
  }

  private static BitSet differing(BitSet a, BitSet b) {
    BitSet differing = (BitSet) a.clone();
    differing.xor(b);
    return differing;
  }

  private static boolean isClear(
      BitSet[] truth, BitSet[] said, int[] best, List<Integer> cycle, int examples) {
    int[] ahead = new int[examples]; // how many more labels are right that way
    for (int c : cycle) {
      BitSet wrong = differing(truth[c], said[c]);
      BitSet wrongThatWay = differing(truth[c], said[best[c]]);
      if (wrongThatWay.cardinality() >= wrong.cardinality()) {
        return false;
      }
      wrong.stream().forEach(i -> ahead[i]++);
      wrongThatWay.stream().forEach(i -> ahead[i]--);
    }
    long gained = Arrays.stream(ahead).filter(a -> a > 0).count();
    long lost = Arrays.stream(ahead).filter(a -> a < 0).count();
    return isClear(gained, lost, cycle.size(), truth.length);
  }

  /** The class that each output stands for, where only clear cycles of an assignment are taken. */
  private static int[] outputs(int[] best, Predicate<List<Integer>> isClear) {
    int[] outputs = IntStream.range(0, best.length).toArray();
    boolean[] seen = new boolean[best.length];
    for (int start = 0; start < best.length; start++) {
      List<Integer> cycle = new ArrayList<>();
      for (int c = start; !seen[c]; c = best[c]) {
        seen[c] = true;
        cycle.add(c);
      }
      if (cycle.size() > 1 && isClear.test(cycle)) {
        cycle.forEach(c -> outputs[best[c]] = c);
      }
    }
    return outputs;
  }

  private static boolean isInOrder(int[] outputs) {
    return IntStream.range(0, outputs.length).allMatch(o -> outputs[o] == o);
  }

  private static List<Integer> boxed(int[] order) {
    return Arrays.stream(order).boxed().toList();
  }

  private static boolean isClear(int[][] counts, int[] best, List<Integer> cycle) {
    long gained = 0;
    long lost = 0;
    for (int c : cycle) {
      if (counts[c][best[c]] <= counts[c][c]) {
        return false;
      }
      gained += counts[c][best[c]];
      lost += counts[c][c];
    }
    return isClear(gained, lost, cycle.size(), counts.length);
  }

  private static boolean isClear(long gained, long lost, int length, int classes) {
    double claims = -Math.log(length); // n (n - 1) ... over the cycle's length
    for (int i = 0; i < length; i++) {
      claims += Math.log(classes - i);
    }
    return logTail(gained, gained + lost) + claims < LOG_UNLIKELY;
  }

  /**
   * The logarithm of the probability of at least so many heads in so many throws of a fair coin.
   */
  static double logTail(long heads, long throwsOfCoin) {
    double term = -throwsOfCoin * Math.log(2); // of all heads
    double most = term;
    double sum = 1; // over e^most
    for (long k = throwsOfCoin - 1; k >= heads; k--) {
      term += Math.log(k + 1.0) - Math.log((double) throwsOfCoin - k);
      if (term > most) {
        sum = sum * Math.exp(most - term) + 1;
        most = term;
      } else {
        sum += Math.exp(term - most);
      }
    }
    return most + Math.log(sum);
  }

  /** The outputs that stand for another class, such as {@code 'ulme' and 'Zeder' exchanged}. */
  String moved(List<String> classes) {
    List<Integer> moved =
        IntStream.range(0, outputs.size()).filter(o -> outputs.get(o) != o).boxed().toList();
    if (moved.size() == 2) {
      return "'%s' and '%s' exchanged"
          .formatted(classes.get(moved.get(0)), classes.get(moved.get(1)));
    }
    return moved.stream()
        .map(o -> "'" + classes.get(o) + "' as '" + classes.get(outputs.get(o)) + "'")
        .collect(Collectors.joining(", ", "its outputs ", ""));
  }

  /** The data's own order. */
  ClassOrder inOrder() {
    return new ClassOrder(IntStream.range(0, outputs.size()).boxed().toList(), Double.NaN);
  }

  /** The names of the outputs in their order, as YAML has them. */
  String yaml(List<String> classes) {
    return outputs.stream()
        .map(c -> quoted(classes.get(c)))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** The names of the outputs in their order, as an option of a command takes them. */
  String option(List<String> classes) {
    String names = outputs.stream().map(classes::get).collect(Collectors.joining(","));
    return names.matches("[\\p{L}\\p{N}_.,-]+") ? names : "'" + names.replace("'", "'\\''") + "'";
  }

  private static String quoted(String name) {
    return name.matches("[\\p{L}\\p{N}_][\\p{L}\\p{N}_ .-]*(?<! )")
        ? name
        : "'" + name.replace("'", "''") + "'";
  }
}
