package org.distill4j.quantize;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.distill4j.data.ArrayDataset;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.GraphBuilder;
import org.distill4j.graph.Preprocessing;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.inference.Processor;
import org.distill4j.inference.RelativeTime;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.ptq.CalibratedModel;
import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** The speed of 8 bits on this machine: a convolution of integers beside the same one of floats. */
public final class Int8Speed {
  private static final double PAYS = 1.05; // less is noise
  private static final int CHANNELS = 32;
  private static final int SIZE = 28;
  private static final int LAYERS = 3; // so that the ends, which stay float, count little

  private Int8Speed() {}

  /**
   * Measures three convolutions of 3x3 over 32 channels of 28x28, at batch 1 on 1 thread; takes a
   * third of a second.
   *
   * @return how many times faster the integers are; below 1 if they are slower
   */
  public static double ofConvolutions() {
    SplittableRandom random = new SplittableRandom(1);
    Graph graph = convolutions(random);
    Shape image = Shape.of(CHANNELS, SIZE, SIZE);
    float[][] images = new float[2][(int) image.elements()];
    for (float[] values : images) {
      fill(values, random);
    }
    CalibratedModel ready =
        CalibratedModel.of(
            graph,
            new ArrayDataset(
                "noise", image, List.of("a", "b"), images, new int[2], Preprocessing.NONE),
            false,
            2,
            1,
            ProgressListener.NONE);
    Graph integers =
        ready.integers(
            Observer.MIN_MAX,
            TargetMachine.HERE.activations(),
            TargetMachine.HERE.weightBits(),
            Set.of());
    try (Predictor floats = new OnnxRuntime().open(graph, 1);
        Predictor ints = new OnnxRuntime().open(integers, 1)) {
      return RelativeTime.of(floats, ints);
    }
  }

  /**
   * What this processor was probed to do, what 8 bits gained on it just now, and whether that pays;
   * one line.
   */
  public static String probed() {
    boolean saturates = TargetMachine.HERE.weightBits() < Byte.SIZE;
    double speed = ofConvolutions();
    return String.format(
        Locale.ROOT,
        "%s%s; convolutions of 8 bits ran at %.2f times the speed of float just now: %s",
        Processor.here().hasInt8DotProducts()
            ? "dot-product instructions"
            : "no dot-product instructions",
        saturates ? ", so that sums of products of 8 bits saturate" : "",
        speed,
        speed < PAYS
            ? "8 bits make a model smaller, not faster"
            : "8 bits make a model faster, too");
  }

  /** What a target decides and, if this machine is one, what it was probed to do; one line. */
  public static String told(TargetMachine target) {
    return target.says() + (target.isHere() ? "; this processor has " + probed() : "");
  }

  private static Graph convolutions(SplittableRandom random) {
    GraphBuilder g = new GraphBuilder("convolutions");
    Shape shape = Shape.of(List.of(Dim.of("batch"), Dim.of(CHANNELS), Dim.of(SIZE), Dim.of(SIZE)));
    String x = g.input("x", DType.FLOAT32, shape);
    for (int i = 0; i < LAYERS; i++) {
      float[] weights = new float[CHANNELS * CHANNELS * 9];
      fill(weights, random);
      String w =
          g.initializer("w" + i, HostTensor.ofFloats(Shape.of(CHANNELS, CHANNELS, 3, 3), weights));
      String y = g.add("Conv", Map.of("pads", Attribute.ofInts(1, 1, 1, 1)), x, w);
      x = g.add("Relu", Map.of(), y);
    }
    g.output(x, DType.FLOAT32, shape);
    return g.build();
  }

  private static void fill(float[] values, SplittableRandom random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextDouble() - .5);
    }
  }
}
