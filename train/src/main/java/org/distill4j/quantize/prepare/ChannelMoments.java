package org.distill4j.quantize.prepare;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * The moments of each channel of a tensor, mean, spread and magnitude, over examples and positions;
 * sums in float64.
 */
public final class ChannelMoments {
  private final int axis; // negative counts from the end
  private double[] sums = {};
  private double[] squares = {};
  private double[] magnitudes = {};
  private long count; // numbers of one channel

  private ChannelMoments(int axis) {
    this.axis = axis;
  }

  /**
   * Looks at tensors of a model.
   *
   * @param axes the tensors by name, each with the axis that counts channels; negative axes count
   *     from the end
   * @throws RunFault if a number is not finite
   */
  public static Map<String, ChannelMoments> of(
      Graph graph, Map<String, Integer> axes, ActivationPass examples) {
    Map<String, ChannelMoments> all = new LinkedHashMap<>();
    axes.forEach((tensor, axis) -> all.put(tensor, new ChannelMoments(axis)));
    if (axes.isEmpty()) {
      return all;
    }
    examples.through(
        graph,
        axes.keySet(),
        made ->
            axes.keySet().parallelStream()
                .forEach(tensor -> all.get(tensor).add(made.get(tensor))));
    all.forEach((tensor, moments) -> moments.requireFinite(tensor, graph));
    return all;
  }

  private void add(HostTensor tensor) {
    Shape shape = tensor.shape();
    int at = axis < 0 ? axis + shape.rank() : axis;
    int channels = Math.toIntExact(shape.size(at));
    int inner = 1;
    for (int d = at + 1; d < shape.rank(); d++) {
      inner = Math.toIntExact(inner * shape.size(d));
    }
    if (sums.length == 0) {
      sums = new double[channels];
      squares = new double[channels];
      magnitudes = new double[channels];
    }
    FloatBuffer values = tensor.floats();
    float[] run = new float[inner];
    int runs = values.limit() / inner;
    for (int r = 0; r < runs; r++) {
      int channel = r % channels;
      values.get(run);
      double sum = 0;
      double square = 0;
      float most = 0;
      for (float x : run) {
        sum += x;
        square += (double) x * x;
        most = Math.max(most, Math.abs(x));
      }
      sums[channel] += sum;
      squares[channel] += square;
      magnitudes[channel] = Math.max(magnitudes[channel], most);
    }
    count += values.limit() / channels;
  }

  private void requireFinite(String tensor, Graph graph) {
    for (double sum : squares) {
      if (!Double.isFinite(sum)) {
        throw new RunFault(
            "tensor '%s' of model '%s': holds an infinity or NaN on calibration data (expected: finite numbers)"
                .formatted(tensor, graph.name()));
      }
    }
  }

  /** How many channels there are. */
  public int channels() {
    return sums.length;
  }

  /** The mean of a channel. */
  public double mean(int channel) {
    return sums[channel] / count;
  }

  /** The standard deviation of a channel, of all its numbers. */
  public double deviation(int channel) {
    double mean = mean(channel);
    return Math.sqrt(Math.max(0, squares[channel] / count - mean * mean));
  }

  /** The largest magnitude in a channel. */
  public double magnitude(int channel) {
    return magnitudes[channel];
  }

  /** The largest magnitude of each channel. */
  public double[] magnitudes() {
    return magnitudes.clone();
  }
}
