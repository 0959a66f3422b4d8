package org.distill4j.savedmodel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.RunFault;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensorflow.TensorFlowNatives;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/** The files below {@code variables/}, written by TensorFlow itself. */
final class SavedVariables {
  private SavedVariables() {}

  /** Writes {@code prefix.index} and {@code prefix.data-00000-of-00001}. */
  static void write(Map<String, HostTensor> weights, Path prefix) {
    TensorFlowNatives.load();
    List<String> names = List.copyOf(weights.keySet());
    if (names.isEmpty()) {
      return;
    }
    List<TType> values = new ArrayList<>();
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = TensorFlowNatives.ops(graph);
      List<Operand<?>> fed = new ArrayList<>();
      Session.Runner runner = session.runner();
      for (String name : names) {
        HostTensor weight = weights.get(name);
        Placeholder<TFloat32> in = tf.placeholder(TFloat32.class);
        TFloat32 value =
            TFloat32.tensorOf(
                Shape.of(weight.shape().sizes()), DataBuffers.of(weight.toFloats(), true, false));
        values.add(value);
        fed.add(in);
        runner.feed(in.asOutput(), value);
      }
      String[] none = new String[names.size()];
      java.util.Arrays.fill(none, "");
      Op save =
          tf.train.save(
              tf.constant(prefix.toString()),
              tf.constantOf(texts(names, values)),
              tf.constantOf(texts(List.of(none), values)),
              fed);
      runner.addTarget(save).run().close();
    } catch (TensorFlowException e) {
      throw new RunFault(
          prefix + ": TensorFlow cannot write it: " + TensorFlowFault.line(e) + "; free space", e);
    } finally {
      values.forEach(TType::close);
    }
  }

  private static TString texts(List<String> all, List<TType> open) {
    TString tensor = TString.tensorOf(NdArrays.vectorOfObjects(all.toArray(new String[0])));
    open.add(tensor);
    return tensor;
  }
}
