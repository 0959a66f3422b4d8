package org.distill4j.lowered;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Graph;

/**
 * A lowered graph, as the writers of all formats take it: few operators, channels last.
 *
 * @param graph the ONNX model it was made from
 * @param inputs where it is fed, in the model's order
 * @param outputs where it is read, in the model's order
 * @param wires all values by name, constants among them
 * @param parts in the order they run
 * @param features the wire that holds what the last dense layer is given, if there is one
 */
public record LoweredGraph(
    Graph graph,
    List<LoweredPort> inputs,
    List<LoweredPort> outputs,
    Map<String, LoweredValue> wires,
    List<LoweredNode> parts,
    Optional<String> features) {
  /** Takes copies. */
  public LoweredGraph {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    wires = Collections.unmodifiableMap(new LinkedHashMap<>(wires));
    parts = List.copyOf(parts);
  }

  /** A wire by name. */
  public LoweredValue wire(String name) {
    LoweredValue wire = wires.get(name);
    if (wire == null) {
      throw new IllegalArgumentException("wire '" + name + "': is not in the lowered graph");
    }
    return wire;
  }

  /** The parts that read each wire. */
  public Map<String, List<LoweredNode>> readers() {
    Map<String, List<LoweredNode>> readers = new HashMap<>();
    for (LoweredNode part : parts) {
      part.inputs().forEach(i -> readers.computeIfAbsent(i, k -> new ArrayList<>()).add(part));
    }
    return readers;
  }

  /** Whether 8-bit numbers are to stand for some of its values. */
  public boolean isQuantized() {
    return wires.values().stream().anyMatch(w -> !w.isConstant() && w.scaling().isPresent());
  }

  /**
   * The same for a form that computes in real numbers: what 8-bit numbers would cut off is cut off
   * by parts of its own.
   */
  public LoweredGraph inRealNumbers() {
    return Clipping.apply(this);
  }

  /** The same lowered graph with a scaling for a wire that has none. */
  public LoweredGraph with(String wire, AffineScaling scaling) {
    Map<String, LoweredValue> others = new LinkedHashMap<>(wires);
    if (wire(wire).scaling().isEmpty()) {
      others.put(wire, wire(wire).with(scaling));
    }
    return new LoweredGraph(graph, inputs, outputs, others, parts, features);
  }
}
