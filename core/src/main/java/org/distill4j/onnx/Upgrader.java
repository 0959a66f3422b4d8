package org.distill4j.onnx;

import java.util.List;
import org.distill4j.graph.Node;

/** Spells a node of one operator as the next version of the operator wants it. */
@FunctionalInterface
interface Upgrader {
  /**
   * The nodes that do in the new version what the node did in the old one.
   *
   * @param node of the version before
   * @param scope what else there is in the model, and where new constants go
   * @return in topological order; together they make the node's outputs
   */
  List<Node> upgrade(Node node, UpgradeContext scope);
}
