package org.distill4j.engine.lowering;

/** Names of TensorFlow operations. */
final class Names {
  private Names() {}

  /** A name that TensorFlow takes, as near to an ONNX name as it can be. */
  static String scope(String name) {
    String safe = name.replaceAll("[^A-Za-z0-9_.]", "_").replaceAll("_{2,}", "_");
    boolean starts = !safe.isEmpty() && safe.matches("[A-Za-z0-9.].*");
    return starts ? safe : "n" + safe;
  }
}
