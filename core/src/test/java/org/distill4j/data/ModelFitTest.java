package org.distill4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Node;
import org.distill4j.graph.OnnxTypeCode;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of every axis order and type, held against sums over the example in loops. */
class ModelFitTest {
  private final SplittableRandom random = new SplittableRandom(Seeds.of(29));
  private final int rows = 2 + random.nextInt(4);
  private final int columns = rows + 1 + random.nextInt(3);
  private final int answers = 2 + random.nextInt(3);

  /** {@code y = sum of weights x}, over a whole example in the model's own order. */
  private Graph model(Shape declared, int numbers, DType in, DType out, float[] weights) {
    List<Node> nodes = new ArrayList<>();
    nodes.add(cast("x", "real", DType.FLOAT32));
    nodes.add(Node.of("Reshape", List.of("real", "rows"), List.of("flat"), Map.of()));
    nodes.add(Node.of("MatMul", List.of("flat", "w"), List.of("z"), Map.of()));
    nodes.add(cast("z", "y", out));
    Map<String, HostTensor> constants = new LinkedHashMap<>();
    constants.put("rows", HostTensor.ofLongs(Shape.of(2), -1, numbers));
    constants.put("w", HostTensor.ofFloats(Shape.of(numbers, answers), weights));
    return new Graph(
        "drawn",
        List.of(new Value("x", in, declared)),
        List.of(new Value("y", out, Shape.of(List.of(Dim.of("n"), Dim.of(answers))))),
        nodes,
        constants,
        Map.of());
  }

  private static Node cast(String from, String to, DType type) {
    return new Node(
        to,
        "",
        "Cast",
        List.of(from),
        List.of(to),
        Map.of("to", Attribute.of(OnnxTypeCode.of(type))));
  }

  private Shape declared(String axes, int channels) {
    List<Dim> dims = new ArrayList<>(List.of(Dim.of("n")));
    for (String axis : axes.chars().mapToObj(Character::toString).toList()) {
      dims.add(
          switch (axis) {
            case "c" -> Dim.of(channels);
            case "h" -> Dim.of(rows);
            case "w" -> Dim.of(columns);
            case "f" -> Dim.of((long) channels * rows * columns);
            default -> Dim.of("open" + dims.size());
          });
    }
    return Shape.of(dims);
  }

  @ParameterizedTest
  @CsvSource({
    "chw, 3, FLOAT32, FLOAT32",
    "hwc, 3, FLOAT32, FLOAT32",
    "hwc, 1, FLOAT16, FLOAT16",
    "hwc, 3, UINT8, FLOAT32",
    "chw, 3, FLOAT64, FLOAT64",
    "chw, 2, INT8, FLOAT16",
    "c??, 3, FLOAT32, FLOAT32",
    "??c, 3, FLOAT32, FLOAT32",
    "???, 3, INT32, FLOAT32",
    "hw, 1, FLOAT32, FLOAT32",
    "hw, 1, INT64, FLOAT64",
    "??, 1, INT16, FLOAT32",
    "f, 1, UINT16, FLOAT32",
  })
  void fitted_modelOfAnyOrderAndType_answersAsTheSumsDo(
      String axes, int channels, DType in, DType out) {
    int numbers = channels * rows * columns;
    float[] weights = new float[numbers * answers];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (random.nextInt(9) - 4) / 4;
    }
    Dataset data = data(channels);
    Graph model = model(declared(axes, channels), numbers, in, out, weights);
    Graph fitted = ModelDataCheck.fitted(model, data, false);
    assertThat(fitted.onlyInput().type()).isEqualTo(DType.FLOAT32);
    assertThat(fitted.onlyInput().shape().dropFirst()).isEqualTo(data.shape());
    assertThat(Metadata.preprocessing(fitted).filter(Preprocessing.NONE::equals).isPresent())
        .isEqualTo(!in.isFloating());
    boolean isLast = axes.equals("hwc") || axes.equals("??c");
    int n = 3;
    float[] x = new float[n * numbers];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(8) + (in.isFloating() ? 0.25f : 0);
    }
    try (Predictor predictor = new OnnxRuntime().open(fitted, 1)) {
      HostTensor fed = HostTensor.ofFloats(Shape.of(n, channels, rows, columns), x);
      HostTensor y = predictor.run(Map.of("x", fed)).values().iterator().next();
      assertThat(y.type()).isEqualTo(DType.FLOAT32);
      float[] found = y.toFloats();
      for (int e = 0; e < n; e++) {
        for (int a = 0; a < answers; a++) {
          double sum = 0;
          for (int c = 0; c < channels; c++) {
            for (int h = 0; h < rows; h++) {
              for (int w = 0; w < columns; w++) {
                int at = isLast ? (h * columns + w) * channels + c : (c * rows + h) * columns + w;
                sum += x[((e * channels + c) * rows + h) * columns + w] * weights[at * answers + a];
              }
            }
          }
          assertThat((double) found[e * answers + a]).isCloseTo(sum, within(2e-3 * numbers));
        }
      }
    }
  }

  private Dataset data(int channels) {
    Shape shape = Shape.of(channels, rows, columns);
    float[][] values = new float[4][Math.toIntExact(shape.elements())];
    List<String> classes = IntStream.range(0, answers).mapToObj(k -> "k" + k).toList();
    return new ArrayDataset(
        "drawn", shape, classes, values, new int[4], Preprocessing.scale(1 / 255.0));
  }

  @Test
  void fitted_modelThatTakesTheDataAsTheyAre_isTheSame() {
    Graph model =
        model(
            declared("chw", 3),
            3 * rows * columns,
            DType.FLOAT32,
            DType.FLOAT32,
            new float[3 * rows * columns * answers]);
    assertThat(ModelDataCheck.fitted(model, data(3), false)).isSameAs(model);
    assertThat(ModelDataCheck.fitted(model, data(1), false)).isSameAs(model); // nothing would do
  }
}
