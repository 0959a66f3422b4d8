package org.distill4j.onnx;

import ai.onnx.proto.OnnxMl.GraphProtoOrBuilder;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.nio.file.Path;
import java.util.Set;
import org.distill4j.fault.InputFault;

/**
 * What support vectors without probabilities give beside their labels: a score for each pair of
 * classes, not for each class. Of two classes ONNX Runtime gives the one score as (s, -s), which is
 * larger at the class that it does <em>not</em> mean.
 */
final class PairScores {
  private static final Set<String> KEEPS = Set.of("Cast", "Identity", "ZipMap");

  private PairScores() {}

  /**
   * Whether the scores of a model have to change their signs to be larger at the class that is
   * meant.
   *
   * @param classes how many there are
   * @throws InputFault if they are scores of pairs of more than two classes
   */
  static boolean areReversed(Path path, GraphProtoOrBuilder graph, String scores, int classes) {
    boolean isPairs = isPairs(graph, scores);
    if (isPairs && classes > 2) {
      throw new InputFault(
          "%s: gives a score for each pair of its %s classes (expected: a number for each class); export it with probability=True or decision_function_shape='ovr'"
              .formatted(path, classes));
    }
    return isPairs;
  }

  private static boolean isPairs(GraphProtoOrBuilder graph, String scores) {
    String name = scores;
    for (int i = graph.getNodeCount() - 1; i >= 0; i--) { // from the last to the first
      NodeProto node = graph.getNodeList().get(i);
      if (!node.getOutputList().contains(name)) {
        continue;
      } else if (!KEEPS.contains(node.getOpType())) {
        return isPairs(node);
      }
      name = node.getInput(0);
    }
    return false;
  }

  private static boolean isPairs(NodeProto node) {
    return node.getOpType().equals("SVMClassifier")
        && node.getAttributeList().stream()
            .noneMatch(a -> a.getName().equals("prob_a") && a.getFloatsCount() > 0);
  }
}
