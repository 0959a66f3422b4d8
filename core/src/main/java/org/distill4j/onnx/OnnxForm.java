package org.distill4j.onnx;

import org.distill4j.graph.Graph;

/**
 * The form in which an ONNX file is written: its opset, and where the weights are kept.
 *
 * @param opset the version of ONNX's own operators, 7 to {@link Graph#OPSET}
 * @param external whether arrays of 1 kB and more lie in a file of their own beside the model
 */
public record OnnxForm(int opset, boolean external) {
  /** The newest opset, everything in one file. */
  public static final OnnxForm NEWEST = new OnnxForm(Graph.OPSET, false);

  static final int OLDEST = 7;

  /** Checks the bounds. */
  public OnnxForm {
    if (opset < OLDEST || opset > Graph.OPSET) {
      throw new IllegalArgumentException(
          "opset: " + opset + " (expected: " + OLDEST + " to " + Graph.OPSET + ")");
    }
  }

  /** The version of the file format that came with the opset. */
  long irVersion() {
    if (opset <= 8) {
      return 3;
    } else if (opset == 9) {
      return 4;
    } else if (opset == 10) {
      return 5;
    } else if (opset == 11) {
      return 6;
    } else if (opset <= 14) {
      return 7;
    }
    return opset <= 18 ? 8 : opset <= 20 ? 9 : OnnxWriter.IR_VERSION;
  }
}
