package org.distill4j.prune;

import org.distill4j.graph.Graph;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.shapes.Cost;

/**
 * The size of a model: parameters, multiply-adds, bytes.
 *
 * @param parameters trained numbers
 * @param macs multiply-adds for one example
 * @param bytes of its ONNX file
 */
public record Size(long parameters, long macs, long bytes) {
  /** Measures a model. */
  public static Size of(Graph model) {
    Cost cost = Cost.of(model);
    return new Size(cost.parameters(), cost.macs(), OnnxWriter.toBytes(model).length);
  }
}
