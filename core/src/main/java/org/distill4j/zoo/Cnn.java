package org.distill4j.zoo;

import java.util.List;
import org.distill4j.graph.Graph;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.tensor.Shape;

/**
 * A plain convolutional network: 3x3 convolutions with ReLU and 2x2 max pools, then fully connected
 * layers.
 *
 * @param features what follows the image: a number of filters, or {@code pool}
 * @param dense units of each fully connected layer before the logits
 * @param dropout share of the inputs of the logits that training leaves out
 * @param norm whether a batch normalization follows each convolution
 */
@Describe("3x3 convolutions with ReLU, max pools, then fully connected layers")
public record Cnn(
    @Default("[32, 64, pool, 128, pool]")
        @Describe("in order: filters of a 3x3 convolution (>= 1), or pool for a 2x2 max pool")
        List<String> features,
    @Default("[128]") @Describe("units of each fully connected layer before the logits, each >= 1")
        List<Integer> dense,
    @Default("0") @Describe("share of the logits' inputs left out in training, 0 <= dropout < 1")
        double dropout,
    @Default("false") @Describe("whether a batch normalization follows each convolution")
        boolean norm)
    implements Net {
  private static final String POOL = "pool";

  /** Checks the bounds. */
  public Cnn {
    features = List.copyOf(features);
    dense = List.copyOf(dense);
    for (String feature : features) {
      if (!feature.equals(POOL) && !feature.matches("[1-9][0-9]{0,5}")) {
        throw new IllegalArgumentException(
            "features: " + feature + " (expected: a number of filters from 1 to 999999, or pool)");
      }
    }
    NetBounds.atLeastOne("dense", dense);
    NetBounds.dropout(dropout);
  }

  @Override
  public Graph build(Shape example, int classes, long seed) {
    Layers layers = new Layers("cnn", example, seed);
    int convs = 0;
    for (String feature : features) {
      if (feature.equals(POOL)) {
        layers.maxPool();
      } else {
        convs++;
        addConv(layers, convs, Integer.parseInt(feature));
      }
    }
    layers.flatten();
    for (int i = 0; i < dense.size(); i++) {
      layers.dense("dense" + (i + 1), dense.get(i)).relu();
    }
    return layers.dropout(dropout).logits(classes);
  }

  private void addConv(Layers layers, int number, int filters) {
    Conv conv = Conv.of(filters, 3);
    if (norm) {
      layers.conv("conv" + number, conv.unbiased()).norm("norm" + number).relu();
    } else {
      layers.conv("conv" + number, conv).relu();
    }
  }
}
