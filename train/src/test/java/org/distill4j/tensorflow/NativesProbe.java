package org.distill4j.tensorflow;

import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Ops;

/** Loads TensorFlow in a process of its own and says how that went. */
final class NativesProbe {
  private NativesProbe() {}

  /**
   * Prints two lines.
   *
   * @param args {@code early} to load TensorFlow before the engine does
   */
  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals("early")) {
      TensorFlow.version();
    }
    TensorFlowNatives.load();
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      session.runner().fetch(tf.math.add(tf.constant(1f), tf.constant(2f))).run().close();
    }
    System.out.println("oneDNN " + TensorFlowNatives.oneDnnActive());
    System.out.println("warning " + TensorFlowNatives.warning().orElse(""));
  }
}
