package org.distill4j.run;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.distill4j.data.Dataset;
import org.distill4j.data.DerivedDataset;
import org.distill4j.data.LabelledSubset;
import org.distill4j.data.Subset;
import org.distill4j.data.ValidationSet;
import org.distill4j.distill.TeacherSignal;
import org.distill4j.eval.Calibration;
import org.distill4j.eval.Evaluation;
import org.distill4j.eval.Probabilities;
import org.distill4j.eval.ScoreKind;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.Runtimes;

/**
 * What a teacher's answers to held-out examples tell of its fitness, and of the labels.
 *
 * @param evaluation on validation examples
 * @param flipRate share of its answers that little noise changes, 0 to 1
 */
record TeacherProbe(Evaluation evaluation, double flipRate) {
  private static final int EXAMPLES = 2000;
  private static final int NOISY_EXAMPLES = 500;

  /** The noise's standard deviation over the range of the inputs. */
  private static final double NOISE = 0.02;

  /** From here on an answer counts as sure. */
  private static final double SURE = 13.0 / 15;

  /** Asks the teacher, in ONNX Runtime. */
  static TeacherProbe of(Graph teacher, Dataset validation, int threads) {
    Dataset some = Subset.range(validation, 0, Math.min(EXAMPLES, validation.size()));
    Preprocessing taken = Metadata.preprocessing(teacher).orElseGet(validation::preprocessing);
    try (Predictor predictor = Runtimes.of(teacher).openForBatches(teacher, threads)) {
      Evaluation evaluation = Evaluation.of(predictor, taken, new ValidationSet(some));
      return new TeacherProbe(evaluation, flipRate(predictor, taken, some));
    }
  }

  private static double flipRate(Predictor predictor, Preprocessing taken, Dataset data) {
    long[] indices = LongStream.range(0, Math.min(NOISY_EXAMPLES, data.size())).toArray();
    double[][] plain = Probabilities.of(predictor, ScoreKind.LOGITS, taken, data, indices);
    double[][] noisy =
        Probabilities.of(
            predictor, ScoreKind.LOGITS, taken, Noisy.of(data, indices.length), indices);
    int flips = 0;
    for (int i = 0; i < indices.length; i++) {
      flips += highest(plain[i]) == highest(noisy[i]) ? 0 : 1;
    }
    return (double) flips / indices.length;
  }

  private static int highest(double[] row) {
    int best = 0;
    for (int k = 1; k < row.length; k++) {
      best = row[k] > row[best] ? k : best;
    }
    return best;
  }

  /** Share of the examples that the teacher surely answers otherwise than their label. */
  double surelyOtherwise() {
    List<Calibration.Bin> bins = evaluation.calibration().bins();
    double wrong = 0;
    for (int m = 0; m < bins.size(); m++) {
      if (m >= SURE * bins.size() - 1e-9 && bins.get(m).count() > 0) {
        wrong += bins.get(m).count() * (1 - bins.get(m).accuracy());
      }
    }
    return wrong / evaluation.n();
  }

  /** Share of the labels that a student sees which the teacher contradicts. */
  static double contradicted(
      TeacherSignal heard, Graph teacher, Dataset train, LabelledSubset labelled, int threads) {
    long[] indices =
        LongStream.range(0, Math.min(EXAMPLES, labelled.count())).map(labelled::at).toArray();
    double[][] rows =
        heard instanceof TeacherSignal.Cached plain
            ? plain.labels().rows(indices)
            : asked(teacher, train, indices, threads);
    int contradicted = 0;
    for (int i = 0; i < indices.length; i++) {
      contradicted += highest(rows[i]) == train.label(indices[i]) ? 0 : 1;
    }
    return indices.length == 0 ? 0 : (double) contradicted / indices.length;
  }

  private static double[][] asked(Graph teacher, Dataset train, long[] indices, int threads) {
    Preprocessing taken = Metadata.preprocessing(teacher).orElseGet(train::preprocessing);
    try (Predictor predictor = Runtimes.of(teacher).openForBatches(teacher, threads)) {
      return Probabilities.of(predictor, ScoreKind.LOGITS, taken, train, indices);
    }
  }

  /** How many times the commonest class outnumbers the rarest of those that occur. */
  static double imbalance(Dataset data) {
    long[] counts = new long[data.classes().size()];
    for (long i = 0; i < data.size(); i++) {
      counts[data.label(i)]++;
    }
    long most = LongStream.of(counts).max().orElse(1);
    return (double) most / LongStream.of(counts).filter(c -> c > 0).min().orElse(1);
  }

  /** Examples with a little noise on each value, always the same. */
  private static final class Noisy extends DerivedDataset {
    private final double deviation;

    private Noisy(Dataset data, double deviation) {
      super(data);
      this.deviation = deviation;
    }

    static Noisy of(Dataset data, int examples) {
      FloatBuffer values = FloatBuffer.allocate(Math.toIntExact(data.shape().elements()));
      float low = Float.POSITIVE_INFINITY;
      float high = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < examples; i++) {
        data.read(i, values.clear());
        for (float value : values.array()) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
      return new Noisy(data, NOISE * (high - low));
    }

    @Override
    public void read(long index, FloatBuffer target) {
      int from = target.position();
      all().read(index, target);
      SplittableRandom random = new SplittableRandom(index);
      for (int i = from; i < target.position(); i++) {
        target.put(i, target.get(i) + (float) (deviation * random.nextGaussian()));
      }
    }
  }
}
