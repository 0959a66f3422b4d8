package org.distill4j.quantize.observe;

import org.distill4j.settings.Describe;
import org.distill4j.tensor.DType;

/**
 * An observer: how the range of a tensor is chosen from what was seen of it. All of them read one
 * histogram, so comparing them costs nothing.
 */
@Describe("how ranges are chosen from what calibration saw")
public enum Observer {
  /** From the least to the greatest number: nothing is clipped; one outlier coarsens all. */
  MIN_MAX {
    @Override
    public Range range(TensorStatistics seen) {
      return seen.histogram().range();
    }
  },
  /** The moving average of each batch's extremes, a tenth of it new with each batch. */
  MOVING_AVERAGE {
    @Override
    public Range range(TensorStatistics seen) {
      return seen.movingAverage();
    }
  },
  /** Clips the 0.01 percent of numbers with the largest magnitude. */
  PERCENTILE {
    @Override
    public Range range(TensorStatistics seen) {
      Histogram h = seen.histogram();
      long allowed = (long) (h.count() * CLIPPED);
      long outside = 0;
      int top = Histogram.BINS;
      while (top > 1 && outside + h.magnitude(top - 1) <= allowed) {
        outside += h.magnitude(--top);
      }
      return h.width() == 0 ? h.range() : h.range().within(top * h.width());
    }
  },
  /**
   * The threshold whose quantized distribution diverges least from the clipped one.
   *
   * @see <a
   *     href="https://on-demand.gputechconf.com/gtc/2017/presentation/s7310-8-bit-inference-with-tensorrt.pdf">Migacz,
   *     2017</a>
   */
  KL {
    @Override
    public Range range(TensorStatistics seen) {
      return new EntropyThreshold(seen.histogram()).range();
    }
  },
  /** The share of the whole range, of 1 to 100 percent, with the least mean squared error. */
  MSE {
    @Override
    public Range range(TensorStatistics seen) {
      Histogram h = seen.histogram();
      Range best = h.range();
      double least = error(h, best);
      for (int percent = 1; percent < PERCENTS; percent++) {
        double share = (double) percent / PERCENTS;
        Range tried = new Range(h.range().min() * share, h.range().max() * share);
        double error = error(h, tried);
        if (error < least) {
          least = error;
          best = tried;
        }
      }
      return best;
    }
  };

  private static final double CLIPPED = 1e-4;
  private static final int PERCENTS = 100;

  /** The range that this observer would take. */
  public abstract Range range(TensorStatistics seen);

  /** The mean squared error of 8-bit numbers in a range, clipping included. */
  static double error(Histogram h, Range range) {
    Grid grid = Grid.affine(range, DType.UINT8);
    double sum = 0;
    for (int i = 0; i < Histogram.BINS; i++) {
      double middle = (i + .5) * h.width();
      sum += h.positive(i) * square(middle - grid.nearest(middle));
      sum += h.negative(i) * square(middle + grid.nearest(-middle));
    }
    return h.count() == 0 ? 0 : sum / h.count();
  }

  private static double square(double x) {
    return x * x;
  }
}
