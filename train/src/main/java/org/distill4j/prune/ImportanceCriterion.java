package org.distill4j.prune;

/**
 * An importance criterion: how much a channel matters. The less, the sooner it goes.
 *
 * <p>{@code W_o} are the weights of one layer that make channel o. Where several layers make a
 * channel together, such as the two sides of a residual Add, the mean over them counts, each
 * relative to its layer's mean. Within its group a channel's score is then divided by the group's
 * mean, so that groups of different scale can be ranked together: without that, whole layers would
 * go before any channel of another. {@code BATCH_NORM} alone compares as it is.
 */
public enum ImportanceCriterion {
  /**
   * {@code ||W_o||_1}, the sum of magnitudes.
   *
   * @see <a href="https://arxiv.org/abs/1608.08710">Li et al., 2016</a>
   */
  L1,
  /**
   * {@code ||W_o||_2}, the square root of the sum of squares.
   *
   * @see <a href="https://arxiv.org/abs/1808.06866">He et al.: Soft filter pruning, 2018</a>
   */
  L2,
  /**
   * {@code |gamma_o|}, the scale of the BatchNormalization behind the layer.
   *
   * @see <a href="https://arxiv.org/abs/1708.06519">Liu et al.: Network slimming, 2017</a>
   */
  BATCH_NORM,
  /**
   * {@code sum over o' of ||W_o - W_o'||_2}: what is near the geometric median of its layer can be
   * said by the others.
   *
   * @see <a href="https://arxiv.org/abs/1811.00250">He et al., 2018</a>
   */
  FPGM,
  /**
   * {@code (sum over w in W_o of g w)²}, g the gradient of the loss, over all layers that make the
   * channel, mean over some training batches: how much the loss would change to first order.
   *
   * @see <a href="https://arxiv.org/abs/1906.10771">Molchanov et al., 2019</a>, and on ranking
   *     layers together <a href="https://arxiv.org/abs/1611.06440">Molchanov et al., 2016</a>
   */
  TAYLOR;

  /** Whether it wants gradients, which some training batches bring. */
  public boolean needsGradients() {
    return this == TAYLOR;
  }
}
