package org.distill4j.graph;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.distill4j.settings.Binding;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.DigestedAs;
import org.distill4j.settings.Preset;

/**
 * The preprocessing of a model: how the values that a data set stores become what the model takes,
 * {@code x[c] = (scale * raw[order[c]] - mean[c]) / std[c]}, c being the channel, the first axis of
 * one example.
 *
 * <p>The presets are what frameworks do to pixels of 0 to 255: {@code imagenet} and {@code
 * keras-torch} bring them to 0..1 and take ImageNet's means and deviations, as torchvision's
 * weights and Keras' mode {@code torch} want it; {@code keras-tf} brings them to -1..1; {@code
 * keras-caffe} takes means from blue, green and red, in that order; {@code none} is for a model
 * that takes them as they are.
 *
 * @param scale finite and not 0; 1/255 brings bytes to 0..1
 * @param mean one per channel of the model, or one for all
 * @param std as many as {@code mean}, each greater than 0
 * @param order which channel of the data each of the model's is, from 0, each once; absent: as they
 *     come
 * @see <a href="https://keras.io/api/applications/">Keras, preprocess_input</a>
 */
@Describe("x[c] = (scale * raw[c] - mean[c]) / std[c], c being the channel; or a preset for images")
@DigestedAs("Preprocessing[scale, mean, std, order?]")
@Preset(
    name = "imagenet",
    value = "{scale: 0.00392156862745098, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]}")
@Preset(name = "keras-tf", value = "{scale: 0.00784313725490196, mean: [1], std: [1]}")
@Preset(
    name = "keras-caffe",
    value = "{mean: [103.939, 116.779, 123.68], std: [1, 1, 1], order: [2, 1, 0]}")
@Preset(
    name = "keras-torch",
    value = "{scale: 0.00392156862745098, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]}")
@Preset(name = "none", value = "{scale: 1}")
public record Preprocessing(
    @Default("1") @Describe("finite and not 0; 0.00392156862745098 brings bytes to 0..1")
        double scale,
    @Default("[0]") @Describe("one per channel, or one for all") List<Double> mean,
    @Default("[1]") @Describe("as many as mean, each > 0") List<Double> std,
    @Describe(
            "which channel of the data each of the model's is, from 0, such as [2, 1, 0] for blue,"
                + " green, red; if absent, as they come")
        Optional<List<Integer>> order) {
  private static final double BYTE = 255;

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
    order = order.map(List::copyOf);
    order.ifPresent(Preprocessing::requirePermutation);
    if (order.isPresent() && mean.size() > 1 && order.get().size() != mean.size()) {
      throw new IllegalArgumentException(
          "order, mean: " + order.get() + ", " + mean + " (expected: as many of one as of both)");
    }
  }

  private static void requirePermutation(List<Integer> order) {
    List<Integer> each = IntStream.range(0, order.size()).boxed().toList();
    if (order.isEmpty() || !order.stream().sorted().toList().equals(each)) {
      throw new IllegalArgumentException(
          "order: " + order + " (expected: the numbers from 0, each once, such as [2, 1, 0])");
    }
  }

  /** Channels as they come. */
  public Preprocessing(double scale, List<Double> mean, List<Double> std) {
    this(scale, mean, std, Optional.empty());
  }

  /**
   * What a text says, in the words of a recipe: a preset, or a YAML mapping of the components.
   *
   * @param name what faults call it
   * @throws org.distill4j.fault.InputFault with a line for everything that is wrong
   */
  public static Preprocessing read(String text, String name) {
    return new Binding<>(Preprocessing.class).parse(text, name, Path.of(""), List.of());
  }

  /** Multiplies by one number. */
  public static Preprocessing scale(double scale) {
    return new Preprocessing(scale, List.of(0.0), List.of(1.0));
  }

  /** The formula with its numbers, for people. */
  public String formula() {
    return "(%s x raw%s - %s) / %s"
        .formatted(scale, order.map(List::toString).orElse(""), brief(mean), brief(std));
  }

  private static String brief(List<Double> numbers) {
    return numbers.size() == 1 ? numbers.get(0).toString() : numbers.toString();
  }

  /** Which channel of the data a channel of the model is. */
  public int source(int channel) {
    return order.map(o -> o.get(channel)).orElse(channel);
  }

  /** What a raw value is multiplied by in a channel of the model. */
  public float factor(int channel) {
    return (float) (scale / std.get(std.size() == 1 ? 0 : channel));
  }

  /** What is then added in a channel. */
  public float offset(int channel) {
    int c = mean.size() == 1 ? 0 : channel;
    return (float) (-mean.get(c) / std.get(c));
  }

  /** Whether it multiplies by one number and does nothing else. */
  public boolean isScale() {
    return equals(scale(scale));
  }

  /**
   * What a byte of 255 is in the numbers that it expects: 255, or the largest of data with fewer
   * levels, such as 16, where all it does is to bring them to 0..1.
   */
  public double white() {
    double levels = isScale() ? 1 / scale : BYTE;
    return levels > 1 && levels < BYTE ? levels : BYTE;
  }

  /** Whether it suits examples with that many channels. */
  public boolean fits(long channels) {
    return (mean.size() == 1 || mean.size() == channels)
        && (order.isEmpty() || order.get().size() == channels);
  }
}
