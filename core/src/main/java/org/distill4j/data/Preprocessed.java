package org.distill4j.data;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Preprocessing;

/**
 * A preprocessed data set: every example is preprocessed as it is read, as one model sees it. Safe
 * to use from several threads.
 */
public final class Preprocessed implements Examples {
  private final Dataset data;
  private final Preprocessing preprocessing;
  private final float[] factors;
  private final float[] offsets;
  private final int[] shifts; // from a place among the model's values to that of its raw value
  private final int perChannel;
  private final boolean inOrder; // the model's channels are those of the data, one by one
  private final boolean untouched;

  /** Checks that the preprocessing fits the data's channels. */
  public Preprocessed(Dataset data, Preprocessing preprocessing) {
    int channels = data.shape().rank() == 0 ? 1 : Math.toIntExact(data.shape().size(0));
    if (!preprocessing.fits(channels)) {
      throw new InputFault(
          "preprocessing: %s, for %s channels (expected: 1 or %s, as data '%s' %s has)"
              .formatted(
                  preprocessing.formula(),
                  preprocessing.order().map(List::size).orElse(preprocessing.mean().size()),
                  channels,
                  data.name(),
                  data.shape()));
    }
    this.data = data;
    this.preprocessing = preprocessing;
    this.factors = new float[channels];
    this.offsets = new float[channels];
    boolean identity = true;
    boolean ordered = true;
    for (int c = 0; c < channels; c++) {
      factors[c] = preprocessing.factor(c);
      offsets[c] = preprocessing.offset(c);
      identity &= factors[c] == 1 && offsets[c] == 0;
      ordered &= preprocessing.source(c) == c;
    }
    this.perChannel = Math.toIntExact(data.shape().elements() / channels);
    this.shifts = new int[channels];
    Arrays.setAll(shifts, c -> (preprocessing.source(c) - c) * perChannel);
    this.inOrder = ordered;
    this.untouched = identity && ordered;
  }

  /** The data as they are stored. */
  @Override
  public Dataset data() {
    return data;
  }

  /** What is done to each example. */
  @Override
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  @Override
  public void read(long index, FloatBuffer target) {
    if (!inOrder) {
      float[] raw = new float[perChannel * factors.length];
      data.read(index, FloatBuffer.wrap(raw));
      write(raw, target);
      return;
    }
    int at = target.position();
    data.read(index, target);
    if (untouched) {
      return;
    }
    for (int c = 0; c < factors.length; c++) {
      float factor = factors[c];
      float offset = offsets[c];
      for (int end = at + perChannel; at < end; at++) {
        target.put(at, target.get(at) * factor + offset);
      }
    }
  }

  /**
   * Writes an example whose raw values are at hand.
   *
   * @param raw as {@link Dataset#read} gives them, or as a view of them is
   * @param target takes as many floats from its position, which moves behind them
   */
  public void write(float[] raw, FloatBuffer target) {
    if (untouched) {
      target.put(raw);
      return;
    }
    int start = target.position();
    int at = 0;
    for (int c = 0; c < factors.length; c++) {
      float factor = factors[c];
      float offset = offsets[c];
      int shift = shifts[c];
      for (int end = at + perChannel; at < end; at++) {
        target.put(start + at, raw[at + shift] * factor + offset);
      }
    }
    target.position(start + at);
  }
}
