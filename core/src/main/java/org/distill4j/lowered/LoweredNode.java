package org.distill4j.lowered;

import java.util.List;

/**
 * A node of a lowered graph: one operator at work.
 *
 * @param operation what it does
 * @param inputs names of wires
 * @param outputs names of the wires it fills
 * @param origin the ONNX node it comes from, for messages
 */
public record LoweredNode(
    LoweredOperator operation, List<String> inputs, List<String> outputs, String origin) {
  /** Takes copies. */
  public LoweredNode {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** The first output. */
  public String output() {
    return outputs.get(0);
  }
}
