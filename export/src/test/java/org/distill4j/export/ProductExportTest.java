package org.distill4j.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Dataset;
import org.distill4j.format.Format;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Preprocessing;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.ActivationType;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.ptq.CalibratedModel;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.ProductNets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MatMul and Gemm in every form in other formats, held against ONNX Runtime. */
class ProductExportTest {
  private static final int NETS = 4;
  private static final int EXAMPLES = 16;
  private static final double EIGHT_BITS = .35; // what forms without integers do not round away

  @TempDir private Path folder;

  private static Dataset noise(Shape shape) {
    SplittableRandom random = new SplittableRandom(Seeds.of(6));
    float[][] rows = new float[EXAMPLES][(int) shape.elements()];
    for (float[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    List<String> classes = IntStream.range(0, ProductNets.CLASSES).mapToObj(c -> "c" + c).toList();
    return new ArrayDataset("noise", shape, classes, rows, new int[EXAMPLES], Preprocessing.NONE);
  }

  private static float[] answers(Predictor predictor, Dataset data) {
    int each = (int) data.shape().elements();
    float[] values = new float[EXAMPLES * each];
    FloatBuffer target = FloatBuffer.wrap(values);
    for (int i = 0; i < EXAMPLES; i++) {
      data.read(i, target);
    }
    HostTensor batch = HostTensor.ofFloats(data.shape().prepend(Dim.of(EXAMPLES)), values);
    String input = predictor.inputs().get(0).name();
    String output = predictor.outputs().get(0).name();
    return predictor.run(Map.of(input, batch)).get(output).toFloats();
  }

  private static double apart(float[] wanted, float... found) {
    double most = 0;
    double largest = 0;
    for (int i = 0; i < wanted.length; i++) {
      largest = Math.max(largest, Math.abs(wanted[i]));
      most = Math.max(most, Math.abs(wanted[i] - found[i]));
    }
    return most / largest;
  }

  private void assertExported(Graph graph, Dataset data, double bound, String of) {
    Path out = folder.resolve(graph.name());
    Exporter.export(
        graph,
        ExportSettings.of(Format.TFLITE, Format.SAVEDMODEL),
        GoldenOutputs.of(graph, data, EXAMPLES),
        out);
    float[] wanted;
    try (Predictor onnx = new OnnxRuntime().open(graph, 1)) {
      wanted = answers(onnx, data);
    }
    for (String file : List.of("tflite/model.tflite", "savedmodel")) {
      ForeignModelFile made = ForeignModelFile.read(out.resolve(file), Optional.empty());
      try (Predictor predictor = made.open(1)) {
        assertThat(apart(wanted, answers(predictor, data))).as(file + " " + of).isLessThan(bound);
      }
    }
  }

  @Test
  void export_anyProduct_givesOnnxRuntimesNumbers() {
    for (int net = 0; net < NETS; net++) {
      ProductNets.Drawn drawn = ProductNets.draw(Seeds.of(300 + net), true, false);
      Dataset data = noise(drawn.example());
      assertExported(drawn.graph(), data, 1e-3, "net %d: %s".formatted(net, drawn.forms()));
    }
  }

  @Test
  void export_integersOfAnyProduct_givesOnnxRuntimesNumbersToSomeSteps() {
    for (int net = 0; net < NETS; net++) {
      ProductNets.Drawn drawn = ProductNets.draw(Seeds.of(300 + net), true, false);
      Dataset data = noise(drawn.example());
      Graph integers =
          CalibratedModel.of(drawn.graph(), data, false, EXAMPLES, 1, ProgressListener.NONE)
              .integers(Observer.MIN_MAX, ActivationType.UINT8, 7, Set.of());
      assertExported(integers, data, EIGHT_BITS, "net %d: %s".formatted(net, drawn.forms()));
    }
  }
}
