package org.distill4j.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import org.distill4j.graph.Preprocessing;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.Shape;

/**
 * Labelled examples, each an array of one shape, addressed by index.
 *
 * <p>Implementations are safe to read from several threads and give the same values at every call.
 * A large set keeps its values in a mapped file rather than on the heap.
 */
public interface Dataset {
  /** For people, such as {@code fashion-mini}. */
  String name();

  /** The shape of one example in ONNX order, without the batch: {@code [1, 28, 28]}. */
  Shape shape();

  /** The class names; label {@code k} is the k-th. */
  List<String> classes();

  /** How many examples there are. */
  long size();

  /**
   * Writes one example as raw values, before any preprocessing: bytes as 0..255.
   *
   * @param index from 0 to {@link #size()} - 1
   * @param target takes {@code shape().elements()} floats from its position, which moves behind
   *     them
   */
  void read(long index, FloatBuffer target);

  /** The class of one example, from 0 to {@code classes().size() - 1}. */
  int label(long index);

  /**
   * The digest of the content, 64 hex digits: what is computed from the data is kept under it. As
   * given here it reads everything at each call; a large set knows a shorter way or remembers it.
   */
  default String sha256() {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(4 * shape().elements() + 4))
            .order(ByteOrder.LITTLE_ENDIAN);
    Sha256 sha = new Sha256().add(shape().toString());
    for (long i = 0; i < size(); i++) {
      read(i, bytes.asFloatBuffer());
      sha.add(bytes.putInt(bytes.capacity() - 4, label(i)));
    }
    return sha.hex();
  }

  /**
   * What suits these raw values for a net that is trained on them here; a model that says otherwise
   * goes first.
   */
  default Preprocessing preprocessing() {
    return Preprocessing.NONE;
  }
}
