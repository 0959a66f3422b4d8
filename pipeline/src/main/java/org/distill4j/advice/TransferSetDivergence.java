package org.distill4j.advice;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.distill4j.data.Dataset;

/**
 * The divergence of a transfer set from the data that a teacher was validated on.
 *
 * <p>Classes are compared by their shares among the labels. Inputs are compared by up to {@value
 * #FEATURES} features, each a value of the example or, where it has more, the mean of neighbouring
 * ones; a feature's values are counted in bins that hold a tenth of the reference each.
 *
 * <p>Samples of one distribution differ too. What they are expected to differ by is taken off,
 * generously: four standard errors of a share for L∞, three times the mean of {@code (bins - 1)
 * (1/n + 1/m) / (8 ln 2)} for the Jensen-Shannon divergence.
 *
 * @param classes of the labels
 * @param features the furthest feature
 * @param feature which that is, from 0
 * @param tail the classes in order
 */
public record TransferSetDivergence(
    Distance classes, Distance features, int feature, List<Share> tail) {
  /** At most so many features are looked at. */
  static final int FEATURES = 64;

  /** At most so many examples of each set are read for it. */
  private static final int EXAMPLES = 5000;

  private static final int BINS = 10;

  /**
   * Beyond what chance brings.
   *
   * @param furthest L∞, 0 to 1
   * @param jensenShannon in bits, 0 to 1
   */
  public record Distance(double furthest, double jensenShannon) {}

  /**
   * How often a class occurs.
   *
   * @param count examples of it in the transfer set
   * @param share of the transfer set, 0 to 1
   * @param expected share of the reference, 0 to 1
   * @param deviation one standard error of the difference of the two
   */
  public record Share(String name, long count, double share, double expected, double deviation) {
    /** Whether its share is below that part of what is expected, and not by chance. */
    boolean isRare(double part) {
      return share < part * expected && expected - share > 4 * deviation;
    }
  }

  /** Takes a copy. */
  public TransferSetDivergence {
    tail = List.copyOf(tail);
  }

  /**
   * Compares two sets of the same shape and classes.
   *
   * @param reference what the teacher was validated on
   * @param transfer what it labels for the student
   */
  public static TransferSetDivergence of(Dataset reference, Dataset transfer) {
    long[] expected = counts(reference);
    long[] found = counts(transfer);
    double[] q = HistogramDistance.shares(expected);
    double[] p = HistogramDistance.shares(found);
    List<Share> tail = new ArrayList<>();
    double chance = 0;
    for (int k = 0; k < p.length; k++) {
      double deviation = deviation(q[k], reference.size(), transfer.size());
      tail.add(new Share(reference.classes().get(k), found[k], p[k], q[k], deviation));
      chance = Math.max(chance, deviation);
    }
    Distance classes = beyondChance(p, q, chance, p.length, reference.size(), transfer.size());
    return features(reference, transfer, classes, tail);
  }

  private static long[] counts(Dataset data) {
    long[] counts = new long[data.classes().size()];
    for (long i = 0; i < data.size(); i++) {
      counts[data.label(i)]++;
    }
    return counts;
  }

  private static TransferSetDivergence features(
      Dataset reference, Dataset transfer, Distance classes, List<Share> tail) {
    float[][] expected = columns(reference);
    float[][] found = columns(transfer);
    Distance furthest = new Distance(0, 0);
    int feature = 0;
    for (int f = 0; f < expected.length; f++) {
      float[] edges = edges(expected[f]);
      double[] q = HistogramDistance.shares(histogram(expected[f], edges));
      double[] p = HistogramDistance.shares(histogram(found[f], edges));
      double chance = 0;
      for (double share : q) {
        chance = Math.max(chance, deviation(share, expected[f].length, found[f].length));
      }
      Distance distance = beyondChance(p, q, chance, q.length, expected[f].length, found[f].length);
      if (distance.jensenShannon() > furthest.jensenShannon()) {
        furthest = distance;
        feature = f;
      }
    }
    return new TransferSetDivergence(classes, furthest, feature, tail);
  }

  private static double deviation(double share, long n, long m) {
    return Math.sqrt(share * (1 - share) * (1.0 / n + 1.0 / m));
  }

  private static Distance beyondChance(
      double[] p, double[] q, double deviation, int bins, long n, long m) {
    double expected = (bins - 1) * (1.0 / n + 1.0 / m) / (8 * Math.log(2));
    return new Distance(
        Math.max(0, HistogramDistance.furthest(p, q) - 4 * deviation),
        Math.max(0, HistogramDistance.jensenShannon(p, q) - 3 * expected));
  }

  /** The features of examples at equal distances: one row per feature. */
  private static float[][] columns(Dataset data) {
    int elements = Math.toIntExact(data.shape().elements());
    int features = Math.min(FEATURES, elements);
    int examples = (int) Math.min(EXAMPLES, data.size());
    float[][] columns = new float[features][examples];
    FloatBuffer values = FloatBuffer.allocate(elements);
    for (int i = 0; i < examples; i++) {
      values.clear();
      data.read(i * data.size() / examples, values);
      for (int f = 0; f < features; f++) {
        int from = (int) ((long) f * elements / features);
        int to = (int) ((f + 1L) * elements / features);
        double sum = 0;
        for (int e = from; e < to; e++) {
          sum += values.get(e);
        }
        columns[f][i] = (float) (sum / (to - from));
      }
    }
    return columns;
  }

  /** What parts the values into tenths; fewer where values are alike. */
  private static float[] edges(float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    float[] edges = new float[BINS - 1];
    int count = 0;
    for (int b = 1; b < BINS; b++) {
      float edge = sorted[(int) ((long) b * sorted.length / BINS)];
      if (count == 0 || edge > edges[count - 1]) {
        edges[count++] = edge;
      }
    }
    return Arrays.copyOf(edges, count);
  }

  /** Bin 0 lies below the first edge; an edge's own value lies above it. */
  private static long[] histogram(float[] values, float[] edges) {
    long[] counts = new long[edges.length + 1];
    for (float value : values) {
      int at = Arrays.binarySearch(edges, value);
      counts[at >= 0 ? at + 1 : -at - 1]++;
    }
    return counts;
  }
}
