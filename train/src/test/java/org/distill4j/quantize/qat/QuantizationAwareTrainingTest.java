package org.distill4j.quantize.qat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.distill4j.data.ArrayDataset;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.data.TestSet;
import org.distill4j.data.TrainSet;
import org.distill4j.data.ValidationSet;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.Optimizer;
import org.distill4j.engine.Rate;
import org.distill4j.engine.TrainSettings;
import org.distill4j.engine.lowering.FakeQuantization;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.ActivationType;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.parity.ParityCheck;
import org.distill4j.quantize.ptq.CalibratedModel;
import org.distill4j.quantize.ptq.QuantizationScheme;
import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.results.IntegerParity;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.distill4j.zoo.ResNet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizationAwareTrainingTest {
  private static final Shape IMAGE = Shape.of(1, 8, 8);
  private static final int CLASSES = 4;
  private static final TrainSettings FLOATS =
      new TrainSettings(8, 32, Optimizer.adam(), new Rate.Constant(.005, 0), 0, 0, 0);

  /** Bright quarters under noise; the brightest is the class. */
  private static Dataset quarters(int count, long seed) {
    SplittableRandom random = new SplittableRandom(Seeds.of(seed));
    float[][] images = new float[count][64];
    int[] labels = new int[count];
    for (int n = 0; n < count; n++) {
      labels[n] = random.nextInt(CLASSES);
      for (int i = 0; i < 64; i++) {
        boolean inside = i / 32 * 2 + i % 8 / 4 == labels[n];
        images[n][i] = (float) random.nextGaussian() + (inside ? .55f : 0);
      }
    }
    List<String> classes = IntStream.range(0, CLASSES).mapToObj(c -> "c" + c).toList();
    return new ArrayDataset("quarters", IMAGE, classes, images, labels, Preprocessing.NONE);
  }

  private static final Splits DATA =
      new Splits(
          new TrainSet(quarters(1024, 1)),
          new ValidationSet(quarters(512, 2)),
          new TestSet(quarters(64, 3)));

  private static Graph trained() {
    Graph net =
        new Cnn(List.of("4", "pool", "8"), List.of(16), 0, true).build(IMAGE, CLASSES, Seeds.of(1));
    return Trainer.of(net, DATA).settings(FLOATS).threads(1).train().model();
  }

  private static CalibratedModel ready(Graph model) {
    return CalibratedModel.of(model, DATA.train().data(), true, 128, 1, ProgressListener.NONE);
  }

  private static QuantizationAwareTraining training(
      CalibratedModel ready, FakeQuantization.Ranges ranges, int bits) {
    return new QuantizationAwareTraining(
        ready,
        new QuantizationScheme(ActivationType.UINT8, bits, true),
        Set.of(),
        new AwareSettings(.5, .3, ranges, List.of()),
        DATA,
        TargetMachine.HERE.runtime(),
        1,
        ProgressListener.NONE);
  }

  private static QuantizationAwareTraining.School school(
      Path folder, FakeQuantization.Ranges ranges) {
    TrainSettings own = new AwareSettings(.5, .3, ranges, List.of()).train(FLOATS);
    return (net, temperature) ->
        Trainer.of(net, DATA)
            .settings(own)
            .threads(1)
            .checkpoint(folder.resolve("checkpoint.safetensors"));
  }

  private static float[] answers(Graph graph) {
    return answers(graph, DATA.test().data());
  }

  private static float[] answers(Graph graph, Dataset data) {
    int n = (int) data.size();
    float[] pixels = new float[n * 64];
    FloatBuffer target = FloatBuffer.wrap(pixels);
    for (int i = 0; i < n; i++) {
      data.read(i, target);
    }
    HostTensor batch = HostTensor.ofFloats(IMAGE.prepend(Dim.of(n)), pixels);
    try (Predictor predictor = new OnnxRuntime().open(graph, 1)) {
      return predictor
          .run(Map.of(graph.onlyInput().name(), batch))
          .get(graph.onlyOutput().name())
          .toFloats();
    }
  }

  @Test
  void run_weightsOfTwoBits_regainsWhatRoundingLost(@TempDir Path folder) {
    CalibratedModel ready = ready(trained());
    for (FakeQuantization.Ranges ranges :
        List.of(FakeQuantization.Ranges.MOVING_AVERAGE, FakeQuantization.Ranges.LSQ)) {
      Path own = folder.resolve(ranges.name());
      own.toFile().mkdirs();
      QuantizationAwareTraining training = training(ready, ranges, 2);
      Graph integers = ready.integers(Observer.MSE, ActivationType.UINT8, 2, Set.of());
      QuantizationAwareTraining.Trial after =
          training.run(Observer.MSE, school(own, ranges)).get(0);
      // on the same 512 examples, in deviations of the mean difference: 0 were it no better
      assertThat(gain(integers, after.graph())).as(ranges.name()).isGreaterThan(2);
      IntegerParity parity =
          ParityCheck.of(
              after.graph(), DATA.validation().data(), new OnnxRuntime(), 1, ProgressListener.NONE);
      assertThat(parity.isPassed()).as(parity.summary()).isTrue();
      // done before: the checkpoint says so, and the bytes are the same
      QuantizationAwareTraining.Trial again =
          training.run(Observer.MSE, school(own, ranges)).get(0);
      assertThat(OnnxWriter.toBytes(again.graph())).isEqualTo(OnnxWriter.toBytes(after.graph()));
    }
  }

  /** By how many of its standard errors the mean cross-entropy of validation fell. */
  private static double gain(Graph before, Graph after) {
    double[] a = losses(before);
    double[] b = losses(after);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] - b[i];
      squares += (a[i] - b[i]) * (a[i] - b[i]);
    }
    double mean = sum / a.length;
    return mean / Math.sqrt((squares / a.length - mean * mean) / a.length);
  }

  private static double[] losses(Graph graph) {
    Dataset data = DATA.validation().data();
    float[] logits = answers(graph, data);
    double[] losses = new double[(int) data.size()];
    for (int i = 0; i < losses.length; i++) {
      double sum = 0;
      for (int c = 0; c < CLASSES; c++) {
        sum += Math.exp(logits[i * CLASSES + c] - logits[i * CLASSES + data.label(i)]);
      }
      losses[i] = Math.log(sum);
    }
    return losses;
  }

  /**
   * The constants are the same floats to the bit. What a whole model says may differ in the last
   * bits of a float: ONNX Runtime joins the shipped form to integer kernels and computes the last
   * layer of the other in float.
   */
  @Test
  void commit_ofATrainedModel_changesNoValue() {
    CalibratedModel ready = ready(trained());
    for (int bits : new int[] {4, 7}) {
      QuantizationAwareTraining training = training(ready, FakeQuantization.Ranges.LSQ, bits);
      Graph integers = ready.integers(Observer.MIN_MAX, ActivationType.UINT8, bits, Set.of());
      Graph settled = FakeQuantizationRemoval.settled(stirred(training.trainable(integers)), bits);
      Graph shipped = new FakeQuantizationRemoval().apply(settled).graph();
      List<HostTensor> before = constants(settled);
      assertThat(before).hasSize(8);
      assertThat(constants(shipped)).as(bits + " bits").isEqualTo(before);
      float[] expected = answers(settled);
      float[] found = answers(shipped);
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).isCloseTo(expected[i], within(1e-5f * 8));
      }
      assertThat(shipped.initializers().values())
          .filteredOn(t -> t.type() == DType.INT32)
          .hasSize(4);
    }
  }

  /** What the weights and biases of all layers are worth, in ONNX Runtime. */
  private static List<HostTensor> constants(Graph graph) {
    List<String> names = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (List.of("Conv", "Gemm").contains(node.op())) {
        names.addAll(node.inputs().subList(1, 3));
      }
    }
    List<Value> outputs =
        names.stream()
            .filter(n -> !graph.initializers().containsKey(n))
            .map(n -> new Value(n, DType.FLOAT32, Shape.UNRANKED))
            .toList();
    Graph exposed =
        new Graph(
            graph.name(), graph.inputs(), outputs, graph.nodes(), graph.initializers(), Map.of());
    HostTensor zeros = HostTensor.ofFloats(IMAGE.prepend(Dim.of(1)), new float[64]);
    try (Predictor predictor = new OnnxRuntime().open(exposed, 1)) {
      Map<String, HostTensor> found = predictor.run(Map.of(graph.onlyInput().name(), zeros));
      return names.stream()
          .map(n -> found.containsKey(n) ? found.get(n) : graph.initializers().get(n))
          .toList();
    }
  }

  /** As if it had been trained: other weights and biases under the same scales. */
  private static Graph stirred(Graph graph) {
    SplittableRandom random = new SplittableRandom(Seeds.of(9));
    Map<String, HostTensor> others = new HashMap<>();
    graph
        .initializers()
        .forEach(
            (name, tensor) -> {
              if (tensor.type() == DType.FLOAT32 && !name.contains(".scale")) {
                float[] values = tensor.toFloats();
                for (int i = 0; i < values.length; i++) {
                  values[i] += .02f * (float) random.nextGaussian();
                }
                others.put(name, HostTensor.ofFloats(tensor.shape(), values));
              }
            });
    return graph.withInitializers(others);
  }

  @Test
  void commit_ofWhatTrainingBeginsWith_isTheModelOfIntegersAgain() {
    Graph net = new ResNet(8, 8).build(IMAGE, CLASSES, Seeds.of(1));
    CalibratedModel ready = ready(net);
    Graph integers = ready.integers(Observer.MIN_MAX, ActivationType.UINT8, 7, Set.of());
    Graph trainable =
        training(ready, FakeQuantization.Ranges.MOVING_AVERAGE, 7).trainable(integers);
    Graph back =
        new FakeQuantizationRemoval().apply(FakeQuantizationRemoval.settled(trainable, 7)).graph();
    assertThat(answers(back)).isEqualTo(answers(integers));
  }

  @Test
  void commit_ofAFloatModel_isRefused() {
    assertThatThrownBy(
            () ->
                new FakeQuantizationRemoval()
                    .apply(new ResNet(8, 8).build(IMAGE, CLASSES, Seeds.of(1))))
        .isInstanceOf(InputFault.class)
        .hasMessage(
            "model 'resnet8': rounds no weights on the way (expected: weights through"
                + " QuantizeLinear, as quantization-aware training has them)");
  }
}
