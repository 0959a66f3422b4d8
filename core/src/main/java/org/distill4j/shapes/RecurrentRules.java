package org.distill4j.shapes;

import java.util.List;
import java.util.Map;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;

/** Recurrent layers: input [time, batch, features], or [batch, time, features] in layout 1. */
final class RecurrentRules {
  private RecurrentRules() {}

  static void add(Map<String, Rule> rules) {
    rules.put("RNN", call -> recurrent(call, 1));
    rules.put("GRU", call -> recurrent(call, 3));
    rules.put("LSTM", call -> recurrent(call, 4));
  }

  /** Weights W [directions, gates * hidden, features], R [directions, gates * hidden, hidden]. */
  private static List<Fact> recurrent(Call call, int gates) {
    for (int i = 0; i < 3; i++) {
      call.requireRank(i, 3);
    }
    Dim directions =
        Dim.of(call.node().textAttribute("direction", "forward").equals("bidirectional") ? 2 : 1);
    Fact w = call.in(1);
    Fact r = call.in(2);
    Dim hidden = r.ranked() ? r.dim(2) : Dim.UNKNOWN;
    long declared = call.node().intAttribute("hidden_size", 0);
    if (declared > 0) {
      if (Call.differ(hidden, Dim.of(declared))) {
        throw call.fault(
            "hidden_size: " + declared + " (expected: " + hidden + " for R " + r.shape() + ")");
      }
      hidden = Dim.of(declared);
    }
    Dim features = call.in(0).ranked() ? call.in(0).dim(2) : Dim.UNKNOWN;
    Dim rows = Extent.of(hidden).times(Extent.of(gates)).dim();
    requireWeights(call, w, "W", Shape.of(List.of(directions, rows, features)));
    requireWeights(call, r, "R", Shape.of(List.of(directions, rows, hidden)));
    boolean batchFirst = call.node().intAttribute("layout", 0) != 0;
    Dim first = call.in(0).ranked() ? call.in(0).dim(0) : Dim.UNKNOWN;
    Dim second = call.in(0).ranked() ? call.in(0).dim(1) : Dim.UNKNOWN;
    List<Dim> all =
        batchFirst
            ? List.of(first, second, directions, hidden)
            : List.of(first, directions, second, hidden);
    List<Dim> last =
        batchFirst ? List.of(first, directions, hidden) : List.of(directions, second, hidden);
    Fact state = Fact.of(call.type(0), last);
    return List.of(Fact.of(call.type(0), all), state, state);
  }

  private static void requireWeights(Call call, Fact weights, String name, Shape expected) {
    for (int i = 0; weights.ranked() && i < 3; i++) {
      if (Call.differ(weights.dim(i), expected.dim(i))) {
        throw call.fault(
            name
                + " "
                + weights.shape()
                + " for input "
                + call.shape(0)
                + " (expected: "
                + expected
                + ")");
      }
    }
  }
}
