package org.distill4j.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.tensorflow.NativeArray;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * One array of a training's state, read and set as it lies in TensorFlow's memory: no layout is
 * changed, so what is restored has the bytes that were saved. Several are read or set together.
 */
final class StateVariable {
  private static final long MOST_BYTES = 64 << 20;

  private final String name;
  private final Shape shape;
  private final Operand<TFloat32> ref;
  private final Operand<TFloat32> copy;
  private final Placeholder<TFloat32> value;
  private final Op assign;

  /** Adds what reading and setting need to the graph of {@code ref}. */
  StateVariable(Ops tf, String name, Operand<TFloat32> ref) {
    this.name = name;
    this.shape = Shape.of(ref.shape().asArray());
    this.ref = ref;
    this.copy = tf.deepCopy(ref);
    this.value = tf.placeholder(TFloat32.class, Placeholder.shape(ref.shape()));
    this.assign = tf.assign(ref, value);
  }

  /** A new variable; it has no value until it is set. */
  static StateVariable create(Ops tf, String name, org.tensorflow.ndarray.Shape shape) {
    return new StateVariable(tf, name, tf.variable(shape, TFloat32.class));
  }

  String name() {
    return name;
  }

  Operand<TFloat32> ref() {
    return ref;
  }

  /** A copy of its value. */
  HostTensor get(Session session) {
    return getAll(session, List.of(this)).get(name);
  }

  /** Copies of the values of several, by name. */
  static Map<String, HostTensor> getAll(Session session, List<StateVariable> variables) {
    Map<String, HostTensor> values = new LinkedHashMap<>();
    for (List<StateVariable> together : inRuns(variables)) {
      Session.Runner runner = session.runner();
      together.forEach(v -> runner.fetch(v.copy));
      try (Result result = runner.run()) {
        for (int i = 0; i < together.size(); i++) {
          StateVariable variable = together.get(i);
          values.put(variable.name, variable.host((TFloat32) result.get(i)));
        }
      }
    }
    return values;
  }

  private HostTensor host(TFloat32 tensor) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(bytes())).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(NativeArray.view(tensor));
    return HostTensor.of(DType.FLOAT32, shape, bytes);
  }

  /**
   * Sets the values of several.
   *
   * @throws IllegalArgumentException if a value is missing or has another shape; then none is set
   */
  static void setAll(
      Session session, List<StateVariable> variables, Map<String, HostTensor> values) {
    for (StateVariable variable : variables) {
      HostTensor value = values.get(variable.name);
      if (value == null) {
        throw new IllegalArgumentException("state '" + variable.name + "': is missing");
      }
      if (!value.shape().equals(variable.shape)) {
        throw new IllegalArgumentException(
            "state '%s': %s (expected: %s)"
                .formatted(variable.name, value.shape(), variable.shape));
      }
    }
    assignAll(session, variables, (v, array) -> array.floats().put(values.get(v.name).floats()));
  }

  /** Sets every element of several to 0. */
  static void clearAll(Session session, List<StateVariable> variables) {
    assignAll(session, variables, (v, zeros) -> {});
  }

  private static void assignAll(
      Session session, List<StateVariable> variables, BiConsumer<StateVariable, NativeArray> fill) {
    for (List<StateVariable> together : inRuns(variables)) {
      List<NativeArray> arrays = new ArrayList<>();
      try {
        Session.Runner runner = session.runner();
        for (StateVariable variable : together) {
          NativeArray array = new NativeArray(variable.shape);
          arrays.add(array);
          fill.accept(variable, array);
          runner.feed(variable.value, array.tensor()).addTarget(variable.assign);
        }
        runner.run().close();
      } finally {
        arrays.forEach(NativeArray::close);
      }
    }
  }

  /**
   * As many in one run as have room in {@link #MOST_BYTES}: TensorFlow prepares each kind of run at
   * its first time, which takes longer than copying.
   */
  private static List<List<StateVariable>> inRuns(List<StateVariable> variables) {
    List<List<StateVariable>> runs = new ArrayList<>();
    long bytes = 0;
    for (StateVariable variable : variables) {
      bytes += variable.bytes();
      if (runs.isEmpty() || bytes > MOST_BYTES) {
        runs.add(new ArrayList<>());
        bytes = variable.bytes();
      }
      runs.get(runs.size() - 1).add(variable);
    }
    return runs;
  }

  private long bytes() {
    return shape.elements() * DType.FLOAT32.bytes();
  }
}
