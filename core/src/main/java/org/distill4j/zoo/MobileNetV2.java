package org.distill4j.zoo;

import org.distill4j.graph.Graph;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.tensor.Shape;

/**
 * MobileNetV2, inverted residuals with linear bottlenecks: narrow maps, widened by 1x1 convolutions
 * for a depthwise 3x3 convolution between them. Images of at most 64 rows or columns are halved
 * three times instead of five, the first two strides being 1.
 *
 * @param width multiplies all channels; results are rounded to multiples of 8
 * @param expansion how much wider a block is inside
 * @see <a href="https://arxiv.org/abs/1801.04381">Sandler et al., 2018, table 2</a>
 */
@Describe("inverted residuals with depthwise convolutions")
public record MobileNetV2(
    @Default("0.5") @Describe("multiplies all channels, 0 < width <= 8") double width,
    @Default("6") @Describe("how much wider a block is inside, >= 1") int expansion)
    implements Net {
  /** Channels, blocks and first stride of each stage. */
  private static final int[][] STAGES = {
    {16, 1, 1}, {24, 2, 2}, {32, 3, 2}, {64, 4, 2}, {96, 3, 1}, {160, 3, 2}, {320, 1, 1}
  };

  private static final int SMALL = 64;

  /** Checks the bounds. */
  public MobileNetV2 {
    if (!(width > 0 && width <= 8)) {
      throw new IllegalArgumentException("width: " + width + " (expected: 0 < width <= 8)");
    }
    NetBounds.atLeastOne("expansion", expansion);
  }

  @Override
  public Graph build(Shape example, int classes, long seed) {
    Layers layers = new Layers("mobilenetv2", example, seed);
    boolean small = example.rank() == 3 && Math.min(example.size(1), example.size(2)) <= SMALL;
    Conv stem = Conv.of(channels(32), 3).strided(small ? 1 : 2).unbiased();
    layers.conv("conv1", stem).norm("norm1").relu6();
    for (int stage = 0; stage < STAGES.length; stage++) {
      int filters = channels(STAGES[stage][0]);
      int stride = small && stage == 1 ? 1 : STAGES[stage][2];
      for (int block = 0; block < STAGES[stage][1]; block++) {
        String name = "stage" + (stage + 1) + ".block" + (block + 1);
        addBlock(layers, name, filters, block == 0 ? stride : 1, stage == 0 ? 1 : expansion);
      }
    }
    int last = Math.max(1280, channels(1280)); // narrow nets keep the wide last layer
    layers.conv("conv2", Conv.of(last, 1).unbiased()).norm("norm2").relu6();
    return layers.averageOverImage().logits(classes);
  }

  /** A multiple of 8 that is at least nine tenths of the channels asked for. */
  private int channels(int standard) {
    double asked = standard * width;
    int rounded = Math.max(8, (int) (asked + 4) / 8 * 8);
    return rounded < 0.9 * asked ? rounded + 8 : rounded;
  }

  private static void addBlock(Layers layers, String name, int filters, int stride, int expansion) {
    Layers.Tap shortcut = layers.tap();
    int inside = Math.multiplyExact((int) shortcut.shape().size(0), expansion);
    if (expansion > 1) {
      layers.conv(name + ".expand", Conv.of(inside, 1).unbiased()).norm(name + ".norm1").relu6();
    }
    layers
        .conv(name + ".depthwise", Conv.depthwise(inside, 3).strided(stride).unbiased())
        .norm(name + ".norm2")
        .relu6()
        .conv(name + ".project", Conv.of(filters, 1).unbiased())
        .norm(name + ".norm3");
    if (layers.tap().shape().equals(shortcut.shape())) {
      layers.plus(shortcut);
    }
  }
}
