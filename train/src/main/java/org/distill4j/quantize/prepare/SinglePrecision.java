package org.distill4j.quantize.prepare;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.passes.GraphEdit;
import org.distill4j.passes.HalfPrecision;
import org.distill4j.passes.Pass;
import org.distill4j.shapes.ShapeInference;
import org.distill4j.shapes.Shapes;
import org.distill4j.tensor.DType;

/**
 * Single precision: what a model computes in float16, bfloat16 or float64 between Casts it computes
 * in float32, and the Casts go. A number too large for float32 becomes the largest, one too small
 * the smallest that is not 0.
 *
 * <p>The outputs move by what the narrow type rounded to, or float32 now rounds to. Left alone: a
 * model that takes or gives another floating-point type than float32.
 */
public final class SinglePrecision implements Pass {
  @Override
  public String name() {
    return "single-precision";
  }

  @Override
  public boolean isExact() {
    return false; // half precision rounded on the way
  }

  @Override
  public Outcome apply(Graph graph) {
    Shapes shapes = ShapeInference.infer(graph);
    boolean isOther =
        Stream.concat(graph.inputs().stream(), graph.outputs().stream())
            .anyMatch(v -> isOther(v.type()));
    if (isOther || shapes.values().values().stream().noneMatch(v -> isOther(v.type()))) {
      return new Outcome(graph, List.of(), List.of());
    }
    GraphEdit edit = new GraphEdit(graph);
    Map<DType, Integer> constants = new EnumMap<>(DType.class);
    List<String> casts = new ArrayList<>();
    graph
        .initializers()
        .forEach(
            (name, tensor) -> {
              if (isOther(tensor.type())) {
                edit.set(name, HalfPrecision.single(tensor));
                constants.merge(tensor.type(), 1, Integer::sum);
              }
            });
    for (Node node : graph.nodes()) {
      boolean isBetweenFloats =
          node.op().equals("Cast")
              && node.domain().isEmpty()
              && shapes.type(node.input(0)).isFloating()
              && shapes.type(node.output()).isFloating();
      if (isBetweenFloats) {
        edit.bypass(node, node.input(0));
        casts.add(node.name());
      } else {
        edit.replace(HalfPrecision.single(node, SinglePrecision::isOther));
      }
    }
    return new Outcome(edit.graph(), says(constants, casts), List.of());
  }

  private static List<String> says(Map<DType, Integer> constants, List<String> casts) {
    List<String> lines = new ArrayList<>();
    constants.forEach((type, count) -> lines.add("constants of " + type + " in FLOAT32: " + count));
    if (!casts.isEmpty()) {
      lines.add("Casts taken out, as all between them is FLOAT32: " + String.join(", ", casts));
    }
    return lines;
  }

  private static boolean isOther(DType type) {
    return type.isFloating() && type != DType.FLOAT32;
  }
}
