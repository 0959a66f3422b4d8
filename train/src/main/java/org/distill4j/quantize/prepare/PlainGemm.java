package org.distill4j.quantize.prepare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.passes.GraphEdit;
import org.distill4j.passes.LinearLayer;
import org.distill4j.passes.Pass;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * A Gemm of constant weights as {@code A W + b}, which integers take: {@code alpha A' B + beta C}
 * with {@code W = alpha B}, {@code b = beta C}, one number for each column, and a Transpose in
 * front where A is transposed. Products are rounded to float32 once.
 *
 * <p>Left alone: weights or a bias that are computed, a bias that differs from row to row, and a
 * product that float32 has not.
 */
public final class PlainGemm implements Pass {
  private static final Attribute SWAPPED = Attribute.ofInts(1, 0);

  @Override
  public String name() {
    return "plain-gemm";
  }

  @Override
  public Outcome apply(Graph graph) {
    GraphEdit edit = new GraphEdit(graph);
    List<String> changes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (!isOther(graph, node)) {
        continue;
      }
      HostTensor given = graph.initializers().get(node.input(1));
      boolean isTransposed = node.intAttribute("transB", 0) != 0;
      Optional<float[]> weights = times(node.floatAttribute("alpha", 1), given.toFloats());
      Optional<float[]> bias = bias(graph, node, (int) given.shape().size(isTransposed ? 0 : 1));
      if (weights.isPresent() && bias.isPresent()) {
        replace(edit, node, HostTensor.ofFloats(given.shape(), weights.get()), bias.get());
        changes.add(node + ": factors folded, its bias a row, what it takes turned before");
      }
    }
    return new Outcome(changes.isEmpty() ? graph : edit.graph(), changes, List.of());
  }

  /** A Gemm of constant weights that is no layer as it is. */
  private static boolean isOther(Graph graph, Node node) {
    HostTensor weights = graph.initializers().get(node.input(1));
    return node.op().equals("Gemm")
        && node.domain().isEmpty()
        && weights != null
        && weights.type() == DType.FLOAT32
        && weights.shape().rank() == 2
        && graph.constant(node.input(0)).isEmpty()
        && LinearLayer.of(graph, node).isEmpty();
  }

  /** The products, unless one is no finite number. */
  private static Optional<float[]> times(double factor, float... values) {
    float[] products = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      products[i] = (float) (factor * values[i]);
      if (!Float.isFinite(products[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(products);
  }

  /** One number for each column, none where there is no bias; empty where it is something else. */
  private static Optional<float[]> bias(Graph graph, Node node, int columns) {
    double beta = node.floatAttribute("beta", 1);
    if (!node.hasInput(2)) {
      return Optional.of(new float[0]);
    }
    HostTensor given = graph.initializers().get(node.input(2));
    if (given == null || given.type() != DType.FLOAT32) {
      return Optional.empty();
    }
    Shape shape = given.shape();
    boolean isOne = given.elements() == 1;
    boolean isRow =
        given.elements() == columns && shape.rank() > 0 && shape.size(shape.rank() - 1) == columns;
    if (beta == 0 && (isOne || isRow)) {
      return Optional.of(new float[0]); // not even what is no number counts
    }
    float[] values = given.toFloats();
    float[] row = new float[columns];
    for (int c = 0; c < columns && (isOne || isRow); c++) {
      row[c] = values[isOne ? 0 : c];
    }
    return isOne || isRow ? times(beta, row) : Optional.empty();
  }

  private static void replace(GraphEdit edit, Node node, HostTensor weights, float... bias) {
    Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
    attributes.keySet().removeAll(List.of("alpha", "beta", "transA"));
    List<String> inputs = new ArrayList<>(List.of(node.input(0)));
    if (node.intAttribute("transA", 0) != 0) {
      String turned = edit.fresh(node.name() + ".turned");
      edit.insertBefore(
          node,
          Node.of("Transpose", List.of(node.input(0)), List.of(turned), Map.of("perm", SWAPPED)));
      inputs.set(0, turned);
    }
    inputs.add(edit.constant(node.input(1), weights));
    if (bias.length > 0) {
      inputs.add(edit.constant(node.input(2), HostTensor.ofFloats(Shape.of(bias.length), bias)));
    }
    edit.replace(node.withInputs(inputs).withAttributes(attributes));
  }
}
