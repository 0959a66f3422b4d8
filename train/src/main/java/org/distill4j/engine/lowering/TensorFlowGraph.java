package org.distill4j.engine.lowering;

import java.util.List;
import org.distill4j.lowered.Layout;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * A graph lowered to TensorFlow, within a TensorFlow graph. All values come in ONNX order, whatever
 * is held inside.
 */
public final class TensorFlowGraph<T extends TFloating> {
  private final TensorFlowGraphBuilder<T> assembly;

  TensorFlowGraph(TensorFlowGraphBuilder<T> assembly) {
    this.assembly = assembly;
  }

  /**
   * An output of the graph.
   *
   * @throws IllegalArgumentException if it is none
   */
  public Operand<T> output(String name) {
    if (assembly.graph().outputs().stream().noneMatch(o -> o.name().equals(name))) {
      throw new IllegalArgumentException(
          "output '" + name + "': is not in " + assembly.graph() + "; use value() for others");
    }
    return value(name);
  }

  /**
   * Any floating-point value of the graph: an input, what a node makes, a constant. Asking for one
   * that is held in another order adds a transposition.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public Operand<T> value(String name) {
    return assembly.value(name, Layout.ONNX);
  }

  /** What the running statistics become; empty unless lowered for training. */
  public List<StatisticUpdate<T>> statisticUpdates() {
    return assembly.updates();
  }
}
