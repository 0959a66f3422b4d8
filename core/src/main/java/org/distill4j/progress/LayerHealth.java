package org.distill4j.progress;

import java.util.List;

/**
 * The health of a layer in training, seen on one batch: dead units, size of gradient and weights. A
 * measure that a layer does not have is NaN.
 *
 * @param name the layer's name in the model: a weight's, or that of a node with an activation
 * @param dead share of the units that answer 0 to every example of the batch, 0 to 1
 * @param gradient root mean square of the gradient of its weight
 * @param weight root mean square of its weight
 */
public record LayerHealth(String name, double dead, double gradient, double weight) {
  /**
   * All layers after one epoch.
   *
   * @param epoch counted from 1
   */
  public record OfEpoch(int epoch, List<LayerHealth> layers) {
    /** Takes a copy. */
    public OfEpoch {
      layers = List.copyOf(layers);
    }
  }
}
