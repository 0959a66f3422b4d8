package org.distill4j.tensorflow;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.distill4j.lowered.AffineScaling;
import org.distill4j.lowered.Fused;
import org.distill4j.lowered.LoweredGraph;
import org.distill4j.lowered.LoweredNode;
import org.distill4j.lowered.LoweredOperator;
import org.distill4j.lowered.LoweredPort;
import org.distill4j.lowered.LoweredValue;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;

/**
 * A TensorFlow graph definition of a lowered graph: each input a node that can be fed, each output
 * an Identity of its name, and the weights that are stored apart.
 */
public final class Definition {
  private static final int LOWEST = -128;
  private static final int HIGHEST = 127;

  private final Nodes nodes;
  private final Weights style;
  private final LoweredGraph lowered;
  private final Map<String, String> made = new HashMap<>();
  private final Map<String, HostTensor> weights = new LinkedHashMap<>();
  private final Map<String, String> outputs = new LinkedHashMap<>();

  private Definition(LoweredGraph lowered, Nodes nodes, Weights style) {
    this.lowered = lowered;
    this.nodes = nodes;
    this.style = style;
  }

  /**
   * Writes a lowered graph.
   *
   * @param nodes takes the nodes
   * @param inputs the node that feeds each input, by the input's name
   */
  public static Definition write(
      LoweredGraph lowered, Nodes nodes, Weights style, Map<String, String> inputs) {
    Definition definition = new Definition(lowered, nodes, style);
    for (LoweredPort port : lowered.inputs()) {
      String fed = inputs.get(port.value().name());
      definition.made.put(port.wire(), definition.scaled(lowered.wire(port.wire()), fed));
    }
    LoweredNodeWriter writer = new LoweredNodeWriter(definition, nodes);
    for (LoweredNode part : lowered.parts()) {
      LoweredValue wire = lowered.wire(part.output());
      String node = writer.write(part);
      definition.made.put(wire.name(), definition.scaled(wire, node));
    }
    for (LoweredPort port : lowered.outputs()) {
      String from = definition.node(port.wire());
      String stem = port.value().name().replaceAll("[^A-Za-z0-9_.]", "_") + "_out";
      definition.outputs.put(
          port.value().name(),
          nodes.add(
              "Identity",
              stem.matches("[A-Za-z0-9.].*") ? stem : "n" + stem,
              Nodes.attributes().type("T", lowered.wire(port.wire()).type()),
              from));
    }
    return definition;
  }

  LoweredGraph lowered() {
    return lowered;
  }

  /** The node that makes a wire. */
  public String node(String wire) {
    return made.computeIfAbsent(wire, this::constant);
  }

  /** The node behind each output, by the output's name. */
  public Map<String, String> outputs() {
    return Collections.unmodifiableMap(outputs);
  }

  /** What is stored apart: by the name of the constant or variable. */
  public Map<String, HostTensor> weights() {
    return Collections.unmodifiableMap(weights);
  }

  private String constant(String name) {
    LoweredValue wire = lowered.wire(name);
    HostTensor tensor = wire.constant().orElseThrow();
    return tensor.type() == DType.FLOAT32 && tensor.shape().rank() > 0
        ? weight(name, tensor)
        : nodes.constant(name, tensor);
  }

  /** An array that is stored apart. */
  String weight(String stem, HostTensor tensor) {
    if (style == Weights.NAMED) {
      String node = nodes.add("Const", stem, Nodes.attributes().type("dtype", tensor.type()));
      weights.put(node, tensor);
      return node;
    }
    String handle = nodes.variable(stem, tensor.type(), tensor.shape());
    weights.put(handle, tensor);
    return nodes.add(
        "ReadVariableOp",
        handle + "/read",
        Nodes.attributes().type("dtype", tensor.type()),
        handle);
  }

  /** Rounded to 8 bits where the model says so and the format's runtime can. */
  private String scaled(LoweredValue wire, String node) {
    if (wire.scaling().isEmpty() || style == Weights.NAMED) {
      return node;
    }
    AffineScaling scaling = wire.scaling().get();
    if (!scaling.isPerTensor()) {
      return node;
    }
    float scale = scaling.scales().get(0);
    long zero = scaling.zeroPoints().get(0);
    return nodes.add(
        "FakeQuantWithMinMaxArgs",
        wire.name() + "/rounded",
        Nodes.attributes()
            .number("min", (LOWEST - zero) * scale)
            .number("max", (HIGHEST - zero) * scale)
            .integer("num_bits", 8)
            .flag("narrow_range", false),
        node);
  }

  /** The activation behind a node. */
  String activated(Fused fused, String stem, String node) {
    return switch (fused) {
      case NONE -> node;
      case RELU -> nodes.add("Relu", stem, Nodes.attributes().type("T", DType.FLOAT32), node);
      case RELU6 -> nodes.add("Relu6", stem, Nodes.attributes().type("T", DType.FLOAT32), node);
    };
  }

  /** How an operation's own result is called when an activation follows. */
  static String before(LoweredOperator operation, String stem) {
    boolean plain =
        (operation instanceof LoweredOperator.Convolution c && c.fused() == Fused.NONE)
            || (operation instanceof LoweredOperator.Pool p && p.fused() == Fused.NONE)
            || (operation instanceof LoweredOperator.Dense d && d.fused() == Fused.NONE)
            || (operation instanceof LoweredOperator.Arithmetic a && a.fused() == Fused.NONE);
    return plain ? stem : stem + "/before";
  }
}
