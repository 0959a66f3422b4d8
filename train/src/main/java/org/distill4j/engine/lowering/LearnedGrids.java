package org.distill4j.engine.lowering;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.lowered.VariableLayout;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.family.TFloating;

/**
 * The grids that a model rounds to, and the variables that move them: one grid for each constant
 * that holds steps, shared by all pairs that name it.
 */
final class LearnedGrids<T extends TFloating> {
  /** A step trained below this part of what it was goes no further: it must stay positive. */
  private static final double LEAST_SHARE = .01;

  /**
   * One grid.
   *
   * @param pair the first that rounds to it
   * @param scale the steps
   * @param zero the integers that stand for 0, as floats, of the same shape
   * @param share what the steps are by now in parts of what they were; only where they are learned
   * @param low the smallest number, where it moves
   * @param high the largest number, where it moves
   */
  record Grid<T extends TFloating>(
      QdqPair pair,
      Operand<T> scale,
      Operand<T> zero,
      Optional<Variable<T>> share,
      Optional<Variable<T>> low,
      Optional<Variable<T>> high) {}

  private final Ops tf;
  private final Class<T> type;
  private final FakeQuantization rounding;
  private final Variables<T> variables;
  private final Operand<T> news;
  private final Map<String, Grid<T>> all = new LinkedHashMap<>();

  /**
   * Makes the grids of a model.
   *
   * @param news the part of a range that a step replaces; asked for only where ranges follow
   *     batches
   */
  LearnedGrids(
      Ops tf, Graph graph, FakeQuantization rounding, Operand<T> news, Variables<T> variables) {
    this.tf = tf.withSubScope("grids");
    this.type = variables.type();
    this.rounding = rounding;
    this.news = news;
    this.variables = variables;
    Map<String, Node> producers = graph.producers();
    for (Node node : graph.nodes()) {
      if (node.op().equals("DequantizeLinear")) {
        QdqPair.of(graph, producers, node)
            .filter(pair -> !all.containsKey(pair.scale()))
            .ifPresent(pair -> all.put(pair.scale(), grid(pair)));
      }
    }
  }

  /** The grid that a pair rounds to. */
  Grid<T> of(QdqPair pair) {
    return all.get(pair.scale());
  }

  FakeQuantization rounding() {
    return rounding;
  }

  private Grid<T> grid(QdqPair pair) {
    return switch (rounding.ranges()) {
      case FIXED -> fixed(pair);
      case LSQ -> learned(pair);
      case MOVING_AVERAGE -> pair.isWeight() ? ofWeights(pair) : following(pair);
    };
  }

  /** Fed with itself, so that no division by it is made a multiplication. */
  private Operand<T> constant(HostTensor tensor) {
    try (T copy = ArrayCopy.toTensorFlow(tensor, type)) {
      return tf.placeholderWithDefault(tf.constantOf(copy), ArrayCopy.shape(tensor.shape()));
    }
  }

  private Operand<T> number(double value) {
    return tf.constant(type, value);
  }

  private Grid<T> fixed(QdqPair pair) {
    return new Grid<>(
        pair,
        constant(pair.scales()),
        constant(pair.zeros()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private Grid<T> learned(QdqPair pair) {
    Shape shape = pair.scales().shape();
    float[] ones = new float[Math.toIntExact(shape.elements())];
    Arrays.fill(ones, 1);
    Variable<T> share =
        variables.addLearned(tf, pair.scale() + "/share", HostTensor.ofFloats(shape, ones));
    Operand<T> scale =
        tf.math.mul(tf.math.maximum(share.value(), number(LEAST_SHARE)), constant(pair.scales()));
    return new Grid<>(
        pair,
        scale,
        constant(pair.zeros()),
        Optional.of(share),
        Optional.empty(),
        Optional.empty());
  }

  /** The largest weight of each channel is the largest integer. */
  private Grid<T> ofWeights(QdqPair pair) {
    Variable<T> weights = variables.find(pair.source()).orElseThrow();
    VariableLayout layout = weights.layout();
    Operand<T> onnx = VariableTransform.toOnnx(tf, layout, weights.value());
    int rank = layout.onnx().rank();
    List<Integer> others = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      if (axis != pair.axis() || pair.scales().elements() == 1) {
        others.add(axis);
      }
    }
    int[] axes = others.stream().mapToInt(i -> i).toArray();
    Operand<T> largest =
        tf.reshape(
            tf.reduceMax(tf.math.abs(onnx), tf.constant(axes)),
            tf.constant(pair.scales().shape().sizes()));
    Operand<T> scale = positive(tf.math.div(largest, number(rounding.highest())));
    return new Grid<>(
        pair, scale, tf.zerosLike(scale), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private Grid<T> following(QdqPair pair) {
    int lowest = pair.lowest(rounding);
    int highest = pair.highest(rounding);
    double step = pair.scales().toDoubles()[0];
    double zero = pair.zeros().toDoubles()[0];
    Variable<T> low = variables.addRange(tf, pair.scale() + "/low", scalar((lowest - zero) * step));
    Variable<T> high =
        variables.addRange(tf, pair.scale() + "/high", scalar((highest - zero) * step));
    Operand<T> scale =
        positive(tf.math.div(tf.math.sub(high.value(), low.value()), number(highest - lowest)));
    Operand<T> exact = tf.math.sub(number(lowest), tf.math.div(low.value(), scale));
    Operand<T> bounded =
        tf.math.minimum(tf.math.maximum(tf.math.rint(exact), number(lowest)), number(highest));
    return new Grid<>(pair, scale, bounded, Optional.empty(), Optional.of(low), Optional.of(high));
  }

  private static HostTensor scalar(double value) {
    return HostTensor.scalar((float) value);
  }

  /** A range of nothing but zero has step 1. */
  private Operand<T> positive(Operand<T> scale) {
    Operand<TBool> tiny = tf.math.less(scale, number(Float.MIN_NORMAL));
    return tf.select(tiny, tf.onesLike(scale), scale);
  }

  /** What a range becomes that has seen these extremes. */
  Operand<T> moved(Variable<T> bound, Operand<T> seen) {
    return tf.math.add(bound.value(), tf.math.mul(news, tf.math.sub(seen, bound.value())));
  }

  /** The steps by the name of the constant that holds them, then the zeros that move. */
  Map<String, Operand<T>> moving() {
    Map<String, Operand<T>> moving = new LinkedHashMap<>();
    if (rounding.ranges() != FakeQuantization.Ranges.FIXED) {
      all.forEach(
          (name, grid) -> {
            moving.put(name, grid.scale());
            if (grid.low().isPresent()) {
              moving.put(grid.pair().zero(), grid.zero());
            }
          });
    }
    return moving;
  }
}
