package org.distill4j.reference;

import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.inference.InferenceRuntime;

/**
 * The reference runtime of quantized models: 8-bit operands, exact sums, one rounding half to even
 * where a layer ends. It is the twin that faster runtimes are held against: small, plain and slow.
 *
 * <p>Where a model computes on floats it computes in float64. An operator on real numbers that has
 * no arithmetic here is carried out by ONNX Runtime, that node alone.
 */
public final class ReferenceRuntime implements InferenceRuntime {
  @Override
  public String name() {
    Runtime.Version version = Runtime.version();
    return "exact integers on Java " + version.feature() + "." + version.interim();
  }

  /**
   * {@inheritDoc}
   *
   * @throws InputFault if ONNX Runtime does not know an operator that has no arithmetic here
   */
  @Override
  public ReferencePredictor open(Graph graph, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1)");
    }
    return new ReferencePredictor(graph);
  }
}
