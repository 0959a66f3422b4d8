package org.distill4j.step;

import org.distill4j.data.Dataset;
import org.distill4j.data.TargetScale;
import org.distill4j.graph.Graph;
import org.distill4j.graph.TaskType;
import org.distill4j.zoo.Net;
import org.distill4j.zoo.Scaled;

/** Builds nets for data. */
public final class Nets {
  private Nets() {}

  /** The net with initial weights; for a regression its outputs have the numbers' own size. */
  public static Graph build(Net net, Dataset train, long seed) {
    Graph graph = net.build(train.shape(), train.classes().size(), seed);
    if (train.task() != TaskType.REGRESSION) {
      return graph;
    }
    TargetScale scale = TargetScale.of(train);
    return Scaled.of(graph, scale.means(), scale.deviations());
  }
}
