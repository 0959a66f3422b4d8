package org.distill4j.inference;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Value;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * A predictor: a model that is ready to run forward. Safe to use from several threads.
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

  /**
   * The shape of one result of a model of one float32 input and one float32 output, without the
   * batch. What the model does not declare, one run on zeros tells.
   *
   * @throws InputFault if the model is of another kind, or its input has extents beside the batch
   *     that are no numbers
   */
  default Shape resultShape() {
    Value input = SingleValue.input(this);
    Shape declared = SingleValue.output(this).shape();
    if (SingleValue.hasExample(declared)) {
      return declared.dropFirst();
    }
    Dim batch = input.shape().dim(0);
    Shape zeros = input.shape().with(0, Dim.of(batch.isKnown() ? batch.size() : 1));
    HostTensor fed = HostTensor.ofFloats(zeros, new float[Math.toIntExact(zeros.elements())]);
    HostTensor result = run(Map.of(input.name(), fed)).get(outputs().get(0).name());
    return SingleValue.example(outputs().get(0).name(), result.shape());
  }

  /** Frees what the runtime holds. */
  @Override
  void close();
}
