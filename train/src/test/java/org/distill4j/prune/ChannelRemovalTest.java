package org.distill4j.prune;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Node;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.onnx.OnnxReader;
import org.distill4j.shapes.Cost;
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
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The proof of the surgery: channels that nobody listens to, because every weight that takes them
 * is zero, can go without a change of the output.
 */
class ChannelRemovalTest {
  private static final double SAME = 1e-5;
  private static final int BATCH = 3;

  static Stream<Arguments> zoo() {
    Shape small = Shape.of(3, 16, 16);
    return Stream.of(
        net("mlp", new Mlp(List.of(12, 9), 0.1), Shape.of(7)),
        net("cnn", new Cnn(List.of("8", "pool", "12", "pool"), List.of(10), 0.2, false), small),
        net("cnn-norm", new Cnn(List.of("8", "pool", "12"), List.of(10), 0, true), small),
        net("res-net", new ResNet(14, 8), small),
        net("mobile-net-v2", new MobileNetV2(0.25, 2), small),
        net("ds-cnn", new DsCnn(8, 2, List.of(4, 3), 2, 0.2), Shape.of(1, 12, 10)));
  }

  private static Arguments net(String name, Net net, Shape input) {
    return Arguments.of(name, lively(net.build(input, 5, Seeds.of(3))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("zoo")
  void without_channelsNobodyTakes_givesTheSameOutput(String name, Graph model) {
    assertUnheardChannelsCanGo(model);
  }

  @Test
  void without_slicedAndPaddedShortcuts_givesTheSameOutput() {
    assertUnheardChannelsCanGo(lively(sliceAndPad()));
  }

  @Test
  void without_concatAndGroupedConvolutions_givesTheSameOutput() {
    Graph model = lively(concatAndGroups());

    assertUnheardChannelsCanGo(model);
    assertThat(ChannelGroups.of(model).groups().stream().map(ChannelGroup::summary))
        .anySatisfy(line -> assertThat(line).contains("Conv 'grouped'"))
        .anySatisfy(line -> assertThat(line).contains("Conv 'depthwise'"));
  }

  @Test
  void without_cifarResNet_givesTheSameOutput() {
    Graph model = OnnxReader.read(shared("models/cifar10-resnet/cifar10_resnet20.onnx"));

    assertUnheardChannelsCanGo(model);
    assertThat(ChannelGroups.of(model).untouched()).hasSize(1); // the logits
  }

  private static Path shared(String file) {
    Path here = Path.of("").toAbsolutePath();
    for (Path folder = here; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("shared").resolve(file))) {
        return folder.resolve("shared").resolve(file);
      }
    }
    Assumptions.abort(file + " is not here");
    return here;
  }

  private static void assertUnheardChannelsCanGo(Graph model) {
    ChannelGroups groups = ChannelGroups.of(model);
    assertThat(groups.groups()).isNotEmpty();
    List<BitSet> gone = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(Seeds.of(5));
    for (ChannelGroup group : groups.groups()) {
      BitSet some = new BitSet();
      for (int c = 1; c < group.channels(); c++) { // the first stays
        some.set(c, random.nextInt(2) == 0);
      }
      gone.add(some);
    }
    Graph deaf = deaf(groups, gone);
    Graph smaller = ChannelGroups.of(deaf).without(gone);

    assertThat(Cost.of(smaller).parameters()).isLessThan(Cost.of(model).parameters());
    assertThat(Cost.of(smaller).macs()).isLessThan(Cost.of(model).macs());
    float[] before = run(deaf);
    float[] after = run(smaller);
    double scale = 0;
    double furthest = 0;
    for (int i = 0; i < before.length; i++) {
      scale = Math.max(scale, Math.abs(before[i]));
      furthest = Math.max(furthest, Math.abs(before[i] - after[i]));
    }
    assertThat(scale).isGreaterThan(0.01); // not a model that says nothing
    assertThat(furthest).isLessThan(SAME * Math.max(1, scale));
  }

  /**
   * The model that multiplies what is to go by zero wherever a layer takes it: the axes of weights
   * that do not make channels but take them.
   */
  private static Graph deaf(ChannelGroups groups, List<BitSet> gone) {
    ChannelDependencies walk = groups.walk();
    BitSet unheard = new BitSet();
    for (int g = 0; g < gone.size(); g++) {
      int[] roots = groups.roots(g);
      gone.get(g).stream().forEach(c -> unheard.set(roots[c]));
    }
    Map<String, Integer> makes = new LinkedHashMap<>();
    walk.sources().forEach(s -> makes.put(s.constant(), s.axis()));
    Map<String, HostTensor> changed = new LinkedHashMap<>();
    walk.slots()
        .forEach(
            (name, axes) -> {
              HostTensor tensor = walk.constant(name);
              float[] values = tensor.toFloats();
              axes.forEach(
                  (axis, channels) -> {
                    if (makes.containsKey(name) && axis != (int) makes.get(name)) {
                      int inner = 1;
                      for (int d = axis + 1; d < tensor.shape().rank(); d++) {
                        inner *= (int) tensor.shape().size(d);
                      }
                      for (int i = 0; i < values.length; i++) {
                        int channel = channels[i / inner % channels.length];
                        values[i] = unheard.get(walk.ties.root(channel)) ? 0 : values[i];
                      }
                    }
                  });
              changed.put(name, HostTensor.ofFloats(tensor.shape(), values));
            });
    changed.keySet().retainAll(groups.model().initializers().keySet());
    return groups.model().withInitializers(changed);
  }

  private static float[] run(Graph model) {
    Shape example = model.onlyInput().shape().dropFirst();
    Dim fixed = model.onlyInput().shape().dim(0);
    int batch = fixed.isKnown() ? (int) fixed.size() : BATCH;
    FloatBuffer input = direct(batch * example.elements());
    SplittableRandom random = new SplittableRandom(Seeds.of(1));
    for (int i = 0; i < input.limit(); i++) {
      input.put(i, (float) random.nextDouble());
    }
    try (Predictor predictor = new OnnxRuntime().open(model, 1)) {
      FloatBuffer output = direct(batch * predictor.resultShape().elements());
      predictor.run(batch, input, output);
      float[] values = new float[output.capacity()];
      output.rewind().get(values);
      return values;
    }
  }

  private static FloatBuffer direct(long elements) {
    return ByteBuffer.allocateDirect((int) elements * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /** Statistics, scales and biases other than those that nets begin with. */
  private static Graph lively(Graph model) {
    SplittableRandom random = new SplittableRandom(Seeds.of(9));
    Map<String, HostTensor> changed = new LinkedHashMap<>();
    model
        .initializers()
        .forEach(
            (name, tensor) -> {
              if (tensor.type() == DType.FLOAT32 && tensor.shape().rank() == 1) {
                float[] values = tensor.toFloats();
                for (int i = 0; i < values.length; i++) {
                  values[i] += (float) (random.nextDouble() * 0.4);
                }
                changed.put(name, HostTensor.ofFloats(tensor.shape(), values));
              }
            });
    return model.withInitializers(changed);
  }

  private static String weights(GraphBuilder g, String name, long... sizes) {
    SplittableRandom random = new SplittableRandom(Seeds.of(name.hashCode()));
    Shape shape = Shape.of(sizes);
    float[] values = new float[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
    return g.initializer(name, HostTensor.ofFloats(shape, values));
  }

  private static String conv(GraphBuilder g, String name, String input, int group, long... sizes) {
    long pad = sizes[2] / 2;
    return g.addNamed(
        name,
        "Conv",
        Map.of(
            "group", Attribute.of(group),
            "kernel_shape", Attribute.ofInts(sizes[2], sizes[3]),
            "pads", Attribute.ofInts(pad, pad, pad, pad)),
        input,
        weights(g, name + ".w", sizes));
  }

  private static String longs(GraphBuilder g, String name, long... values) {
    return g.initializer(name, HostTensor.ofLongs(Shape.of(values.length), values));
  }

  private static Graph begin(GraphBuilder g, String features, int channels, String target) {
    String pooled = g.addNamed("pooled", "GlobalAveragePool", Map.of(), features);
    String flat = g.addNamed("flat", "Reshape", Map.of(), pooled, target);
    String out = g.addNamed("logits", "MatMul", Map.of(), flat, weights(g, "dense.w", channels, 4));
    g.output(out, DType.FLOAT32, Shape.of(List.of(Dim.of("batch"), Dim.of(4))));
    return g.build();
  }

  /** A block of which the shortcut takes every second pixel and adds channels of zeros. */
  private static Graph sliceAndPad() {
    GraphBuilder g = new GraphBuilder("option-a");
    g.input("x", DType.FLOAT32, Shape.of(3, 8, 8).prepend(Dim.of("batch")));
    String first = g.addNamed("relu1", "Relu", Map.of(), conv(g, "c1", "x", 1, 8, 3, 3, 3));
    String second =
        g.addNamed(
            "c2",
            "Conv",
            Map.of(
                "strides", Attribute.ofInts(2, 2),
                "pads", Attribute.ofInts(1, 1, 1, 1)),
            first,
            weights(g, "c2.w", 16, 8, 3, 3));
    String half =
        g.addNamed(
            "half",
            "Slice",
            Map.of(),
            first,
            longs(g, "s", 0, 0),
            longs(g, "e", 8, 8),
            longs(g, "a", 2, 3),
            longs(g, "t", 2, 2));
    String padded =
        g.addNamed("padded", "Pad", Map.of(), half, longs(g, "p", 0, 4, 0, 0, 0, 4, 0, 0));
    String sum = g.addNamed("sum", "Add", Map.of(), second, padded);
    String relu = g.addNamed("relu2", "Relu", Map.of(), sum);
    String front =
        g.addNamed(
            "front",
            "Slice",
            Map.of(),
            relu,
            longs(g, "s2", 0),
            longs(g, "e2", 6),
            longs(g, "a2", 1));
    return begin(g, front, 6, longs(g, "target", 0, -1));
  }

  private static Graph concatAndGroups() {
    GraphBuilder g = new GraphBuilder("concat");
    g.input("x", DType.FLOAT32, Shape.of(3, 8, 8).prepend(Dim.of("batch")));
    String a = conv(g, "a", "x", 1, 6, 3, 3, 3);
    String b = conv(g, "b", "x", 1, 10, 3, 1, 1);
    String both = g.addNamed("both", "Concat", Map.of("axis", Attribute.of(1)), a, b);
    String grouped = conv(g, "grouped", both, 4, 8, 4, 3, 3);
    String depthwise = conv(g, "depthwise", grouped, 8, 16, 1, 3, 3);
    g.add(
        Node.of(
            "Split",
            List.of(depthwise),
            List.of("left", "right"),
            Map.of("axis", Attribute.of(1), "num_outputs", Attribute.of(2))));
    String gate = g.addNamed("gate", "Sigmoid", Map.of(), "left");
    String gated = g.addNamed("gated", "Mul", Map.of(), gate, "right");
    String wide = conv(g, "wide", gated, 1, 12, 8, 1, 1);
    String joined =
        g.addNamed("joined", "Concat", Map.of("axis", Attribute.of(1)), wide, a, "left");
    return begin(g, joined, 26, longs(g, "target", -1, 26));
  }
}
