package org.distill4j.graph;

import java.util.List;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;

/**
 * The preprocessing of a model: how the values that a data set stores become what the model takes,
 * {@code x = (scale * raw - mean[c]) / std[c]}, c being the channel, the first axis of one example.
 *
 * @param scale finite and not 0; 1/255 brings bytes to 0..1
 * @param mean one per channel, or one for all
 * @param std as many as {@code mean}, each greater than 0
 */
@Describe("x = (scale * raw - mean[c]) / std[c], c being the channel")
@DigestedAs("Preprocessing[scale, mean, std]")
public record Preprocessing(
    @Default("1") @Describe("finite and not 0; 0.00392156862745098 brings bytes to 0..1")
        double scale,
    @Default("[0]") @Describe("one per channel, or one for all") List<Double> mean,
    @Default("[1]") @Describe("as many as mean, each > 0") List<Double> std) {
  /** Leaves every value as it is. */
  public static final Preprocessing NONE = scale(1);

  /** Takes copies and checks the bounds. */
  public Preprocessing {
    if (!Double.isFinite(scale) || scale == 0) {
      throw new IllegalArgumentException("scale: " + scale + " (expected: finite and not 0)");
    }
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.isEmpty() || mean.size() != std.size()) {
      throw new IllegalArgumentException(
          "mean, std: " + mean + ", " + std + " (expected: as many of one as of the other)");
    }
    for (double s : std) {
      if (!(s > 0)) {
        throw new IllegalArgumentException("std: " + std + " (expected: each > 0)");
      }
    }
  }

  /** Multiplies by one number. */
  public static Preprocessing scale(double scale) {
    return new Preprocessing(scale, List.of(0.0), List.of(1.0));
  }

  /** The formula with its numbers, for people. */
  public String formula() {
    return "(%s x raw - %s) / %s".formatted(scale, brief(mean), brief(std));
  }

  private static String brief(List<Double> numbers) {
    return numbers.size() == 1 ? numbers.get(0).toString() : numbers.toString();
  }

  /** What a raw value is multiplied by in a channel. */
  public float factor(int channel) {
    return (float) (scale / std.get(std.size() == 1 ? 0 : channel));
  }

  /** What is then added in a channel. */
  public float offset(int channel) {
    int c = mean.size() == 1 ? 0 : channel;
    return (float) (-mean.get(c) / std.get(c));
  }

  /** Whether it suits examples with that many channels. */
  public boolean fits(long channels) {
    return mean.size() == 1 || mean.size() == channels;
  }
}
