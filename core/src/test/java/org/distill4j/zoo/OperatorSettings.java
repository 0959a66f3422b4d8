package org.distill4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Node;
import org.distill4j.inference.InferenceRuntime;
import org.distill4j.inference.Parities;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Named;

/**
 * Small models for every attribute that the standard gives to an operator, at another value than
 * its default: what reads a model says what ONNX Runtime says of them, or refuses the node by its
 * name.
 */
public final class OperatorSettings {
  private static final Shape MAP = Shape.of(1, 4, 6, 8);

  private static final Map<String, Attribute> POOL = Map.of("kernel_shape", Attribute.ofInts(3, 3));

  /** What numbers cannot show: without meaning for the first output of a model in use. */
  private static final Set<String> MEANINGLESS =
      Set.of(
          "BatchNormalization.momentum", // of training
          "Cast.saturate", // of 8-bit floats
          "Dropout.seed", // of training
          "MaxPool.storage_order", // of the indices
          "QuantizeLinear.saturate", // of 8-bit floats
          "Resize.cubic_coeff_a", // of cubic interpolation, which is refused
          "Resize.extrapolation_value"); // of cropping, which is refused

  private OperatorSettings() {}

  /**
   * The attributes of some operators for which there is no sample. The standard's list is read here
   * by itself.
   */
  public static Set<String> without(Predicate<String> operators) throws IOException {
    Path home = Path.of("").toAbsolutePath();
    while (!Files.exists(home.resolve("ARCHITECTURE.md"))) {
      home = home.getParent();
    }
    Path list = home.resolve("core/src/main/resources/org/distill4j/onnx/operators.txt");
    Set<String> missing = new TreeSet<>();
    for (String line : Files.readAllLines(list)) {
      String[] words = line.split(" ", -1);
      for (int i = 4; i < words.length && operators.test(words[0]); i++) {
        if (!words[i].startsWith("-")) {
          missing.add(words[0] + "." + words[i].replaceAll("!?:.*", ""));
        }
      }
    }
    missing.removeAll(MEANINGLESS);
    missing.removeAll(samples().keySet());
    return missing;
  }

  /**
   * Holds what a runtime says of the samples of a setting against ONNX Runtime.
   *
   * @return which samples it refuses, by the name of the node, counted from 0: "0 2"
   */
  public static String refusedBy(InferenceRuntime runtime, List<Graph> graphs) {
    List<String> wrong = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    for (int i = 0; i < graphs.size(); i++) {
      Graph graph = graphs.get(i);
      String nodes = graph.nodes().toString() + graph.nodes().get(0).attributes();
      try (Predictor predictor = runtime.open(graph, 1)) {
        double off = Parities.difference(graph, predictor, 1);
        if (off > 1e-4) {
          wrong.add(nodes + " is off by " + off);
        }
      } catch (InputFault e) {
        refused.add(Integer.toString(i));
        if (graph.nodes().stream().noneMatch(n -> e.getMessage().contains(n.toString()))) {
          wrong.add(nodes + ": " + e.getMessage());
        }
      } catch (RuntimeException e) {
        wrong.add(nodes + ": " + e);
      }
    }
    assertThat(wrong).isEmpty();
    return String.join(" ", refused);
  }

  /** The samples of some operators. */
  public static Stream<Named<List<Graph>>> of(Predicate<String> operators) {
    return samples().entrySet().stream()
        .filter(e -> operators.test(e.getKey().replaceAll("\\..*", "")))
        .map(e -> Named.of(e.getKey(), e.getValue()));
  }

  /** By operator and setting, such as {@code Conv.group}. */
  private static Map<String, List<Graph>> samples() {
    Map<String, List<Graph>> all = new LinkedHashMap<>();
    put(all, "ArgMax.axis", of("ArgMax", MAP, at("axis", 2)));
    put(all, "ArgMax.keepdims", of("ArgMax", MAP, at("axis", 1, "keepdims", 0)));
    put(all, "ArgMax.select_last_index", of("ArgMax", MAP, at("select_last_index", 1)));
    for (String op : List.of("AveragePool", "MaxPool")) {
      put(
          all,
          op + ".auto_pad",
          text(op, "auto_pad", "SAME_UPPER"),
          text(op, "auto_pad", "SAME_LOWER"),
          text(op, "auto_pad", "VALID"));
      put(
          all,
          op + ".ceil_mode",
          of(op, MAP, pool("ceil_mode", Attribute.of(1), "strides", Attribute.ofInts(2, 2))));
      put(all, op + ".dilations", of(op, MAP, pool("dilations", Attribute.ofInts(2, 1))));
      put(all, op + ".kernel_shape", of(op, MAP, Map.of("kernel_shape", Attribute.ofInts(2, 4))));
      put(all, op + ".pads", of(op, MAP, pool("pads", Attribute.ofInts(1, 0, 2, 1))));
      put(all, op + ".strides", of(op, MAP, pool("strides", Attribute.ofInts(2, 3))));
    }
    put(
        all,
        "AveragePool.count_include_pad",
        of(
            "AveragePool",
            MAP,
            pool("count_include_pad", Attribute.of(1), "pads", Attribute.ofInts(1, 0, 2, 1))),
        of(
            "AveragePool",
            MAP,
            pool("count_include_pad", Attribute.of(1), "auto_pad", Attribute.of("SAME_UPPER"))));
    HostTensor four = OperatorSamples.spread(Shape.of(4), 0.5f, 1.5f);
    put(
        all,
        "BatchNormalization.epsilon",
        of(
            "BatchNormalization",
            MAP,
            Map.of("epsilon", Attribute.of(0.5f)),
            four,
            four,
            four,
            four));
    put(all, "BatchNormalization.training_mode", ofItsBatch(four));
    put(
        all,
        "Cast.to",
        cast(6, DType.INT32),
        cast(7, DType.INT64),
        cast(9, DType.BOOL),
        cast(11, DType.FLOAT64),
        cast(10, DType.FLOAT16));
    put(all, "Concat.axis", concat(2), concat(-1));
    HostTensor kernel = OperatorSamples.spread(Shape.of(4, 4, 3, 3), -1, 1);
    put(
        all,
        "Conv.auto_pad",
        of(
            "Conv",
            MAP,
            Map.of("auto_pad", Attribute.of("SAME_UPPER"), "strides", Attribute.ofInts(2, 2)),
            kernel),
        of(
            "Conv",
            MAP,
            Map.of("auto_pad", Attribute.of("SAME_LOWER"), "strides", Attribute.ofInts(2, 2)),
            kernel),
        of("Conv", MAP, Map.of("auto_pad", Attribute.of("VALID")), kernel));
    put(
        all,
        "Conv.dilations",
        of("Conv", MAP, Map.of("dilations", Attribute.ofInts(2, 1)), kernel));
    put(
        all,
        "Conv.group",
        of("Conv", MAP, at("group", 2), OperatorSamples.spread(Shape.of(4, 2, 3, 3), -1, 1)),
        of("Conv", MAP, at("group", 4), OperatorSamples.spread(Shape.of(8, 1, 3, 3), -1, 1)));
    put(
        all,
        "Conv.kernel_shape",
        of("Conv", MAP, Map.of("kernel_shape", Attribute.ofInts(3, 3)), kernel));
    put(all, "Conv.pads", of("Conv", MAP, Map.of("pads", Attribute.ofInts(1, 0, 2, 1)), kernel));
    put(all, "Conv.strides", of("Conv", MAP, Map.of("strides", Attribute.ofInts(2, 3)), kernel));
    put(all, "DepthToSpace.blocksize", of("DepthToSpace", MAP, at("blocksize", 2)));
    put(
        all,
        "DepthToSpace.mode",
        of(
            "DepthToSpace",
            Shape.of(1, 8, 2, 3),
            Map.of("blocksize", Attribute.of(2), "mode", Attribute.of("CRD"))));
    put(all, "SpaceToDepth.blocksize", of("SpaceToDepth", MAP, at("blocksize", 2)));
    put(all, "Elu.alpha", of("Elu", MAP, Map.of("alpha", Attribute.of(0.3f))));
    put(all, "Flatten.axis", of("Flatten", MAP, at("axis", 2)), of("Flatten", MAP, at("axis", -1)));
    put(
        all,
        "Gather.axis",
        of("Gather", MAP, at("axis", 2), OperatorSamples.longs(3, 0)),
        of("Gather", MAP, at("axis", -1), OperatorSamples.longs(3, 0)),
        of("Gather", MAP, at("axis", 1), OperatorSamples.longs(3, 0, 2)));
    put(all, "Gelu.approximate", of("Gelu", MAP, Map.of("approximate", Attribute.of("tanh"))));
    Shape rows = Shape.of(3, 5);
    HostTensor right = OperatorSamples.spread(Shape.of(5, 2), -1, 1);
    HostTensor two = OperatorSamples.spread(Shape.of(2), -1, 1);
    put(all, "Gemm.alpha", of("Gemm", rows, Map.of("alpha", Attribute.of(0.3f)), right, two));
    put(
        all,
        "Gemm.beta",
        of("Gemm", rows, Map.of("beta", Attribute.of(0.3f)), right, two),
        of("Gemm", rows, Map.of("beta", Attribute.of(0f)), right, two));
    put(
        all,
        "Gemm.transA",
        of("Gemm", rows, at("transA", 1), OperatorSamples.spread(Shape.of(3, 2), -1, 1), two));
    put(
        all,
        "Gemm.transB",
        of("Gemm", rows, at("transB", 1), OperatorSamples.spread(Shape.of(2, 5), -1, 1), two));
    put(all, "HardSigmoid.alpha", of("HardSigmoid", MAP, Map.of("alpha", Attribute.of(0.7f))));
    put(all, "HardSigmoid.beta", of("HardSigmoid", MAP, Map.of("beta", Attribute.of(0.1f))));
    Shape last = Shape.of(6, 8);
    put(
        all,
        "LayerNormalization.axis",
        of(
            "LayerNormalization",
            MAP,
            at("axis", 2),
            OperatorSamples.spread(last, 0.5f, 1),
            OperatorSamples.spread(last, 0, 1)));
    HostTensor eight = OperatorSamples.spread(Shape.of(8), 0.5f, 1.5f);
    put(
        all,
        "LayerNormalization.epsilon",
        of("LayerNormalization", MAP, Map.of("epsilon", Attribute.of(0.5f)), eight, eight));
    put(
        all,
        "LayerNormalization.stash_type",
        of("LayerNormalization", MAP, at("stash_type", 16), eight, eight));
    put(all, "LeakyRelu.alpha", of("LeakyRelu", MAP, Map.of("alpha", Attribute.of(0.4f))));
    for (String op : List.of("Softmax", "LogSoftmax")) {
      put(
          all,
          op + ".axis",
          of(op, MAP, at("axis", 1)),
          of(op, MAP, at("axis", -2)),
          of(op, MAP, at("axis", 0)));
    }
    HostTensor pads = OperatorSamples.longs(0, 0, 1, 2, 0, 0, 3, 0);
    for (String mode : List.of("reflect", "edge", "wrap")) {
      put(all, "Pad.mode", of("Pad", MAP, Map.of("mode", Attribute.of(mode)), pads));
    }
    for (String op : List.of("ReduceMax", "ReduceMean", "ReduceMin", "ReduceSum")) {
      put(
          all,
          op + ".keepdims",
          of(op, MAP, at("keepdims", 0), OperatorSamples.longs(1, 3)),
          of(op, MAP, at("keepdims", 0), OperatorSamples.longs(2)));
      put(
          all,
          op + ".noop_with_empty_axes",
          of(op, MAP, at("noop_with_empty_axes", 1)),
          of(op, MAP, at("noop_with_empty_axes", 0)));
    }
    put(
        all,
        "Reshape.allowzero",
        of("Reshape", MAP, at("allowzero", 1), OperatorSamples.longs(1, 24, 8)));
    ResizeSettings.samples().forEach(all::put);
    put(all, "Selu.alpha", of("Selu", MAP, Map.of("alpha", Attribute.of(0.7f))));
    put(all, "Selu.gamma", of("Selu", MAP, Map.of("gamma", Attribute.of(0.7f))));
    put(
        all,
        "Split.axis",
        split(2, OperatorSamples.longs(2, 4), 0),
        split(-1, OperatorSamples.longs(2, 6), 0));
    put(all, "Split.num_outputs", split(3, null, 2));
    put(
        all,
        "Transpose.perm",
        of("Transpose", MAP, Map.of("perm", Attribute.ofInts(3, 1, 0, 2))),
        of("Transpose", MAP, Map.of()));
    all.putAll(RoundingSettings.samples());
    return all;
  }

  private static void put(Map<String, List<Graph>> all, String setting, Graph... graphs) {
    all.computeIfAbsent(setting, k -> new ArrayList<>()).addAll(List.of(graphs));
  }

  private static Map<String, Attribute> at(String key, long value) {
    return Map.of(key, Attribute.of(value));
  }

  private static Map<String, Attribute> at(String key, long value, String other, long second) {
    return Map.of(key, Attribute.of(value), other, Attribute.of(second));
  }

  private static Map<String, Attribute> pool(String key, Attribute value) {
    Map<String, Attribute> all = new LinkedHashMap<>(POOL);
    all.put(key, value);
    return all;
  }

  private static Map<String, Attribute> pool(
      String key, Attribute value, String other, Attribute second) {
    Map<String, Attribute> all = pool(key, value);
    all.put(other, second);
    return all;
  }

  private static Graph text(String op, String key, String value) {
    return of(op, MAP, pool(key, Attribute.of(value), "strides", Attribute.ofInts(2, 2)));
  }

  private static Graph cast(long to, DType type) {
    GraphBuilder g = new GraphBuilder("Cast");
    String x = g.input("x", DType.FLOAT32, MAP);
    g.output(g.addNamed("y", "Cast", at("to", to), x), type, Shape.UNRANKED);
    return g.build();
  }

  /** Normalized by the mean and the variance of its own numbers, which are outputs too. */
  private static Graph ofItsBatch(HostTensor each) {
    GraphBuilder g = new GraphBuilder("BatchNormalization");
    List<String> inputs = new ArrayList<>(List.of(g.input("x", DType.FLOAT32, MAP)));
    for (String name : List.of("scale", "b", "mean", "var")) {
      inputs.add(g.initializer(name, each));
    }
    g.add(
        Node.of(
            "BatchNormalization",
            inputs,
            List.of("y", "its mean", "its var"),
            at("training_mode", 1)));
    g.output("y", DType.FLOAT32, Shape.UNRANKED);
    return g.build();
  }

  private static Graph concat(long axis) {
    GraphBuilder g = new GraphBuilder("Concat");
    String x = g.input("x", DType.FLOAT32, MAP);
    g.output(g.addNamed("y", "Concat", at("axis", axis), x, x), DType.FLOAT32, Shape.UNRANKED);
    return g.build();
  }

  private static Graph split(long axis, HostTensor lengths, int count) {
    GraphBuilder g = new GraphBuilder("Split");
    String x = g.input("x", DType.FLOAT32, MAP);
    Map<String, Attribute> attributes = new LinkedHashMap<>(at("axis", axis));
    List<String> inputs = new ArrayList<>(List.of(x));
    if (lengths == null) {
      attributes.put("num_outputs", Attribute.of(count));
    } else {
      inputs.add(g.initializer("n", lengths));
    }
    g.add(Node.of("Split", inputs, List.of("y", "z"), attributes));
    g.output("y", DType.FLOAT32, Shape.UNRANKED).output("z", DType.FLOAT32, Shape.UNRANKED);
    return g.build();
  }

  private static Graph of(
      String op, Shape shape, Map<String, Attribute> attributes, HostTensor... constants) {
    GraphBuilder g = new GraphBuilder(op);
    String[] inputs = new String[constants.length + 1];
    inputs[0] = g.input("x", DType.FLOAT32, shape);
    for (int i = 0; i < constants.length; i++) {
      inputs[i + 1] = g.initializer("c" + i, constants[i]);
    }
    DType type = op.equals("ArgMax") ? DType.INT64 : DType.FLOAT32;
    g.output(g.addNamed("y", op, attributes, inputs), type, Shape.UNRANKED);
    return g.build();
  }
}
