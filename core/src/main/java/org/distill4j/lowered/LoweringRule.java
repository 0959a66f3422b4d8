package org.distill4j.lowered;

import org.distill4j.shapes.NodeSite;

/** How one ONNX operator becomes nodes of a lowered graph. */
@FunctionalInterface
interface LoweringRule {
  /**
   * Adds the node and gives its first output, held as the plan says; a rule for several outputs
   * declares the others itself.
   *
   * @throws org.distill4j.fault.InputFault naming the node and what cannot be exported
   */
  LoweredValue draw(NodeSite site, LoweredGraphDraft draft);
}
