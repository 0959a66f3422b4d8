package org.distill4j.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.shapes.KnownValues;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Nodes that work on real numbers and have no arithmetic here: ONNX Runtime carries out each alone,
 * on what its inputs stand for.
 */
final class FloatFallback implements AutoCloseable {
  private final String model;
  private final Map<Node, Predictor> opened = new ConcurrentHashMap<>();

  FloatFallback(String model) {
    this.model = model;
  }

  /**
   * Makes a node ready.
   *
   * @throws InputFault if ONNX Runtime does not know it either
   */
  Predictor open(Node node, KnownValues known) {
    return opened.computeIfAbsent(node, n -> opened(n, known));
  }

  private Predictor opened(Node node, KnownValues known) {
    Graph alone =
        new Graph(
            node.op(),
            values(node.inputs(), known),
            values(node.outputs(), known),
            List.of(node),
            Map.of(),
            Map.of());
    try {
      return new OnnxRuntime().open(alone, 1);
    } catch (InputFault e) {
      throw new InputFault(
          "model '%s': %s: no arithmetic here (expected: an operator of ONNX); %s"
              .formatted(model, node, e.lines().get(0)),
          e);
    }
  }

  private static List<Value> values(List<String> names, KnownValues known) {
    return names.stream()
        .distinct()
        .filter(n -> !n.isEmpty())
        .map(n -> new Value(n, known.type(n), Shape.UNRANKED))
        .toList();
  }

  /** What a node makes, output by output. */
  List<ReferenceTensor> run(Operands operands) {
    Node node = operands.node();
    Map<String, HostTensor> fed = new LinkedHashMap<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      if (node.hasInput(i)) {
        String name = node.input(i);
        fed.put(name, operands.in(i).real().tensor(operands.site().known().type(name)));
      }
    }
    Map<String, HostTensor> found = open(node, operands.site().known()).run(fed);
    List<ReferenceTensor> made = new ArrayList<>();
    node.outputs()
        .forEach(name -> made.add(name.isEmpty() ? null : ReferenceTensor.of(found.get(name))));
    return made;
  }

  @Override
  public void close() {
    opened.values().forEach(Predictor::close);
  }
}
