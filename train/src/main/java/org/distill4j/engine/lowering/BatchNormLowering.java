package org.distill4j.engine.lowering;

import java.util.stream.IntStream;
import org.distill4j.shapes.NodeSite;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * BatchNormalization over the channels of {@code [N, C]}, {@code [N, C, L]} or {@code [N, C, H,
 * W]}.
 *
 * <p>For training it uses the mean and variance of the batch, and the running statistics move:
 * {@code running = momentum running + (1 - momentum) batch}, with the population's variance as ONNX
 * defines it. TensorFlow's fused kernel (float32 only) gives the unbiased variance, so {@code (n -
 * 1) / n} of it counts.
 */
final class BatchNormLowering implements OpLowering {
  @Override
  public void check(NodeSite site) {
    int rank = site.shape(0).rank();
    if (rank < 2 || rank > 4) {
      throw site.fault("input " + site.shape(0) + " (expected: rank 2 to 4)");
    }
    if (site.size(0, 1) < 0) {
      throw site.fault("input " + site.shape(0) + " (expected: a known number of channels)");
    }
    if (site.node().intAttribute("training_mode", 0) != 0) {
      throw site.fault("training_mode (expected: false); export the model for inference");
    }
  }

  @Override
  public <T extends TFloating> Operand<T> lower(NodeSite site, TensorFlowGraphBuilder<T> assembly) {
    Operand<T> x = assembly.in(site, 0, assembly.plan().of(site.node().output()));
    return assembly.type() == TFloat32.class
        ? linear(site, assembly, fused(site, assembly, planar(site, assembly, x)))
        : composite(site, assembly, x);
  }

  private static <T extends TFloating> Operand<T> fused(
      NodeSite site, TensorFlowGraphBuilder<T> assembly, Operand<T> x) {
    Ops tf = assembly.tf();
    boolean training = assembly.training();
    Operand<T> none = tf.zeros(tf.constant(new int[] {0}), assembly.type());
    FusedBatchNorm<T, T> norm =
        tf.nn.fusedBatchNorm(
            x,
            assembly.stored(site, 1),
            assembly.stored(site, 2),
            training ? none : assembly.stored(site, 3),
            training ? none : assembly.stored(site, 4),
            FusedBatchNorm.isTraining(training),
            FusedBatchNorm.epsilon(epsilon(site)));
    if (training) {
      Operand<T> count =
          tf.math.div(
              tf.dtypes.cast(tf.size(x), assembly.type()),
              assembly.number((double) site.size(0, 1)));
      Operand<T> biased =
          tf.math.mul(
              norm.batchVariance(), tf.math.div(tf.math.sub(count, assembly.number(1)), count));
      move(site, assembly, 3, norm.batchMean());
      move(site, assembly, 4, biased);
    }
    return norm.y();
  }

  private static <T extends TFloating> Operand<T> composite(
      NodeSite site, TensorFlowGraphBuilder<T> assembly, Operand<T> x) {
    Ops tf = assembly.tf();
    Operand<T> mean;
    Operand<T> variance;
    if (assembly.training()) {
      int[] axes = IntStream.range(0, site.shape(0).rank() - 1).toArray();
      Operand<T> kept = tf.math.mean(x, tf.constant(axes), Mean.keepDims(true));
      mean = tf.math.mean(x, tf.constant(axes));
      variance = tf.math.mean(tf.math.squaredDifference(x, kept), tf.constant(axes));
      move(site, assembly, 3, mean);
      move(site, assembly, 4, variance);
    } else {
      mean = assembly.stored(site, 3);
      variance = assembly.stored(site, 4);
    }
    Operand<T> scale =
        tf.math.mul(
            tf.math.rsqrt(tf.math.add(variance, assembly.number((double) epsilon(site)))),
            assembly.stored(site, 1));
    return tf.math.add(tf.math.mul(tf.math.sub(x, mean), scale), assembly.stored(site, 2));
  }

  private static <T extends TFloating> void move(
      NodeSite site, TensorFlowGraphBuilder<T> assembly, int input, Operand<T> batch) {
    Ops tf = assembly.tf();
    double momentum = site.node().floatAttribute("momentum", 0.9f);
    assembly
        .variable(site, input)
        .ifPresent(
            v ->
                assembly.update(
                    v,
                    tf.math.add(
                        tf.math.mul(assembly.current(v), assembly.number(momentum)),
                        tf.math.mul(batch, assembly.number(1 - momentum)))));
  }

  private static float epsilon(NodeSite site) {
    return site.node().floatAttribute("epsilon", 1e-5f);
  }

  private static <T extends TFloating> Operand<T> planar(
      NodeSite site, TensorFlowGraphBuilder<T> assembly, Operand<T> x) {
    Ops tf = assembly.tf();
    return switch (site.shape(0).rank()) {
      case 2 -> tf.reshape(x, tf.constant(new long[] {-1, 1, 1, site.size(0, 1)}));
      case 3 -> tf.expandDims(x, tf.constant(1));
      default -> x;
    };
  }

  private static <T extends TFloating> Operand<T> linear(
      NodeSite site, TensorFlowGraphBuilder<T> assembly, Operand<T> y) {
    Ops tf = assembly.tf();
    return switch (site.shape(0).rank()) {
      case 2 -> tf.reshape(y, tf.constant(new long[] {-1, site.size(0, 1)}));
      case 3 -> tf.squeeze(y, Squeeze.axis(1L));
      default -> y;
    };
  }
}
