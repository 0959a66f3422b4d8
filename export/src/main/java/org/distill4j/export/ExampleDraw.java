package org.distill4j.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Draws inputs of a model: numbers of a kind, and ids that its tables have. */
final class ExampleDraw {
  private static final double LARGE = 255; // what a byte of an image may be
  private static final int FEW = 3; // equal numbers are common among so many
  private static final int BATCH = 3;

  /** What is drawn. */
  enum Kind {
    USUAL("random in 0..1"),
    ZEROS("of zeros"),
    NEGATIVE("of numbers below 0"),
    TIES("of equal numbers"),
    LARGE("of numbers up to 255");

    final String says;

    Kind(String says) {
      this.says = says;
    }
  }

  private final Graph model;
  private final IdRange ids;
  private final SplittableRandom random;
  private long most = Long.MAX_VALUE;

  ExampleDraw(Graph model, long seed) {
    this.model = model;
    this.ids = new IdRange(model);
    this.random = new SplittableRandom(seed);
  }

  /** The same draw with ids 0 and 1 alone. */
  ExampleDraw ofFewIds() {
    most = 2;
    return this;
  }

  /** One example, its batch one. */
  Map<String, HostTensor> one(Kind kind) {
    Map<String, HostTensor> one = new LinkedHashMap<>();
    for (Value input : model.inputs()) {
      one.put(input.name(), drawn(input, kind));
    }
    return one;
  }

  private HostTensor drawn(Value input, Kind kind) {
    Shape shape = GoldenOutputs.ofOne(input);
    int elements = Math.toIntExact(shape.elements());
    DType type = input.type();
    ByteBuffer bytes = ByteBuffer.allocate(elements * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    long bound = Math.min(most, ids.of(input.name()));
    for (int i = 0; i < elements; i++) {
      switch (type) {
        case FLOAT32 -> bytes.putFloat((float) real(kind));
        case INT64 -> bytes.putLong(id(kind, bound));
        case INT32 -> bytes.putInt((int) id(kind, bound));
        default ->
            throw new InputFault(
                "input '"
                    + input.name()
                    + "': "
                    + type
                    + " (expected: FLOAT32, INT32 or INT64 for an export)");
      }
    }
    return HostTensor.of(type, shape, bytes.flip());
  }

  private double real(Kind kind) {
    return switch (kind) {
      case USUAL -> random.nextDouble();
      case ZEROS -> 0;
      case NEGATIVE -> -random.nextDouble();
      case TIES -> random.nextInt(FEW) / (FEW - 1.0);
      case LARGE -> LARGE * (2 * random.nextDouble() - 1);
    };
  }

  private long id(Kind kind, long bound) {
    return switch (kind) {
      case USUAL, NEGATIVE -> random.nextLong(bound);
      case ZEROS -> 0;
      case TIES -> random.nextLong(Math.min(FEW, bound));
      case LARGE -> bound - 1;
    };
  }

  /** The same with every real number off by a share of itself. */
  Map<String, HostTensor> shaken(Map<String, HostTensor> inputs, double share) {
    Map<String, HostTensor> all = new LinkedHashMap<>();
    inputs.forEach(
        (name, tensor) -> {
          if (tensor.type() != DType.FLOAT32) {
            all.put(name, tensor);
            return;
          }
          float[] values = tensor.toFloats();
          for (int i = 0; i < values.length; i++) {
            values[i] *= (float) (1 + (random.nextBoolean() ? share : -share));
          }
          all.put(name, HostTensor.ofFloats(tensor.shape(), values));
        });
    return all;
  }

  /** Whether several examples may go in at once. */
  boolean isOpen() {
    return model.inputs().stream()
        .allMatch(i -> i.shape().isRanked() && i.shape().rank() > 0 && !i.shape().dim(0).isKnown());
  }

  /** Three examples in one batch, the first of those given and as many others as are missing. */
  Map<String, HostTensor> batch(List<Map<String, HostTensor>> given) {
    List<Map<String, HostTensor>> rows = new ArrayList<>(given);
    while (rows.size() < BATCH) {
      rows.add(one(Kind.USUAL));
    }
    Map<String, HostTensor> batch = new LinkedHashMap<>();
    for (Value input : model.inputs()) {
      List<HostTensor> parts =
          rows.subList(0, BATCH).stream().map(row -> row.get(input.name())).toList();
      batch.put(input.name(), HostTensor.joined(parts));
    }
    return batch;
  }
}
