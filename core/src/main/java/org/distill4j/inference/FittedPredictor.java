package org.distill4j.inference;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.ExampleLayout;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * A model from a file that is fed examples as the data have them: their axes are brought into the
 * file's order, their numbers into its type, and its answers into float32.
 */
final class FittedPredictor extends RuntimePredictor {
  private final Predictor model;
  private final Value taken; // as the file has it
  private final ExampleLayout layout;
  private final int[] places;

  private FittedPredictor(Predictor model, Value fed, ExampleLayout layout) {
    super(
        fed.name(),
        List.of(fed),
        model.outputs().stream().map(FittedPredictor::real).toList(),
        Calls.TOGETHER);
    this.model = model;
    this.taken = model.inputs().get(0);
    this.layout = layout;
    this.places = layout.places();
  }

  /**
   * The model itself where nothing has to be done.
   *
   * @param fed what it is to be fed
   * @throws InputFault if it takes something else
   */
  static Predictor of(Predictor model, Value fed) {
    Value taken = model.inputs().get(0);
    boolean isReal = model.outputs().stream().allMatch(o -> o.type() == DType.FLOAT32);
    if (model.inputs().size() != 1
        || fed.type() != DType.FLOAT32
        || !SingleValue.hasExample(fed.shape())
        || !taken.shape().isRanked()
        || (taken.type() == DType.FLOAT32
            && isReal
            && taken.shape().dropFirst().equals(fed.shape().dropFirst()))) {
      return model;
    }
    Shape example = fed.shape().dropFirst();
    ExampleLayout layout =
        ExampleLayout.of(example, taken.shape().dropFirst(), true)
            .orElseThrow(
                () ->
                    new InputFault(
                        "model input '%s': %s (expected: an example %s)"
                            .formatted(taken.name(), taken.shape(), example)));
    Value named = new Value(taken.name(), DType.FLOAT32, fed.shape());
    return new FittedPredictor(model, named, layout);
  }

  private static Value real(Value output) {
    return new Value(output.name(), DType.FLOAT32, output.shape());
  }

  @Override
  protected Map<String, HostTensor> answer(Map<String, HostTensor> tensors) {
    HostTensor given = tensors.get(taken.name());
    float[] values = given.toFloats();
    if (layout.isMoved()) {
      values = moved(values);
    }
    Shape shape = layout.taken().prepend(given.shape().dim(0));
    Map<String, HostTensor> answers =
        model.run(Map.of(taken.name(), HostTensor.ofNumbers(taken.type(), shape, values)));
    Map<String, HostTensor> real = new LinkedHashMap<>();
    answers.forEach((name, tensor) -> real.put(name, asFloats(tensor)));
    return real;
  }

  private float[] moved(float[] values) {
    float[] moved = new float[values.length];
    for (int from = 0; from < values.length; from += places.length) {
      for (int i = 0; i < places.length; i++) {
        moved[from + i] = values[from + places[i]];
      }
    }
    return moved;
  }

  private static HostTensor asFloats(HostTensor tensor) {
    return tensor.type() == DType.FLOAT32
        ? tensor
        : HostTensor.ofFloats(tensor.shape(), tensor.toFloats());
  }

  @Override
  protected void free() {
    model.close();
  }
}
