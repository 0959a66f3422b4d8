package org.distill4j.inference;

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
      batch.put(name, HostTensor.joined(parts.stream().map(part -> part.get(name)).toList()));
    }
    return batch;
  }
}
