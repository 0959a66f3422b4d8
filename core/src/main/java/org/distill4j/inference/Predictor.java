package org.distill4j.inference;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.distill4j.graph.Value;
import org.distill4j.tensor.HostTensor;

/**
 * A model that is ready to run forward. Safe to use from several threads.
 *
 * <p>Arrays go in and come out in ONNX order (NCHW), whatever the runtime does inside.
 */
public interface Predictor extends AutoCloseable {
  /** What is fed. */
  List<Value> inputs();

  /** What comes out. */
  List<Value> outputs();

  /**
   * Runs any model once.
   *
   * @param inputs a tensor for each input by name
   * @return a tensor for each output by name
   */
  Map<String, HostTensor> run(Map<String, HostTensor> inputs);

  /**
   * Runs a model of one float32 input and one float32 output, both with the batch as their
   * outermost extent, without allocating per call.
   *
   * @param count how many examples
   * @param input a direct buffer in native order with at least {@code count} examples from its
   *     start
   * @param output a direct buffer in native order that takes {@code count} results from its start
   */
  void run(int count, FloatBuffer input, FloatBuffer output);

  /** Frees what the runtime holds. */
  @Override
  void close();
}
