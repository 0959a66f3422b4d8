package org.distill4j.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Value;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.shapes.Shapes;
import org.distill4j.tensor.Shape;

/** Fixes the shapes of inputs that a model leaves open. */
public final class FixedShapes {
  private FixedShapes() {}

  /**
   * The model with numbers where it left inputs open.
   *
   * @param shapes by input name
   * @throws InputFault for a name that is no input, or a shape that contradicts the model
   */
  public static Graph apply(Graph graph, Map<String, Shape> shapes) {
    Map<String, Shape> rest = new LinkedHashMap<>(shapes);
    List<Value> inputs = new ArrayList<>();
    for (Value input : graph.inputs()) {
      Shape shape = rest.remove(input.name());
      inputs.add(shape == null ? input : new Value(input.name(), input.type(), shape));
    }
    if (!rest.isEmpty()) {
      throw new InputFault(
          "--shape: "
              + rest.keySet()
              + " (expected: one of the inputs "
              + graph.inputs().stream().map(Value::name).toList()
              + ")");
    }
    List<Value> open =
        graph.outputs().stream().map(o -> new Value(o.name(), o.type(), Shape.UNRANKED)).toList();
    Graph vague =
        new Graph(
            graph.name(), inputs, open, graph.nodes(), graph.initializers(), graph.metadata());
    Shapes found = ShapeInference.infer(vague);
    List<Value> outputs =
        graph.outputs().stream()
            .map(o -> new Value(o.name(), o.type(), found.shape(o.name())))
            .toList();
    return new Graph(
        graph.name(), inputs, outputs, graph.nodes(), graph.initializers(), graph.metadata());
  }
}
