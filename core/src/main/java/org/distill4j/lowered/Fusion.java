package org.distill4j.lowered;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.lowered.LoweredOperator.Unary;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Makes fewer nodes of a lowered graph: biases and activations join the part in front of them. */
final class Fusion {
  private final Map<String, LoweredValue> wires;
  private final Set<String> kept;
  private List<LoweredNode> parts;

  private Fusion(Map<String, LoweredValue> wires, List<LoweredNode> parts, Set<String> kept) {
    this.wires = new LinkedHashMap<>(wires);
    this.parts = parts;
    this.kept = kept;
  }

  /**
   * The parts that are needed, fused.
   *
   * @param wires loses what nobody reads
   * @param kept the wires that must stay
   */
  static List<LoweredNode> apply(
      Map<String, LoweredValue> wires, List<LoweredNode> parts, Set<String> kept) {
    Fusion fusion = new Fusion(wires, live(parts, kept), kept);
    fusion.joinBiases();
    fusion.joinActivations();
    wires.clear();
    Set<String> used = new HashSet<>(kept);
    for (LoweredNode part : fusion.parts) {
      used.addAll(part.inputs());
      used.addAll(part.outputs());
    }
    fusion.wires.forEach(
        (name, wire) -> {
          if (used.contains(name)) {
            wires.put(name, wire);
          }
        });
    return fusion.parts;
  }

  private static List<LoweredNode> live(List<LoweredNode> parts, Set<String> kept) {
    Set<String> needed = new HashSet<>(kept);
    List<LoweredNode> live = new ArrayList<>();
    for (int i = parts.size() - 1; i >= 0; i--) {
      LoweredNode part = parts.get(i);
      if (part.outputs().stream().anyMatch(needed::contains)) {
        needed.addAll(part.inputs());
        live.add(0, part);
      }
    }
    return live;
  }

  /** The part that makes a wire, if only one other reads it and nobody keeps it. */
  private Map<String, LoweredNode> soleMakers() {
    Map<String, Integer> reads = new HashMap<>();
    parts.forEach(p -> p.inputs().forEach(i -> reads.merge(i, 1, Integer::sum)));
    Map<String, LoweredNode> makers = new HashMap<>();
    for (LoweredNode part : parts) {
      if (reads.getOrDefault(part.output(), 0) == 1 && !kept.contains(part.output())) {
        makers.put(part.output(), part);
      }
    }
    return makers;
  }

  private void joinActivations() {
    Map<String, LoweredNode> makers = soleMakers();
    Map<LoweredNode, LoweredNode> joined = new HashMap<>();
    Set<LoweredNode> gone = new HashSet<>();
    for (LoweredNode part : parts) {
      LoweredNode before = makers.get(part.inputs().isEmpty() ? "" : part.inputs().get(0));
      Fused fused = fused(part.operation());
      if (fused != Fused.NONE
          && before != null
          && LoweredOperator.canFuse(before.operation())
          && isRoundedAlike(before, part)) {
        joined.put(
            before,
            new LoweredNode(
                LoweredOperator.fuse(before.operation(), fused),
                before.inputs(),
                part.outputs(),
                before.origin()));
        gone.add(part);
      }
    }
    replace(joined, gone);
  }

  /** Whether nothing is lost where what lies between two parts is rounded and cut off no more. */
  private boolean isRoundedAlike(LoweredNode before, LoweredNode part) {
    Optional<AffineScaling> between = wires.get(before.output()).scaling();
    return between.isEmpty() || between.equals(wires.get(part.output()).scaling());
  }

  private static Fused fused(LoweredOperator operation) {
    if (!(operation instanceof LoweredOperator.Elementwise e)) {
      return Fused.NONE;
    }
    return e.kind() == Unary.RELU ? Fused.RELU : e.kind() == Unary.RELU6 ? Fused.RELU6 : Fused.NONE;
  }

  /** {@code dense + row} is a dense layer with a bias; likewise a convolution. */
  private void joinBiases() {
    Map<String, LoweredNode> makers = soleMakers();
    Map<LoweredNode, LoweredNode> joined = new HashMap<>();
    Set<LoweredNode> gone = new HashSet<>();
    for (LoweredNode part : parts) {
      if (!(part.operation() instanceof LoweredOperator.Arithmetic a)
          || a.kind() != LoweredOperator.Binary.ADD) {
        continue;
      }
      for (int side = 0; side < 2; side++) {
        LoweredNode before = makers.get(part.inputs().get(side));
        LoweredValue row = wires.get(part.inputs().get(1 - side));
        if (before != null && takesBias(before) && isRow(row, wires.get(part.output()))) {
          joined.put(before, withBias(before, row, part));
          gone.add(part);
          break;
        }
      }
    }
    replace(joined, gone);
  }

  private boolean takesBias(LoweredNode part) {
    boolean kind =
        part.operation() instanceof LoweredOperator.Dense
            || part.operation() instanceof LoweredOperator.Convolution;
    return kind
        && LoweredOperator.canFuse(part.operation())
        && wires.get(part.inputs().get(2)).scaling().isEmpty()
        && wires.get(part.output()).scaling().isEmpty();
  }

  private static boolean isRow(LoweredValue row, LoweredValue out) {
    Shape shape = row.shape();
    long channels = out.shape().dim(out.shape().rank() - 1).size();
    return row.isConstant()
        && shape.rank() > 0
        && shape.elements() == channels
        && shape.size(shape.rank() - 1) == channels;
  }

  private LoweredNode withBias(LoweredNode before, LoweredValue row, LoweredNode add) {
    float[] sum = wires.get(before.inputs().get(2)).constant().orElseThrow().toFloats();
    float[] more = row.constant().orElseThrow().toFloats();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
    String name = add.output() + ".bias";
    HostTensor bias = HostTensor.ofFloats(Shape.of(sum.length), sum);
    LoweredValue wire =
        new LoweredValue(name, bias.type(), bias.shape(), Optional.of(bias), Optional.empty());
    wires.put(name, wire);
    List<String> inputs = List.of(before.inputs().get(0), before.inputs().get(1), name);
    return new LoweredNode(before.operation(), inputs, add.outputs(), before.origin());
  }

  /** Puts each joined part where the later of the two stood. */
  private void replace(Map<LoweredNode, LoweredNode> joined, Set<LoweredNode> gone) {
    Map<String, LoweredNode> byOutput = new HashMap<>();
    joined.values().forEach(p -> byOutput.put(p.output(), p));
    List<LoweredNode> next = new ArrayList<>();
    for (LoweredNode part : parts) {
      if (gone.contains(part)) {
        next.add(byOutput.get(part.output()));
      } else if (!joined.containsKey(part)) {
        next.add(part);
      }
    }
    parts = next;
  }
}
