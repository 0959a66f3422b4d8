package org.distill4j.tensorflow;

import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;

/** How TensorFlow is asked to run. */
public final class Sessions {
  private Sessions() {}

  /**
   * A session with threads of its own: otherwise the first session of a process sets the number for
   * all.
   */
  public static Session open(Graph graph, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1)");
    }
    return new Session(
        graph,
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(threads)
            .setInterOpParallelismThreads(1)
            .setUsePerSessionThreads(true)
            .build());
  }
}
