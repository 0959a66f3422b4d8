package org.distill4j.prune;

import java.util.Map;
import java.util.function.Consumer;
import org.distill4j.tensor.HostTensor;

/** A source of gradients of a loss, batch after batch. */
@FunctionalInterface
public interface Gradients {
  /** For a criterion that wants none. */
  Gradients NONE = taker -> {};

  /**
   * Gives the gradients of each batch.
   *
   * @param taker takes those of one batch: the gradient of each trained initializer by name, in its
   *     shape and order
   */
  void each(Consumer<Map<String, HostTensor>> taker);
}
