package org.distill4j.format;

/** The numeric precision of a TFLite file. */
public enum Precision {
  /** All in float32. */
  FLOAT,
  /** Weights of convolutions and dense layers in 8 bits, the rest in float32. */
  DYNAMIC,
  /** In 8 bits wherever the model says how, as a model with QuantizeLinear nodes does. */
  INT8
}
