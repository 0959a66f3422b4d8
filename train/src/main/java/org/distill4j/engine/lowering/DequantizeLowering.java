package org.distill4j.engine.lowering;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.distill4j.shapes.NodeSite;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * A DequantizeLinear with the QuantizeLinear before it: {@code y = (clip(round(x / s) + z) - z) s},
 * half to even. Of constant integers: what they stand for.
 *
 * <p>In training the gradient with respect to x is 1 where {@code x / s + z} lies among the
 * integers, else 0. Where steps are learned, the one with respect to s is {@code round(x / s) - x /
 * s} within and the bound without, times {@code 1 / sqrt(N Qp)}; N counts the numbers of an example
 * or, of weights, of a channel that share the step.
 *
 * @see <a href="https://arxiv.org/abs/1902.08153">Esser et al., 2020</a>
 */
final class DequantizeLowering implements OpLowering {
  @Override
  public void check(NodeSite site) {
    Optional<HostTensor> constant = site.known().constant(site.node().input(0));
    Optional<QdqPair> pair = pair(site);
    long block = site.node().intAttribute("block_size", 0);
    if (block != 0) {
      throw site.fault(
          "a scale for each block of " + block + " (expected: one, or one for each channel)");
    }
    if (constant.isEmpty() && pair.isEmpty()) {
      throw site.fault(
          "its integers are computed (expected: a QuantizeLinear of the same constant scale and"
              + " zero point before it, or constant integers)");
    }
    if (constant.isPresent() && !site.isConstant(1)) {
      throw site.fault("its scale is computed (expected: a constant)");
    }
    if (pair.isPresent() && pair.get().type().bytes() != 1) {
      throw site.fault("integers of " + pair.get().type() + " (expected: INT8 or UINT8)");
    }
    if (pair.isPresent() && !pair.get().isWeight() && pair.get().scales().elements() != 1) {
      throw site.fault(
          "scale of %s numbers (expected: one; only weights have one for each channel)"
              .formatted(pair.get().scales().elements()));
    }
  }

  private static Optional<QdqPair> pair(NodeSite site) {
    return QdqPair.of(site.known().graph(), site.known().graph().producers(), site.node());
  }

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly) {
    Optional<HostTensor> constant = site.known().constant(site.node().input(0));
    if (constant.isPresent()) {
      return assembly.constant(numbers(site, constant.get()));
    }
    QdqPair pair = pair(site).orElseThrow();
    Operand<T> x = assembly.value(pair.source(), assembly.plan().of(pair.source()));
    LearnedGrids.Grid<T> grid = assembly.grids().of(pair);
    if (assembly.training()) {
      follow(assembly, grid, x);
    }
    return rounded(site, assembly, grid, x);
  }

  /** {@code (q - z) s}, in float32 as ONNX has it. */
  private static HostTensor numbers(NodeSite site, HostTensor integers) {
    double[] q = integers.toDoubles();
    HostTensor scale = site.known().constant(site.node().input(1)).orElseThrow();
    float[] scales = scale.toFloats();
    double[] zeros =
        site.known()
            .constant(site.node().input(2))
            .map(HostTensor::toDoubles)
            .orElse(new double[scales.length]);
    long inner = 1;
    if (scales.length > 1) {
      int axis = site.axis(0, site.node().intAttribute("axis", 1));
      for (int a = axis + 1; a < integers.shape().rank(); a++) {
        inner *= integers.shape().size(a);
      }
    }
    float[] numbers = new float[q.length];
    for (int i = 0; i < q.length; i++) {
      int c = (int) (i / inner % scales.length);
      numbers[i] = (float) (q[i] - zeros[c]) * scales[c];
    }
    return HostTensor.ofFloats(integers.shape(), numbers);
  }

  private static <T extends TFloating> Operand<T> rounded(
      NodeSite site, TensorFlowGraphBuilder<T> assembly, LearnedGrids.Grid<T> grid, Operand<T> x) {
    Ops tf = assembly.tf();
    FakeQuantization rounding = assembly.grids().rounding();
    Operand<T> scale = alongAxis(assembly, grid, grid.scale(), x);
    Operand<T> zero = alongAxis(assembly, grid, grid.zero(), x);
    Operand<T> lowest = tf.math.sub(assembly.number((double) grid.pair().lowest(rounding)), zero);
    Operand<T> highest = tf.math.sub(assembly.number((double) grid.pair().highest(rounding)), zero);
    Operand<T> ratio = tf.math.div(x, scale);
    Operand<T> integer = tf.math.minimum(tf.math.maximum(tf.math.rint(ratio), lowest), highest);
    Operand<T> result = tf.math.mul(integer, scale);
    if (!assembly.training()) {
      return result;
    }
    Operand<TBool> isInside =
        tf.math.logicalAnd(tf.math.greaterEqual(ratio, lowest), tf.math.lessEqual(ratio, highest));
    Operand<T> inside = tf.dtypes.cast(isInside, assembly.type());
    Operand<T> way = tf.math.mul(x, tf.stopGradient(inside));
    if (grid.share().isPresent()) {
      Operand<T> perStep = tf.math.sub(integer, tf.math.mul(ratio, inside));
      Operand<T> slope =
          tf.math.mul(
              perStep,
              gradientScale(
                  site,
                  assembly,
                  grid,
                  alongAxis(assembly, grid, initial(assembly, grid), x),
                  highest));
      Operand<T> share = alongAxis(assembly, grid, grid.share().get().value(), x);
      way = tf.math.add(way, tf.math.mul(share, tf.stopGradient(slope)));
    }
    return tf.math.add(tf.stopGradient(result), tf.math.sub(way, tf.stopGradient(way)));
  }

  private static <T extends TFloating> Operand<T> initial(
      TensorFlowGraphBuilder<T> assembly, LearnedGrids.Grid<T> grid) {
    return assembly.constant(grid.pair().scales());
  }

  /**
   * {@code 1 / sqrt(N Qp)}, over the step that was: trained is the step's share of that, and moves
   * so that the step itself moves as it would if it were trained.
   */
  private static <T extends TFloating> Operand<T> gradientScale(
      NodeSite site,
      TensorFlowGraphBuilder<T> assembly,
      LearnedGrids.Grid<T> grid,
      Operand<T> initial,
      Operand<T> highest) {
    Ops tf = assembly.tf();
    Shape shape = site.outShape();
    double count = 1;
    for (int axis = 0; axis < shape.rank(); axis++) {
      boolean counts =
          grid.pair().isWeight()
              ? grid.pair().scales().elements() == 1 || axis != grid.pair().axis()
              : axis > 0;
      count *= counts ? Math.max(1, shape.dim(axis).size()) : 1;
    }
    Operand<T> product = tf.math.mul(highest, assembly.number(count));
    return tf.math.div(tf.math.rsqrt(tf.math.maximum(product, assembly.number(1))), initial);
  }

  /** One number for each channel where the channels of a weight stand. */
  private static <T extends TFloating> Operand<T> alongAxis(
      TensorFlowGraphBuilder<T> assembly,
      LearnedGrids.Grid<T> grid,
      Operand<T> steps,
      Operand<T> x) {
    if (grid.pair().scales().shape().rank() == 0) {
      return steps;
    }
    int rank = x.shape().numDimensions();
    long[] target = new long[rank];
    Arrays.fill(target, 1);
    target[(grid.pair().axis() + rank) % rank] = grid.pair().scales().elements();
    return assembly.tf().reshape(steps, assembly.tf().constant(target));
  }

  /** Ranges see the extremes of all tensors that share them. */
  private static <T extends TFloating> void follow(
      TensorFlowGraphBuilder<T> assembly, LearnedGrids.Grid<T> grid, Operand<T> x) {
    if (grid.low().isEmpty()) {
      return;
    }
    Ops tf = assembly.tf();
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < x.shape().numDimensions(); axis++) {
      axes.add(axis);
    }
    Operand<TInt32> all = tf.constant(axes.stream().mapToInt(i -> i).toArray());
    Operand<T> least = tf.math.minimum(tf.reduceMin(x, all), assembly.number(0));
    Operand<T> most = tf.math.maximum(tf.reduceMax(x, all), assembly.number(0));
    assembly.see(grid, least, most);
  }
}
