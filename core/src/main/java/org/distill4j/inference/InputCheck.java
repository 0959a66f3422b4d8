package org.distill4j.inference;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Value;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** The check of a model's inputs: compares what is fed with what the model declares. */
final class InputCheck {
  private InputCheck() {}

  /** Refuses a missing, unknown, wrongly typed or wrongly shaped tensor. */
  static void check(String model, List<Value> inputs, Map<String, HostTensor> tensors) {
    List<String> names = inputs.stream().map(Value::name).toList();
    if (tensors.size() != names.size() || !tensors.keySet().containsAll(names)) {
      throw new InputFault(
          "model '%s' inputs: %s (expected: %s)"
              .formatted(model, new TreeSet<>(tensors.keySet()), names));
    }
    for (Value input : inputs) {
      HostTensor tensor = tensors.get(input.name());
      if (tensor.type() != input.type() || !fits(tensor.shape(), input.shape())) {
        throw new InputFault(
            "model '%s' input '%s': %s (expected: %s %s)"
                .formatted(model, input.name(), tensor, input.type(), input.shape()));
      }
    }
  }

  private static boolean fits(Shape given, Shape declared) {
    if (!declared.isRanked()) {
      return true;
    }
    if (given.rank() != declared.rank()) {
      return false;
    }
    for (int i = 0; i < given.rank(); i++) {
      Dim dim = declared.dim(i);
      if (dim.isKnown() && dim.size() != given.size(i)) {
        return false;
      }
    }
    return true;
  }
}
