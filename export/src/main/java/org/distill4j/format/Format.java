package org.distill4j.format;

/** An export format of a model; each gets a folder of its own. */
public enum Format {
  /** ONNX, for ONNX Runtime wherever it runs. */
  ONNX,
  /** A TFLite file, for phones and edge devices. */
  TFLITE,
  /** A TFLite file as a C array, for microcontrollers. */
  TFLITE_MICRO,
  /** A SavedModel, for TensorFlow and its servers. */
  SAVEDMODEL,
  /** A TF.js graph model, for browsers. */
  TFJS;

  /** As on the command line and on disk. */
  public String spelled() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
