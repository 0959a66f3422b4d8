package org.distill4j.distill;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.distill4j.data.Dataset;
import org.distill4j.data.ValidationSet;
import org.distill4j.eval.Probabilities;
import org.distill4j.eval.ScoreKind;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.inference.OnnxRuntime;
import org.distill4j.inference.Predictor;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/**
 * Prior correction: moves the biases of classes that a student met only as soft targets, as it has
 * learned to tell them, but not how often they come.
 *
 * <pre>
 * {@code for each such class k: find d_k with mean over the images of softmax(z + d)_k = share_k}
 * </pre>
 *
 * <p>The images are those of validation, of all classes; of their labels only the shares are used.
 * The mean rises with d_k, so each is found by bisection; with several classes they take turns.
 *
 * @param model with the biases moved
 * @param moved what was added to the logit of each class; 0 for those that were seen
 * @see <a href="https://arxiv.org/abs/1503.02531">Hinton et al., 2015, section 3</a>
 */
public record PriorBias(Graph model, List<Double> moved) {
  private static final double FARTHEST = 64;
  private static final int HALVINGS = 60;
  private static final int TURNS = 20;

  /** Takes a copy. */
  public PriorBias {
    moved = List.copyOf(moved);
  }

  /**
   * Corrects a classifier that gives logits and knows its preprocessing.
   *
   * @param unseen the names of the classes whose biases are moved
   * @param threads how many the model may use, at least 1
   */
  public static PriorBias correct(
      Graph model, ValidationSet validation, List<String> unseen, int threads) {
    Dataset data = validation.data();
    double[][] probabilities;
    try (Predictor predictor = new OnnxRuntime().openForBatches(model, threads)) {
      probabilities =
          Probabilities.of(
              predictor,
              ScoreKind.LOGITS,
              Metadata.preprocessing(model).orElseThrow(),
              data,
              LongStream.range(0, data.size()).toArray());
    }
    double[] shares = new double[data.classes().size()];
    for (long i = 0; i < data.size(); i++) {
      shares[data.label(i)] += 1.0 / data.size();
    }
    List<Integer> classes = unseen.stream().map(data.classes()::indexOf).toList();
    double[] moved = moved(probabilities, shares, classes);
    return new PriorBias(added(model, moved), Arrays.stream(moved).boxed().toList());
  }

  /**
   * Finds what to add to each logit.
   *
   * @param probabilities of each image, one number per class
   * @param shares how often each class comes
   * @param classes whose biases may move
   */
  static double[] moved(double[][] probabilities, double[] shares, List<Integer> classes) {
    double[] moved = new double[shares.length];
    for (int turn = 0; turn < (classes.size() == 1 ? 1 : TURNS); turn++) {
      for (int k : classes) {
        moved[k] = 0;
        double low = -FARTHEST;
        double high = FARTHEST;
        for (int i = 0; i < HALVINGS; i++) {
          moved[k] = (low + high) / 2;
          if (mean(probabilities, moved, k) < shares[k]) {
            low = moved[k];
          } else {
            high = moved[k];
          }
        }
      }
    }
    return moved;
  }

  /** The mean probability of a class once the logits are moved. */
  static double mean(double[][] probabilities, double[] moved, int k) {
    double sum = 0;
    for (double[] row : probabilities) {
      double all = 0;
      for (int c = 0; c < row.length; c++) {
        all += row[c] * (moved[c] == 0 ? 1 : Math.exp(moved[c]));
      }
      sum += row[k] * Math.exp(moved[k]) / all;
    }
    return sum / probabilities.length;
  }

  /** In the bias of the last layer if there is one of its own, else by a layer behind it. */
  private static Graph added(Graph model, double[] moved) {
    float[] offsets = new float[moved.length];
    for (int c = 0; c < offsets.length; c++) {
      offsets[c] = (float) moved[c];
    }
    Map<String, HostTensor> initializers = new LinkedHashMap<>(model.initializers());
    Value output = model.onlyOutput();
    Node last = model.producers().get(output.name());
    HostTensor bias = last.hasInput(2) ? initializers.get(last.input(2)) : null;
    if (last.op().equals("Gemm")
        && last.floatAttribute("beta", 1) == 1
        && bias != null
        && bias.shape().equals(Shape.of(moved.length))
        && model.consumers().get(last.input(2)).size() == 1) {
      float[] values = bias.toFloats();
      for (int c = 0; c < values.length; c++) {
        values[c] += offsets[c];
      }
      initializers.put(last.input(2), HostTensor.ofFloats(bias.shape(), values));
      return model.withInitializers(initializers);
    }
    String offset = output.name() + "/prior-bias";
    String result = output.name() + "/corrected";
    initializers.put(offset, HostTensor.ofFloats(Shape.of(moved.length), offsets));
    List<Node> nodes = new ArrayList<>(model.nodes());
    nodes.add(Node.of("Add", List.of(output.name(), offset), List.of(result), Map.of()));
    return new Graph(
        model.name(),
        model.inputs(),
        List.of(new Value(result, output.type(), output.shape())),
        nodes,
        initializers,
        model.metadata());
  }
}
