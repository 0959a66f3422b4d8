package org.distill4j.shapes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.distill4j.graph.Node;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/** Products of matrices. */
final class MatrixShapeRules {
  private MatrixShapeRules() {}

  static void add(Map<String, ShapeRule> rules) {
    rules.put("Gemm", ShapeRule.one(MatrixShapeRules::gemm));
    rules.put("MatMul", ShapeRule.one(site -> matMul(site, 0, 1, site.type(0))));
    rules.put("MatMulInteger", ShapeRule.one(site -> matMul(site, 0, 1, DType.INT32)));
    rules.put(
        "QLinearMatMul",
        ShapeRule.one(site -> matMul(site, 0, 3, site.has(7) ? site.type(7) : site.type(0))));
    rules.put("Einsum", ShapeRule.one(MatrixShapeRules::einsum));
    rules.put("Det", ShapeRule.one(MatrixShapeRules::determinant));
  }

  /** {@code [M, K] x [K, N] + C}, each matrix possibly stored transposed. */
  private static ValueFact gemm(NodeSite site) {
    site.requireRank(0, 2);
    site.requireRank(1, 2);
    site.requireOneType(0);
    Node node = site.node();
    boolean transA = node.intAttribute("transA", 0) != 0;
    boolean transB = node.intAttribute("transB", 0) != 0;
    ValueFact a = site.in(0);
    ValueFact b = site.in(1);
    if (a.ranked() && b.ranked()) {
      Dim left = a.dim(transA ? 0 : 1);
      Dim right = b.dim(transB ? 1 : 0);
      if (ValueFact.differ(left, right)) {
        throw site.fault(
            "A "
                + a.shape()
                + (transA ? " transposed" : "")
                + " has "
                + left
                + " columns (expected: "
                + right
                + " for B "
                + b.shape()
                + (transB ? " transposed)" : ")"));
      }
    }
    Dim rows = a.ranked() ? a.dim(transA ? 1 : 0) : Dim.UNKNOWN;
    Dim columns = b.ranked() ? b.dim(transB ? 0 : 1) : Dim.UNKNOWN;
    Shape shape = Shape.of(List.of(rows, columns));
    if (site.has(2)) {
      Broadcast.requireTo(site, site.in(2).shape(), shape, "C");
    }
    return ValueFact.of(site.type(0), shape);
  }

  /** {@code [..., M, K] x [..., K, N]}, a vector standing for one row or one column. */
  private static ValueFact matMul(NodeSite site, int left, int right, DType type) {
    site.requireRankAtLeast(left, 1);
    site.requireRankAtLeast(right, 1);
    if (site.node().op().equals("MatMul")) {
      site.requireOneType(0);
    }
    ValueFact a = site.in(left);
    ValueFact b = site.in(right);
    if (!a.ranked() || !b.ranked()) {
      return ValueFact.of(type, Shape.UNRANKED);
    }
    Dim inner = a.dim(a.rank() - 1);
    Dim outer = b.dim(b.rank() == 1 ? 0 : b.rank() - 2);
    if (ValueFact.differ(inner, outer)) {
      throw site.fault(
          a.shape()
              + " x "
              + b.shape()
              + " has inner extents "
              + inner
              + " and "
              + outer
              + " (expected: the same number)");
    }
    Shape stacked = Broadcast.of(site, stack(a.shape()), stack(b.shape()));
    List<Dim> dims = new ArrayList<>(stacked.dims());
    if (a.rank() > 1) {
      dims.add(a.dim(a.rank() - 2));
    }
    if (b.rank() > 1) {
      dims.add(b.dim(b.rank() - 1));
    }
    return ValueFact.of(type, dims);
  }

  private static Shape stack(Shape shape) {
    return Shape.of(shape.dims().subList(0, Math.max(0, shape.rank() - 2)));
  }

  /** One letter names one axis; letters behind the arrow, or those that occur once, stay. */
  private static ValueFact einsum(NodeSite site) {
    String equation = site.node().textAttribute("equation", "").replace(" ", "");
    if (equation.contains("...") || !equation.matches("[A-Za-z,]+(->[A-Za-z]*)?")) {
      return ValueFact.of(site.type(0), Shape.UNRANKED);
    }
    String[] sides = equation.split("->", -1);
    String[] terms = sides[0].split(",", -1);
    if (terms.length != site.inputs().size()) {
      throw site.fault("equation: " + equation + " (expected: " + site.inputs().size() + " terms)");
    }
    Map<Integer, Dim> extents = new HashMap<>();
    for (int i = 0; i < terms.length; i++) {
      site.requireRank(i, terms[i].length());
      for (int k = 0; site.in(i).ranked() && k < terms[i].length(); k++) {
        merge(site, extents, terms[i].charAt(k), site.in(i).dim(k));
      }
    }
    String letters = sides.length == 2 ? sides[1] : lonely(sides[0]);
    List<Dim> dims = letters.chars().mapToObj(c -> extents.getOrDefault(c, Dim.UNKNOWN)).toList();
    return ValueFact.of(site.type(0), dims);
  }

  private static void merge(NodeSite site, Map<Integer, Dim> extents, char letter, Dim dim) {
    Dim before = extents.get((int) letter);
    boolean one = dim.isKnown() && dim.size() == 1;
    if (before == null || (before.isKnown() && before.size() == 1)) {
      extents.put((int) letter, dim);
    } else if (!one) {
      if (ValueFact.differ(before, dim)) {
        throw site.fault(
            "axis " + letter + " is " + before + " and " + dim + " (expected: the same number)");
      }
      extents.put((int) letter, ValueFact.merge(before, dim));
    }
  }

  private static String lonely(String terms) {
    return terms
        .chars()
        .filter(c -> c != ',' && terms.indexOf(c) == terms.lastIndexOf(c))
        .sorted()
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  private static ValueFact determinant(NodeSite site) {
    site.requireRankAtLeast(0, 2);
    return ValueFact.of(
        site.type(0), site.in(0).ranked() ? stack(site.in(0).shape()) : Shape.UNRANKED);
  }
}
