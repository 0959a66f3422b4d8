package org.distill4j.quantize.qat;

import org.distill4j.tensor.HostTensor;

/**
 * Where steps begin that are learned: {@code 2 mean|v| / sqrt(Qp)}.
 *
 * @see <a href="https://arxiv.org/abs/1902.08153">Esser et al., 2020</a>
 */
final class LearnedSteps {
  private LearnedSteps() {}

  /**
   * One for each channel.
   *
   * @param axis that counts channels
   * @param channels how many, 1 for one step for all
   */
  static double[] initial(HostTensor values, int axis, int channels, int bits) {
    int highest = (1 << (bits - 1)) - 1;
    int inner = 1;
    for (int a = axis + 1; channels > 1 && a < values.shape().rank(); a++) {
      inner *= Math.toIntExact(values.shape().size(a));
    }
    double[] sums = new double[channels];
    float[] numbers = values.toFloats();
    for (int i = 0; i < numbers.length; i++) {
      sums[i / inner % channels] += Math.abs(numbers[i]);
    }
    for (int c = 0; c < channels; c++) {
      double mean = sums[c] * channels / numbers.length;
      sums[c] = 2 * mean / Math.sqrt(highest);
    }
    return sums;
  }
}
