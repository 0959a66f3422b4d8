package org.distill4j.quantize.observe;

import java.nio.IntBuffer;
import org.distill4j.tensor.HostTensor;

/** What was seen of one tensor while examples ran through the model: enough for every observer. */
public final class TensorStatistics {
  /** How much of the moving average each batch replaces, as calibration has few batches. */
  private static final double NEWS = .1;

  private final Histogram histogram = new Histogram();
  private double averageMin;
  private double averageMax;
  private boolean any;

  /**
   * Sees one batch of it.
   *
   * @param tensor float32
   * @return whether all numbers are finite; if not, what follows is not counted
   */
  public boolean see(HostTensor tensor) {
    IntBuffer values = tensor.bytes().asIntBuffer();
    Extremes extremes = Extremes.of(values);
    if (!extremes.areFinite()) {
      return false;
    }
    histogram.add(values, extremes);
    double news = any ? NEWS : 1;
    averageMin += news * (extremes.least() - averageMin);
    averageMax += news * (extremes.greatest() - averageMax);
    any |= values.hasRemaining();
    return true;
  }

  public Histogram histogram() {
    return histogram;
  }

  /** The exponential moving average of each batch's extremes. */
  Range movingAverage() {
    return new Range(averageMin, averageMax);
  }
}
