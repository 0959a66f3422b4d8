package org.distill4j.eval;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.graph.TaskType;
import org.distill4j.inference.Predictor;

/**
 * What numbers a classifier gives to examples, and what these can be.
 *
 * <p>Rows of one sum, without a negative number, are probabilities or parts of them (per cents,
 * votes of trees). Where an example has several labels, or one number tells two classes apart,
 * logits that never leave 0..1 would never say no: those are a sigmoid's. Of several numbers from 0
 * to 1 in each row nothing is known.
 */
final class ScoreRange {
  private static final int EXAMPLES = 256;
  private static final int BATCH = 64;
  private static final int BUFFER = 1 << 22; // floats; a batch of large images is smaller
  private static final int FEW = 8; // rows may have one sum by chance

  /** What probabilities of 8 bits may miss of their sum, and of 0. */
  private static final double ROUNDING = 0.02;

  private static final double PER_CENT = 100;
  private static final double SAME = 1e-3;

  private final TaskType task;
  private final int width;
  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;
  private double leastSum = Double.POSITIVE_INFINITY;
  private double mostSum = Double.NEGATIVE_INFINITY;
  private double spread; // the largest difference from the first row
  private double[] first;
  private double[] sums = new double[0]; // of each row, its numbers weighed by their places
  private int rows;
  private int finite; // rows; a division of 0 by 0 tells nothing of the others

  ScoreRange(TaskType task, int width) {
    this.task = task;
    this.width = width;
  }

  /** Asks a model about some of the examples, evenly chosen. */
  static ScoreRange of(Predictor model, Preprocessed examples) {
    return of(model, examples, Integer.MAX_VALUE, BATCH);
  }

  /** The same about the first batch of them alone, as answers may depend on the whole batch. */
  static ScoreRange ofFirstBatch(Predictor model, Preprocessed examples) {
    return of(model, examples, 1, BATCH);
  }

  /** The same about so many examples, each alone. */
  static ScoreRange ofEach(Predictor model, Preprocessed examples, int count) {
    return of(model, examples, count, 1);
  }

  private static ScoreRange of(Predictor model, Preprocessed examples, int batches, int most) {
    Dataset data = examples.data();
    int width = Math.toIntExact(model.resultShape().elements()); // refuses a model of another kind
    ForwardLoop.requireInput(model.inputs().get(0), data);
    ScoreRange range = new ScoreRange(data.task(), width);
    int floats = Math.toIntExact(data.shape().elements());
    int asked = (int) Math.min(EXAMPLES, data.size());
    int batch = Math.max(1, Math.min(Math.min(asked, most), BUFFER / Math.max(1, floats)));
    FloatBuffer input = direct(batch * floats);
    FloatBuffer output = direct(batch * width);
    double[] row = new double[width];
    for (int from = 0; from < asked && from / batch < batches; from += batch) {
      int count = Math.min(batch, asked - from);
      input.clear();
      for (int i = from; i < from + count; i++) {
        examples.read(i * data.size() / asked, input);
      }
      model.run(count, input.clear(), output);
      for (int i = 0; i < count; i++) {
        for (int k = 0; k < width; k++) {
          row[k] = output.get(i * width + k);
        }
        range.mark(row);
      }
    }
    return range;
  }

  private static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  void mark(double[] row) {
    double sum = 0;
    double weighed = 0;
    for (int k = 0; k < width; k++) {
      sum += row[k];
      weighed += (k + 1) * row[k];
    }
    sums = Arrays.copyOf(sums, rows + 1);
    sums[rows] = weighed;
    rows++;
    if (Double.isFinite(sum)) {
      markFinite(row, sum);
    }
  }

  private void markFinite(double[] row, double sum) {
    first = first == null ? row.clone() : first;
    for (int k = 0; k < width; k++) {
      least = Math.min(least, row[k]);
      most = Math.max(most, row[k]);
      spread = Math.max(spread, Math.abs(row[k] - first[k]));
    }
    leastSum = Math.min(leastSum, sum);
    mostSum = Math.max(mostSum, sum);
    finite++;
  }

  /** What the numbers are; empty where they can be one or the other. */
  Optional<ScoreKind> kind() {
    if (finite == 0 || least < -1e-6 || task == TaskType.REGRESSION) {
      return Optional.of(ScoreKind.LOGITS);
    }
    if (task == TaskType.SINGLE_LABEL && width > 1 && haveOneSum()) {
      return Optional.of(ScoreKind.PROBABILITIES);
    }
    if (most <= 1 + 1e-3) {
      return isEachByItself() ? Optional.of(ScoreKind.SIGMOID) : Optional.empty();
    }
    double leastPerCent = isEachByItself() ? 1 : PER_CENT - 1; // logits there would never say no
    return most > leastPerCent && most <= PER_CENT + 1e-3
        ? Optional.empty()
        : Optional.of(ScoreKind.LOGITS);
  }

  /** Whether each number is as probable as it is, whatever the others are. */
  boolean isEachByItself() {
    return width == 1 || task == TaskType.MULTI_LABEL;
  }

  private boolean haveOneSum() {
    boolean isOne = mostSum - leastSum <= ROUNDING * mostSum && mostSum > 0;
    boolean isUsual =
        Math.abs(mostSum - 1) < ROUNDING || Math.abs(mostSum - PER_CENT) < PER_CENT * ROUNDING;
    return isOne && (isUsual || (finite >= FEW && spread > ROUNDING * mostSum));
  }

  /** Whether they lie in 0..1 or 0..100. */
  boolean canBeProbabilities() {
    return finite > 0 && least >= -ROUNDING && most <= PER_CENT * (1 + ROUNDING);
  }

  /** Whether another asking, of as many examples or fewer, brought the same but for rounding. */
  boolean isAs(ScoreRange other) {
    for (int i = 0; i < other.rows; i++) {
      if (Double.isNaN(sums[i]) != Double.isNaN(other.sums[i])) {
        return false;
      }
      if (Math.abs(sums[i] - other.sums[i]) > SAME * Math.max(1, Math.abs(sums[i]))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether answers to examples in a batch are about as far from those to each of them alone as
   * they are from each other. Integers whose scale goes by the whole batch are much nearer.
   */
  boolean isOfBatch(ScoreRange alone) {
    int both = Math.min(rows, alone.rows);
    double mean = Arrays.stream(sums).limit(both).filter(Double::isFinite).average().orElse(0);
    double apart = SAME * both;
    double moved = 0;
    for (int i = 0; i < both; i++) {
      if (!Double.isFinite(sums[i] - alone.sums[i])) {
        continue;
      }
      apart += Math.abs(sums[i] - mean);
      moved += Math.abs(sums[i] - alone.sums[i]);
    }
    return moved > apart / 2;
  }

  /** What stands for certainty: 1, or 100 per cent. */
  double whole() {
    return most > 1 + ROUNDING ? PER_CENT : 1;
  }

  /** The numbers in words. */
  String says() {
    return String.format(Locale.ROOT, "from %.4g to %.4g", least, most);
  }
}
