package org.distill4j.zoo;

import org.distill4j.graph.Graph;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.tensor.Shape;

/**
 * ResNet, a residual network for small images: a 3x3 convolution, three stages of (depth - 2) / 6
 * blocks with width, twice and four times as many channels, the mean over the image. Where a stage
 * halves the image, a 1x1 convolution with normalization is the shortcut (option B of the paper).
 *
 * @param depth how many layers have weights, 6n + 2
 * @param width channels of the first stage
 * @see <a href="https://arxiv.org/abs/1512.03385">He et al., 2015, section 4.2</a>
 */
@Describe("residual network for small images")
public record ResNet(
    @Default("20") @Describe("layers with weights, 6n + 2: 8, 14, 20, 32, 44, 56, 110") int depth,
    @Default("16")
        @Describe("channels of the first stage, >= 1; later ones have 2 and 4 times as many")
        int width)
    implements Net {
  /** Checks the bounds. */
  public ResNet {
    if (depth < 8 || depth > 1202 || depth % 6 != 2) {
      throw new IllegalArgumentException(
          "depth: " + depth + " (expected: 6n + 2 from 8 to 1202, such as 8, 20, 32, 56)");
    }
    NetBounds.atLeastOne("width", width);
  }

  @Override
  public Graph build(Shape example, int classes, long seed) {
    Layers layers = new Layers("resnet" + depth, example, seed);
    layers.conv("conv1", Conv.of(width, 3).unbiased()).norm("norm1").relu();
    for (int stage = 0; stage < 3; stage++) {
      int filters = Math.multiplyExact(width, 1 << stage);
      for (int block = 0; block < (depth - 2) / 6; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        addBlock(layers, "stage" + (stage + 1) + ".block" + (block + 1), filters, stride);
      }
    }
    return layers.averageOverImage().logits(classes);
  }

  private static void addBlock(Layers layers, String name, int filters, int stride) {
    Layers.Tap shortcut = layers.tap();
    if (stride > 1) {
      layers
          .conv(name + ".shortcut", Conv.of(filters, 1).strided(stride).unbiased())
          .norm(name + ".shortcut.norm");
      Layers.Tap projected = layers.tap();
      layers.from(shortcut);
      shortcut = projected;
    }
    layers
        .conv(name + ".conv1", Conv.of(filters, 3).strided(stride).unbiased())
        .norm(name + ".norm1")
        .relu()
        .conv(name + ".conv2", Conv.of(filters, 3).unbiased())
        .norm(name + ".norm2")
        .plus(shortcut)
        .relu();
  }
}
