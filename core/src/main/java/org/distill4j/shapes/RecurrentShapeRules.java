package org.distill4j.shapes;

import java.util.List;
import java.util.Map;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/** Recurrent layers: input [time, batch, features], or [batch, time, features] in layout 1. */
final class RecurrentShapeRules {
  private RecurrentShapeRules() {}

  static void add(Map<String, ShapeRule> rules) {
    rules.put("RNN", site -> recurrent(site, 1));
    rules.put("GRU", site -> recurrent(site, 3));
    rules.put("LSTM", site -> recurrent(site, 4));
  }

  /** Weights W [directions, gates * hidden, features], R [directions, gates * hidden, hidden]. */
  private static List<ValueFact> recurrent(NodeSite site, int gates) {
    for (int i = 0; i < 3; i++) {
      site.requireRank(i, 3);
    }
    Dim directions =
        Dim.of(site.node().textAttribute("direction", "forward").equals("bidirectional") ? 2 : 1);
    ValueFact w = site.in(1);
    ValueFact r = site.in(2);
    Dim hidden = r.ranked() ? r.dim(2) : Dim.UNKNOWN;
    long declared = site.node().intAttribute("hidden_size", 0);
    if (declared > 0) {
      if (ValueFact.differ(hidden, Dim.of(declared))) {
        throw site.fault(
            "hidden_size: " + declared + " (expected: " + hidden + " for R " + r.shape() + ")");
      }
      hidden = Dim.of(declared);
    }
    Dim features = site.in(0).ranked() ? site.in(0).dim(2) : Dim.UNKNOWN;
    Dim rows = SymbolicExtent.of(hidden).times(SymbolicExtent.of(gates)).dim();
    requireWeights(site, w, "W", Shape.of(List.of(directions, rows, features)));
    requireWeights(site, r, "R", Shape.of(List.of(directions, rows, hidden)));
    boolean batchFirst = site.node().intAttribute("layout", 0) != 0;
    Dim first = site.in(0).ranked() ? site.in(0).dim(0) : Dim.UNKNOWN;
    Dim second = site.in(0).ranked() ? site.in(0).dim(1) : Dim.UNKNOWN;
    List<Dim> all =
        batchFirst
            ? List.of(first, second, directions, hidden)
            : List.of(first, directions, second, hidden);
    List<Dim> last =
        batchFirst ? List.of(first, directions, hidden) : List.of(directions, second, hidden);
    ValueFact state = ValueFact.of(site.type(0), last);
    return List.of(ValueFact.of(site.type(0), all), state, state);
  }

  private static void requireWeights(
      NodeSite site, ValueFact weights, String name, Shape expected) {
    for (int i = 0; weights.ranked() && i < 3; i++) {
      if (ValueFact.differ(weights.dim(i), expected.dim(i))) {
        throw site.fault(
            name
                + " "
                + weights.shape()
                + " for input "
                + site.in(0).shape()
                + " (expected: "
                + expected
                + ")");
      }
    }
  }
}
