package org.distill4j.zoo;

import java.util.List;
import org.distill4j.graph.Graph;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.tensor.Shape;

/**
 * DS-CNN, a depthwise-separable network for spoken keywords: a wide convolution over time and
 * frequency, then blocks of a depthwise 3x3 and a 1x1 convolution, the mean over what is left. The
 * defaults are the keyword-spotting net of MLPerf Tiny, whose input is [1, 49, 10].
 *
 * @param filters channels of every layer
 * @param blocks how many depthwise-separable blocks there are
 * @param kernel rows and columns of the first kernel
 * @param stride of the first convolution
 * @param dropout share left out in training after the first convolution and before the logits
 * @see <a href="https://arxiv.org/abs/1711.07128">Zhang et al.: Hello Edge, 2017</a>
 */
@Describe("depthwise-separable network for spoken keywords")
public record DsCnn(
    @Default("64") @Describe("channels of every layer, >= 1") int filters,
    @Default("4") @Describe("depthwise-separable blocks, >= 1") int blocks,
    @Default("[10, 4]") @Describe("rows and columns of the first kernel, each >= 1")
        List<Integer> kernel,
    @Default("2") @Describe("stride of the first convolution, >= 1") int stride,
    @Default("0.2") @Describe("share left out in training, 0 <= dropout < 1") double dropout)
    implements Net {
  /** Checks the bounds. */
  public DsCnn {
    NetBounds.atLeastOne("filters", filters);
    NetBounds.atLeastOne("blocks", blocks);
    kernel = List.copyOf(kernel);
    NetBounds.atLeastOne("kernel", kernel);
    if (kernel.size() != 2) {
      throw new IllegalArgumentException("kernel: " + kernel + " (expected: rows and columns)");
    }
    NetBounds.atLeastOne("stride", stride);
    NetBounds.dropout(dropout);
  }

  @Override
  public Graph build(Shape example, int classes, long seed) {
    Layers layers = new Layers("dscnn", example, seed);
    Conv first = new Conv(filters, kernel.get(0), kernel.get(1), stride, 1, false);
    layers.conv("conv1", first).norm("norm1").relu().dropout(dropout);
    for (int i = 1; i <= blocks; i++) {
      layers
          .conv("block" + i + ".depthwise", Conv.depthwise(filters, 3).unbiased())
          .norm("block" + i + ".norm1")
          .relu()
          .conv("block" + i + ".pointwise", Conv.of(filters, 1).unbiased())
          .norm("block" + i + ".norm2")
          .relu();
    }
    return layers.dropout(dropout).averageOverImage().logits(classes);
  }
}
