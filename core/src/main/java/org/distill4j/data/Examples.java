package org.distill4j.data;

import java.nio.FloatBuffer;
import org.distill4j.graph.Preprocessing;

/** Preprocessed examples, as one model takes them. */
public interface Examples {
  /** The data that they are made from. */
  Dataset data();

  /** What is done to the raw values of each. */
  Preprocessing preprocessing();

  /** Writes one example as the model takes it; see {@link Dataset#read}. */
  void read(long index, FloatBuffer target);
}
