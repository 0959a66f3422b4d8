package org.distill4j.zoo;

import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Node;
import org.distill4j.shapes.Window;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * A builder of networks, layer by layer, with initial weights.
 *
 * <pre>{@code
 * Graph net = new Layers("tiny", Shape.of(1, 28, 28), 1)
 *     .conv("conv1", Conv.of(8, 3)).relu().maxPool()
 *     .flatten().dense("dense1", 64).relu()
 *     .logits(10);
 * }</pre>
 *
 * <p>The input is called {@code input}, the output {@code logits}, the symbol of the batch {@code
 * batch}; parameters are called after their layer: {@code conv1.weight}, {@code conv1.bias}, {@code
 * norm1.scale}. Weights start as He et al. propose for ReLU layers, those of the logits as Glorot
 * and Bengio do, biases at 0, normalizations as the identity.
 */
public final class Layers {
  private static final Map<String, Attribute> NONE = Map.of();

  /**
   * A value on the way.
   *
   * @param value its name
   * @param shape of one example, without the batch
   */
  public record Tap(String value, Shape shape) {}

  private final String name;
  private final GraphBuilder graph;
  private final InitialWeights weights;
  private Tap here;

  /**
   * Starts at the input.
   *
   * @param name of the net
   * @param example shape of one example: {@code [channels, height, width]} or {@code [features]},
   *     numbers of at least 1
   * @param seed of the initial weights
   */
  public Layers(String name, Shape example, long seed) {
    boolean fits = example.isStatic() && example.rank() > 0;
    for (int i = 0; fits && i < example.rank(); i++) {
      fits = example.size(i) > 0;
    }
    if (!fits) {
      throw new InputFault(
          name + ": input " + example + " (expected: one or more extents, each >= 1)");
    }
    this.name = name;
    this.graph = new GraphBuilder(name);
    this.weights = new InitialWeights(seed);
    this.here = new Tap("input", example);
    graph.input("input", DType.FLOAT32, example.prepend(Dim.of("batch")));
  }

  /** Where the next layer starts. */
  public Tap tap() {
    return here;
  }

  /** Lets the next layer start elsewhere. */
  public Layers from(Tap tap) {
    here = tap;
    return this;
  }

  private long channels(String layer) {
    if (here.shape().rank() != 3) {
      throw new InputFault(
          name
              + ": "
              + layer
              + " on "
              + here.shape()
              + " (expected: images [channels, height, width])");
    }
    return here.shape().size(0);
  }

  private Layers moveTo(String value, Shape shape) {
    here = new Tap(value, shape);
    return this;
  }

  /** Adds a convolution, padded so that nothing but the stride makes it smaller. */
  public Layers conv(String layer, Conv conv) {
    long channels = channels(layer);
    if (channels % conv.groups() != 0 || conv.filters() % conv.groups() != 0) {
      throw new InputFault(
          name
              + ": "
              + layer
              + " from "
              + channels
              + " to "
              + conv.filters()
              + " channels (expected: multiples of its "
              + conv.groups()
              + " groups)");
    }
    Window rows = window(conv, conv.height());
    Window columns = window(conv, conv.width());
    long height = here.shape().size(1);
    long width = here.shape().size(2);
    long perGroup = channels / conv.groups();
    String weight = layer + ".weight";
    long fanIn = perGroup * conv.height() * conv.width();
    graph.initializer(
        weight, weights.he(weight, fanIn, conv.filters(), perGroup, conv.height(), conv.width()));
    Map<String, Attribute> attributes =
        Map.of(
            "kernel_shape",
            Attribute.ofInts(conv.height(), conv.width()),
            "strides",
            Attribute.ofInts(conv.stride(), conv.stride()),
            "pads",
            Attribute.ofInts(
                rows.padBegin(height),
                columns.padBegin(width),
                rows.padEnd(height),
                columns.padEnd(width)),
            "group",
            Attribute.of(conv.groups()));
    String[] inputs =
        conv.bias()
            ? new String[] {here.value(), weight, bias(layer, conv.filters())}
            : new String[] {here.value(), weight};
    return moveTo(
        graph.addNamed(layer, "Conv", attributes, inputs),
        Shape.of(conv.filters(), rows.output(height), columns.output(width)));
  }

  private static Window window(Conv conv, int kernel) {
    return new Window(kernel, conv.stride(), 1, 0, 0, Window.Mode.SAME_UPPER, false);
  }

  private String bias(String layer, long units) {
    return graph.initializer(layer + ".bias", InitialWeights.constant(0, units));
  }

  /** Adds a batch normalization per channel. */
  public Layers norm(String layer) {
    long channels = here.shape().size(0);
    String output =
        graph.addNamed(
            layer,
            "BatchNormalization",
            Map.of("epsilon", Attribute.of(1e-5f), "momentum", Attribute.of(0.9f)),
            here.value(),
            graph.initializer(layer + ".scale", InitialWeights.constant(1, channels)),
            graph.initializer(layer + ".bias", InitialWeights.constant(0, channels)),
            graph.initializer(layer + ".mean", InitialWeights.constant(0, channels)),
            graph.initializer(layer + ".var", InitialWeights.constant(1, channels)));
    return moveTo(output, here.shape());
  }

  /** Adds max(0, x). */
  public Layers relu() {
    return moveTo(graph.add("Relu", NONE, here.value()), here.shape());
  }

  /** Adds min(max(0, x), 6). */
  public Layers relu6() {
    return moveTo(
        graph.add("Clip", NONE, here.value(), scalar("zero", 0), scalar("six", 6)), here.shape());
  }

  private String scalar(String constant, float value) {
    return graph.initializer(constant, HostTensor.scalar(value));
  }

  /**
   * Adds a pool that takes the largest of each two by two; an odd last row or column is dropped.
   */
  public Layers maxPool() {
    long channels = channels("pool");
    long height = here.shape().size(1) / 2;
    long width = here.shape().size(2) / 2;
    if (height < 1 || width < 1) {
      throw new InputFault(
          name
              + ": pool on "
              + here.shape()
              + " (expected: at least 2 rows and columns); use fewer pools");
    }
    Map<String, Attribute> two =
        Map.of("kernel_shape", Attribute.ofInts(2, 2), "strides", Attribute.ofInts(2, 2));
    return moveTo(graph.add("MaxPool", two, here.value()), Shape.of(channels, height, width));
  }

  /** Adds the mean over all rows and columns of each channel, and flattens. */
  public Layers averageOverImage() {
    long channels = channels("average");
    return moveTo(graph.add("GlobalAveragePool", NONE, here.value()), Shape.of(channels, 1, 1))
        .flatten();
  }

  /** Makes a vector of each example; leaves vectors alone. */
  public Layers flatten() {
    if (here.shape().rank() == 1) {
      return this;
    }
    Map<String, Attribute> axis = Map.of("axis", Attribute.of(1));
    return moveTo(graph.add("Flatten", axis, here.value()), Shape.of(here.shape().elements()));
  }

  /** Adds a fully connected layer with bias on vectors. */
  public Layers dense(String layer, int units) {
    long features = requireVector(layer);
    String weight = layer + ".weight";
    return dense(layer, units, weights.he(weight, features, units, features));
  }

  private Layers dense(String layer, int units, HostTensor initial) {
    String weight = graph.initializer(layer + ".weight", initial);
    String output =
        graph.addNamed(
            layer,
            "Gemm",
            Map.of("transB", Attribute.of(1)),
            here.value(),
            weight,
            bias(layer, units));
    return moveTo(output, Shape.of(units));
  }

  private long requireVector(String layer) {
    if (here.shape().rank() != 1) {
      throw new InputFault(
          name + ": " + layer + " on " + here.shape() + " (expected: vectors; flatten first)");
    }
    return here.shape().size(0);
  }

  /** Adds dropout while training; nothing for 0. */
  public Layers dropout(double ratio) {
    if (ratio == 0) {
      return this;
    }
    String constant = scalar("dropout.ratio" + ratio, (float) ratio);
    return moveTo(graph.add("Dropout", NONE, here.value(), constant), here.shape());
  }

  /** Adds another value of the same shape, as at the end of a residual block. */
  public Layers plus(Tap other) {
    if (!other.shape().equals(here.shape())) {
      throw new InputFault(
          name + ": " + here.shape() + " plus " + other.shape() + " (expected: the same shape)");
    }
    return moveTo(graph.add("Add", NONE, here.value(), other.value()), here.shape());
  }

  /** Adds any operator with one output, of a shape that the caller knows. */
  public Layers node(Node node, Shape shape) {
    graph.add(node);
    return moveTo(node.output(), shape);
  }

  /** Ends the net with a fully connected layer whose outputs are the logits. */
  public Graph logits(int classes) {
    if (classes < 1) {
      throw new IllegalArgumentException("classes: " + classes + " (expected: >= 1)");
    }
    long features = requireVector("logits");
    HostTensor initial = weights.glorot("logits.weight", features, classes, classes, features);
    dense("logits", classes, initial);
    Shape shape = Shape.of(List.of(Dim.of("batch"), Dim.of(classes)));
    return graph.output("logits", DType.FLOAT32, shape).build();
  }
}
