package org.distill4j.lowered;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Value;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.RuntimePredictor;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * A predictor for open shapes: one predictor for each shape that it is fed, of which the latest few
 * are kept.
 */
public final class PerShapePredictor extends RuntimePredictor {
  private static final int KEPT = 8;

  private final Graph graph;
  private final Function<Graph, Predictor> opening;
  private final LinkedHashMap<List<Shape>, Predictor> opened =
      new LinkedHashMap<>(KEPT, 0.75f, true);

  /**
   * A model of which nothing is opened yet.
   *
   * @param opening makes a model of known shapes ready
   */
  public PerShapePredictor(Graph graph, Function<Graph, Predictor> opening) {
    super(graph.name(), graph.inputs(), graph.outputs(), Calls.ONE_BY_ONE);
    this.graph = graph;
    this.opening = opening;
  }

  @Override
  protected Map<String, HostTensor> answer(Map<String, HostTensor> inputs) {
    List<Shape> shapes = graph.inputs().stream().map(i -> inputs.get(i.name()).shape()).toList();
    return of(shapes).run(inputs);
  }

  private Predictor of(List<Shape> shapes) {
    Predictor known = opened.get(shapes);
    if (known != null) {
      return known;
    }
    if (opened.size() == KEPT) {
      opened.remove(opened.keySet().iterator().next()).close(); // the one not asked for longest
    }
    Predictor made = opening.apply(fixed(shapes));
    opened.put(shapes, made);
    return made;
  }

  /** Whether a model needs this: more than the outermost extent of an input is open. */
  public static boolean isNeeded(Graph graph) {
    return !graph.inputs().stream()
        .allMatch(
            input ->
                input.shape().isRanked()
                    && input.shape().rank() > 1
                    && input.shape().dropFirst().isStatic());
  }

  private Graph fixed(List<Shape> shapes) {
    List<Value> inputs = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      Value input = graph.inputs().get(i);
      inputs.add(new Value(input.name(), input.type(), shapes.get(i)));
    }
    List<Value> outputs =
        graph.outputs().stream().map(o -> new Value(o.name(), o.type(), Shape.UNRANKED)).toList();
    return new Graph(
        graph.name(), inputs, outputs, graph.nodes(), graph.initializers(), graph.metadata());
  }

  @Override
  protected void free() {
    opened.values().forEach(Predictor::close);
    opened.clear();
  }
}
