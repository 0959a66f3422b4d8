package org.distill4j.export;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.tensor.HostTensor;

/**
 * Below which number the ids lie that a model takes: ids choose rows of tables, and there are none
 * behind the last.
 */
final class IdRange {
  /** Of ids that no table bounds. */
  static final int USUAL = 100;

  /** What hands ids on as they are, from its first input. */
  private static final Set<String> KEEPING =
      Set.of(
          "Cast",
          "Concat",
          "Expand",
          "Flatten",
          "Gather",
          "Identity",
          "Reshape",
          "Slice",
          "Split",
          "Squeeze",
          "Tile",
          "Transpose",
          "Unsqueeze");

  private final Graph model;
  private final Map<String, List<Node>> consumers;
  private final Map<String, Long> known = new HashMap<>();

  IdRange(Graph model) {
    this.model = model;
    this.consumers = model.consumers();
  }

  /** The bound of an input; {@link #USUAL} if no table gives one. */
  long of(String input) {
    long bound = bound(input);
    return bound == Long.MAX_VALUE ? USUAL : Math.max(1, bound);
  }

  private long bound(String value) {
    Long found = known.get(value);
    if (found != null) {
      return found;
    }
    known.put(value, Long.MAX_VALUE);
    long bound = Long.MAX_VALUE;
    for (Node reader : consumers.getOrDefault(value, List.of())) {
      for (int i = 0; i < reader.inputs().size(); i++) {
        if (reader.input(i).equals(value)) {
          bound = Math.min(bound, bound(reader, i));
        }
      }
    }
    known.put(value, bound);
    return bound;
  }

  private long bound(Node reader, int input) {
    boolean chooses =
        input == 1 && (reader.op().equals("Gather") || reader.op().equals("GatherElements"));
    if (chooses) {
      HostTensor table = model.constant(reader.input(0)).orElse(null);
      return table == null || table.shape().rank() == 0
          ? Long.MAX_VALUE
          : table
              .shape()
              .size(Math.floorMod((int) reader.intAttribute("axis", 0), table.shape().rank()));
    }
    if (reader.op().equals("OneHot") && input == 0) {
      return model
          .constant(reader.input(1))
          .map(depth -> depth.toLongs()[0])
          .orElse(Long.MAX_VALUE);
    }
    boolean kept = KEEPING.contains(reader.op()) && (input == 0 || reader.op().equals("Concat"));
    return kept
        ? reader.outputs().stream().mapToLong(this::bound).min().orElse(Long.MAX_VALUE)
        : Long.MAX_VALUE;
  }
}
