package org.distill4j.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.tensorflow.NativeArray;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * One array of a training's state, read and set as it lies in TensorFlow's memory: no layout is
 * changed, so what is restored has the bytes that were saved.
 */
final class StateVariable {
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
    try (TFloat32 tensor = (TFloat32) session.runner().fetch(copy).run().get(0)) {
      ByteBuffer bytes =
          ByteBuffer.allocate(Math.toIntExact(shape.elements() * DType.FLOAT32.bytes()))
              .order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(NativeArray.view(tensor));
      return HostTensor.of(DType.FLOAT32, shape, bytes);
    }
  }

  /** Sets its value. */
  void set(Session session, HostTensor tensor) {
    if (!tensor.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "state '" + name + "': " + tensor.shape() + " (expected: " + shape + ")");
    }
    try (NativeArray array = new NativeArray(shape)) {
      array.floats().put(tensor.floats());
      session.runner().feed(value, array.tensor()).addTarget(assign).run();
    }
  }

  /** Sets every element to 0. */
  void clear(Session session) {
    try (NativeArray array = new NativeArray(shape)) {
      session.runner().feed(value, array.tensor()).addTarget(assign).run();
    }
  }
}
