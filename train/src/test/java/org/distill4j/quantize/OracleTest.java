package org.distill4j.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Dataset;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.ActivationType;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.ptq.CalibratedModel;
import org.distill4j.reference.ReferencePredictor;
import org.distill4j.reference.ReferenceRuntime;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.distill4j.zoo.DsCnn;
import org.distill4j.zoo.Mlp;
import org.distill4j.zoo.MobileNetV2;
import org.distill4j.zoo.Net;
import org.distill4j.zoo.ResNet;
import org.junit.jupiter.api.Test;

/** Integer models of every kind of net, in exact arithmetic and in ONNX Runtime. */
class OracleTest {
  private static final Shape IMAGE = Shape.of(3, 16, 16);
  private static final int EXAMPLES = 32;
  private static final int CLASSES = 10;

  private static Dataset noise() {
    SplittableRandom random = new SplittableRandom(Seeds.of(5));
    float[][] images = new float[EXAMPLES][(int) IMAGE.elements()];
    for (float[] image : images) {
      for (int i = 0; i < image.length; i++) {
        image[i] = (float) random.nextGaussian();
      }
    }
    List<String> classes = IntStream.range(0, CLASSES).mapToObj(c -> "c" + c).toList();
    return new ArrayDataset("noise", IMAGE, classes, images, new int[EXAMPLES], Preprocessing.NONE);
  }

  private static HostTensor batch(Dataset data) {
    float[] pixels = new float[(int) (EXAMPLES * IMAGE.elements())];
    FloatBuffer target = FloatBuffer.wrap(pixels);
    for (int i = 0; i < EXAMPLES; i++) {
      data.read(i, target);
    }
    return HostTensor.ofFloats(IMAGE.prepend(Dim.of(EXAMPLES)), pixels);
  }

  @Test
  void integers_ofEveryKindOfNet_areThoseOfOnnxRuntimeToAStep() {
    List<Net> nets =
        List.of(
            new Mlp(List.of(64, 32), 0),
            new Cnn(List.of("8", "pool", "16", "pool"), List.of(32), 0, true),
            new ResNet(8, 8),
            new DsCnn(16, 2, List.of(3, 3), 2, 0),
            new MobileNetV2(.25, 2));
    Dataset data = noise();
    for (Net net : nets) {
      for (ActivationType type : ActivationType.values()) {
        Graph graph =
            CalibratedModel.of(
                    net.build(IMAGE, CLASSES, Seeds.of(1)),
                    data,
                    true,
                    EXAMPLES,
                    1,
                    ProgressListener.NONE)
                .integers(Observer.MIN_MAX, type, 7, Set.of());
        String name = graph.name() + " " + type;
        assertThat(shareWithinAStep(graph, batch(data))).as(name).isEqualTo(1);
      }
    }
  }

  private static double shareWithinAStep(Graph graph, HostTensor batch) {
    List<Value> outputs = new ArrayList<>(graph.outputs());
    for (Node node : graph.nodes()) {
      if (node.op().equals("QuantizeLinear")) {
        DType type = graph.initializers().get(node.input(2)).type();
        outputs.add(new Value(node.output(), type, Shape.UNRANKED));
      }
    }
    Graph exposed =
        new Graph(
            graph.name(),
            graph.inputs(),
            outputs,
            graph.nodes(),
            graph.initializers(),
            graph.metadata());
    Map<String, HostTensor> fed = Map.of(graph.onlyInput().name(), batch);
    long all = 0;
    long near = 0;
    try (ReferencePredictor oracle = new ReferenceRuntime().open(graph, 1);
        Predictor predictor = new OnnxRuntime().open(exposed, 1)) {
      Map<String, HostTensor> found = predictor.run(fed);
      Map<String, HostTensor> exact = oracle.integers(fed, found);
      for (Value output : outputs.subList(1, outputs.size())) {
        long[] a = exact.get(output.name()).toLongs();
        long[] b = found.get(output.name()).toLongs();
        for (int i = 0; i < a.length; i++) {
          near += Math.abs(a[i] - b[i]) <= 1 ? 1 : 0;
          all++;
        }
      }
    }
    return (double) near / all;
  }
}
