package org.distill4j.zoo;

import java.util.List;
import org.distill4j.graph.Graph;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.tensor.Shape;

/**
 * A multi-layer perceptron: fully connected layers with ReLU, images flattened first.
 *
 * @param hidden units of each hidden layer; empty for a linear model
 * @param dropout share of each hidden layer's outputs that training leaves out
 */
@Describe("fully connected layers with ReLU")
public record Mlp(
    @Default("[128]") @Describe("units of each hidden layer, each >= 1; empty for a linear model")
        List<Integer> hidden,
    @Default("0") @Describe("share of hidden outputs left out in training, 0 <= dropout < 1")
        double dropout)
    implements Net {
  /** Checks the bounds. */
  public Mlp {
    hidden = List.copyOf(hidden);
    NetBounds.atLeastOne("hidden", hidden);
    NetBounds.dropout(dropout);
  }

  @Override
  public Graph build(Shape example, int classes, long seed) {
    Layers layers = new Layers("mlp", example, seed).flatten();
    for (int i = 0; i < hidden.size(); i++) {
      layers.dense("dense" + (i + 1), hidden.get(i)).relu().dropout(dropout);
    }
    return layers.logits(classes);
  }
}
