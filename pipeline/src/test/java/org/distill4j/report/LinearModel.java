package org.distill4j.report;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.distill4j.data.Dataset;
import org.distill4j.data.Preprocessed;
import org.distill4j.graph.Attribute;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.progress.Epoch;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** Softmax regression, trained in a few lines: small enough for a test, real enough to report. */
final class LinearModel {
  private final int inputs;
  private final int classes;
  private final float[] weights; // [classes, inputs + 1], the bias last
  final List<Epoch> epochs = new ArrayList<>();

  private LinearModel(int inputs, int classes) {
    this.inputs = inputs;
    this.classes = classes;
    this.weights = new float[classes * (inputs + 1)];
  }

  /**
   * Plain gradient descent, one example at a time.
   *
   * @param targets one row of class probabilities per example
   */
  static LinearModel train(
      Dataset data, double[][] targets, Dataset validation, int passes, float rate) {
    LinearModel model = new LinearModel((int) data.shape().elements(), data.classes().size());
    Preprocessed examples = new Preprocessed(data, data.preprocessing());
    Preprocessed held = new Preprocessed(validation, validation.preprocessing());
    for (int epoch = 1; epoch <= passes; epoch++) {
      double loss = 0;
      double right = 0;
      for (int i = 0; i < targets.length; i++) {
        float[] x = model.read(examples, i);
        double[] p = model.probabilities(x);
        loss += model.crossEntropy(targets[i], p);
        right += top(p) == data.label(i) ? 1 : 0;
        model.step(x, p, targets[i], rate / (float) Math.sqrt(epoch));
      }
      double heldLoss = 0;
      double heldRight = 0;
      for (int i = 0; i < validation.size(); i++) {
        double[] p = model.probabilities(model.read(held, i));
        heldLoss -= Math.log(Math.max(1e-9, p[validation.label(i)]));
        heldRight += top(p) == validation.label(i) ? 1 : 0;
      }
      model.epochs.add(
          new Epoch(
              epoch,
              (long) epoch * targets.length,
              loss / targets.length,
              right / targets.length,
              heldLoss / validation.size(),
              heldRight / validation.size(),
              rate / Math.sqrt(epoch),
              1.25));
    }
    return model;
  }

  static double[][] oneHot(Dataset data, int n) {
    double[][] rows = new double[n][data.classes().size()];
    for (int i = 0; i < n; i++) {
      rows[i][data.label(i)] = 1;
    }
    return rows;
  }

  private float[] read(Preprocessed examples, int index) {
    float[] x = new float[inputs];
    examples.read(index, FloatBuffer.wrap(x));
    return x;
  }

  /** {@code z_k = w_k · x + b_k}. */
  double[] logits(Dataset data, int index) {
    return logits(read(new Preprocessed(data, data.preprocessing()), index));
  }

  private double[] logits(float[] x) {
    double[] z = new double[classes];
    for (int k = 0; k < classes; k++) {
      int row = k * (inputs + 1);
      float sum = weights[row + inputs];
      for (int j = 0; j < inputs; j++) {
        sum += weights[row + j] * x[j];
      }
      z[k] = sum;
    }
    return z;
  }

  private double[] probabilities(float[] x) {
    return softmax(logits(x), 1);
  }

  static double[] softmax(double[] z, double temperature) {
    double max = z[top(z)];
    double sum = 0;
    double[] p = new double[z.length];
    for (int k = 0; k < z.length; k++) {
      p[k] = Math.exp((z[k] - max) / temperature);
      sum += p[k];
    }
    for (int k = 0; k < z.length; k++) {
      p[k] /= sum;
    }
    return p;
  }

  private static int top(double[] p) {
    int best = 0;
    for (int k = 1; k < p.length; k++) {
      best = p[k] > p[best] ? k : best;
    }
    return best;
  }

  private double crossEntropy(double[] target, double[] p) {
    double loss = 0;
    for (int k = 0; k < classes; k++) {
      loss -= target[k] * Math.log(Math.max(1e-9, p[k]));
    }
    return loss;
  }

  /** The gradient of the cross-entropy by logit k is {@code p_k - target_k}. */
  private void step(float[] x, double[] p, double[] target, float rate) {
    for (int k = 0; k < classes; k++) {
      int row = k * (inputs + 1);
      float g = rate * (float) (p[k] - target[k]);
      for (int j = 0; j < inputs; j++) {
        weights[row + j] -= g * x[j];
      }
      weights[row + inputs] -= g;
    }
  }

  /** Flatten and Gemm. */
  Graph graph(String name, Shape example) {
    float[] w = new float[classes * inputs];
    float[] b = new float[classes];
    for (int k = 0; k < classes; k++) {
      System.arraycopy(weights, k * (inputs + 1), w, k * inputs, inputs);
      b[k] = weights[k * (inputs + 1) + inputs];
    }
    Dim batch = Dim.of("batch");
    return new Graph(
        name,
        List.of(new Value("image", DType.FLOAT32, example.prepend(batch))),
        List.of(new Value("logits", DType.FLOAT32, Shape.of(List.of(batch, Dim.of(classes))))),
        List.of(
            new Node("flatten", "", "Flatten", List.of("image"), List.of("flat"), Map.of()),
            new Node(
                "dense",
                "",
                "Gemm",
                List.of("flat", "w", "b"),
                List.of("logits"),
                Map.of("transB", Attribute.of(1)))),
        Map.of(
            "w",
            HostTensor.ofFloats(Shape.of(classes, inputs), w),
            "b",
            HostTensor.ofFloats(Shape.of(classes), b)),
        Map.of());
  }
}
