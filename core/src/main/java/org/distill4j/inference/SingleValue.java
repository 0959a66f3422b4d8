package org.distill4j.inference;

import java.util.List;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Shape;

/** The one float32 value that goes in or comes out of a model that is run in batches. */
final class SingleValue {
  private SingleValue() {}

  /** The only input; its shape is a batch of examples whose extents are numbers. */
  static Value input(Predictor model) {
    Value input = only("inputs", model.inputs());
    example(input.name(), input.shape());
    return input;
  }

  /** The only output; its shape may be anything. */
  static Value output(Predictor model) {
    return only("outputs", model.outputs());
  }

  private static Value only(String what, List<Value> values) {
    if (values.size() != 1 || values.get(0).type() != DType.FLOAT32) {
      throw new InputFault(
          "model %s: %s (expected: exactly one, FLOAT32); %s one in its exporter"
              .formatted(
                  what,
                  values.stream().map(v -> v.name() + " " + v.type() + " " + v.shape()).toList(),
                  what.equals("inputs") ? "give it" : "keep"));
    }
    return values.get(0);
  }

  /** Whether a shape tells what one example is. */
  static boolean hasExample(Shape shape) {
    return shape.isRanked() && shape.rank() > 0 && shape.dropFirst().isStatic();
  }

  /** The shape without the batch. */
  static Shape example(String name, Shape shape) {
    if (!hasExample(shape)) {
      throw new InputFault(
          "model value '%s': %s (expected: the batch, then numbers only)".formatted(name, shape));
    }
    return shape.dropFirst();
  }
}
