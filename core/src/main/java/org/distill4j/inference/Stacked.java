package org.distill4j.inference;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Arrays of several examples, taken apart and put together along their outermost axis. */
final class Stacked {
  private Stacked() {}

  /** One example as a batch of one. */
  static HostTensor one(HostTensor batch, int index) {
    Shape shape = batch.shape().with(0, Dim.of(1));
    int bytes = Math.toIntExact(shape.elements() * batch.type().bytes());
    return HostTensor.of(batch.type(), shape, batch.bytes().slice(index * bytes, bytes));
  }

  /** The batch of all, each of which has as many in the same order. */
  static Map<String, HostTensor> all(List<Map<String, HostTensor>> parts) {
    Map<String, HostTensor> batch = new LinkedHashMap<>();
    for (String name : parts.get(0).keySet()) {
      batch.put(name, joined(parts.stream().map(part -> part.get(name)).toList()));
    }
    return batch;
  }

  private static HostTensor joined(List<HostTensor> parts) {
    Shape each = parts.get(0).shape();
    long rows = parts.stream().mapToLong(part -> part.shape().size(0)).sum();
    Shape shape = each.with(0, Dim.of(rows));
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(shape.elements() * parts.get(0).type().bytes()));
    parts.forEach(part -> bytes.put(part.bytes()));
    return HostTensor.of(parts.get(0).type(), shape, bytes.flip());
  }
}
