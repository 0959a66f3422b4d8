package org.distill4j.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.graph.Value;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

/** Models that remember are asked about each example alone; what is no example goes along whole. */
class EachAloneTest {
  private static final Shape BATCH = Shape.of(List.of(Dim.of("batch"), Dim.of(3)));

  private final SplittableRandom random = new SplittableRandom(Seeds.of(15));

  /** Adds all that it is given to each row of its batch, and counts its calls. */
  private static final class Sum extends RuntimePredictor {
    private final List<Map<String, HostTensor>> calls = new ArrayList<>();

    Sum(List<Value> inputs) {
      super("sum", inputs, List.of(new Value("y", DType.FLOAT32, BATCH)), Calls.ONE_BY_ONE);
    }

    @Override
    protected Map<String, HostTensor> answer(Map<String, HostTensor> tensors) {
      return eachAlone(tensors, this::summed);
    }

    private Map<String, HostTensor> summed(Map<String, HostTensor> tensors) {
      calls.add(tensors);
      double sum = 0;
      for (HostTensor tensor : tensors.values()) {
        sum += java.util.stream.DoubleStream.of(tensor.toDoubles()).sum();
      }
      return Map.of("y", HostTensor.ofFloats(Shape.of(1, 1), (float) sum));
    }

    @Override
    protected void free() {}
  }

  private HostTensor drawn(long... sizes) {
    Shape shape = Shape.of(sizes);
    float[] values = new float[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(100); // whole: sums are exact
    }
    return HostTensor.ofFloats(shape, values);
  }

  private static float total(HostTensor tensor) {
    float sum = 0;
    for (float value : tensor.toFloats()) {
      sum += value;
    }
    return sum;
  }

  @Test
  void run_inputsWithoutABatch_goAlongWithEachExample() {
    Map<String, Shape> declared = new LinkedHashMap<>();
    declared.put("scalar", Shape.SCALAR);
    declared.put("one", Shape.of(1));
    declared.put("x", BATCH);
    declared.put("table", Shape.of(5, 2));
    declared.put("any", Shape.UNRANKED);
    for (int rows = 1; rows <= 4; rows++) {
      Map<String, HostTensor> fed = new LinkedHashMap<>();
      fed.put("scalar", drawn());
      fed.put("one", drawn(1));
      fed.put("x", drawn(rows, 3));
      fed.put("table", drawn(5, 2));
      fed.put("any", random.nextBoolean() ? drawn() : drawn(rows + 1L));
      List<Value> inputs = new ArrayList<>();
      declared.forEach((name, shape) -> inputs.add(new Value(name, DType.FLOAT32, shape)));
      try (Sum model = new Sum(inputs)) {
        float[] found = model.run(fed).get("y").toFloats();
        float whole = 0;
        for (String name : List.of("scalar", "one", "table", "any")) {
          whole += total(fed.get(name));
        }
        float[] x = fed.get("x").toFloats();
        float[] wanted = new float[rows];
        for (int row = 0; row < rows; row++) {
          wanted[row] = whole + x[3 * row] + x[3 * row + 1] + x[3 * row + 2];
        }
        assertThat(found).containsExactly(wanted);
        assertThat(model.calls).hasSize(rows);
      }
    }
  }

  @Test
  void run_noInputWithABatch_isOneCall() {
    List<Value> inputs =
        List.of(
            new Value("scalar", DType.FLOAT32, Shape.SCALAR),
            new Value("x", DType.FLOAT32, Shape.of(4, 3)));
    try (Sum model = new Sum(inputs)) {
      model.run(Map.of("scalar", drawn(), "x", drawn(4, 3)));
      assertThat(model.calls).hasSize(1);
    }
  }
}
