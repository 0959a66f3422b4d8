package org.distill4j.onnx;

import java.util.List;
import java.util.Map;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Value;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.shapes.Shapes;
import org.distill4j.tensor.Shape;

/** What a file declares about its values, against what follows from its nodes. */
final class Declarations {
  private Declarations() {}

  /**
   * Refuses a model whose nodes do not fit each other or the declared shapes.
   *
   * @param draft with the declarations
   * @param graph the same model, upgraded
   * @return what follows from the nodes
   */
  static Shapes check(ModelDraft draft, Graph graph) {
    Shapes shapes = infer(graph, draft.source);
    for (Value declared : draft.declared.values()) {
      Value found = shapes.values().get(declared.name());
      if (found != null && found.shape().isRanked()) {
        draft.source.require(
            found.type() == declared.type() && agree(declared.shape(), found.shape()),
            "value '"
                + declared.name()
                + "': declared as "
                + declared.type()
                + " "
                + declared.shape()
                + " (expected: "
                + found.type()
                + " "
                + found.shape()
                + ", which its nodes make); export the model again");
      }
    }
    return shapes;
  }

  private static Shapes infer(Graph graph, ModelSource source) {
    try {
      return ShapeInference.infer(graph);
    } catch (InputFault e) {
      throw source.fault(e.getMessage(), e);
    }
  }

  private static boolean agree(Shape a, Shape b) {
    if (!a.isRanked() || !b.isRanked()) {
      return true;
    }
    boolean agree = a.rank() == b.rank();
    for (int i = 0; agree && i < a.rank(); i++) {
      agree = !a.dim(i).isKnown() || !b.dim(i).isKnown() || a.dim(i).equals(b.dim(i));
    }
    return agree;
  }

  /**
   * The same model, whose outputs have the shapes that its nodes make where the file tells none.
   */
  static Graph ofOutputs(Graph graph, Shapes shapes) {
    if (graph.outputs().stream().allMatch(output -> output.shape().isRanked())) {
      return graph;
    }
    List<Value> outputs =
        graph.outputs().stream()
            .map(
                o ->
                    o.shape().isRanked()
                        ? o
                        : new Value(o.name(), o.type(), shapes.shape(o.name())))
            .toList();
    return new Graph(
        graph.name(),
        graph.inputs(),
        outputs,
        graph.nodes(),
        graph.initializers(),
        graph.metadata());
  }

  /** Adds to the draft what follows from the nodes where the file is silent. */
  static void complete(ModelDraft draft, Shapes shapes) {
    for (Map.Entry<String, Value> entry : shapes.values().entrySet()) {
      if (entry.getValue().shape().isRanked()) {
        draft.declared.put(entry.getKey(), entry.getValue());
      }
    }
  }
}
