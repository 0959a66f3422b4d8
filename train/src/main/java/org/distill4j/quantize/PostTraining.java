package org.distill4j.quantize;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.distill4j.data.Splits;
import org.distill4j.data.ValidationSet;
import org.distill4j.eval.Evaluation;
import org.distill4j.graph.Graph;
import org.distill4j.progress.ProgressListener;

/**
 * Post-training quantization: a float model and some hundred training examples in, a model of int8
 * weights and 8-bit activations out, in the QDQ form that ONNX Runtime runs on integers.
 *
 * <p>Normalizations are folded, weights balanced, the ranges of all activations observed in one
 * pass. Where no observer is named, each makes a model and the one that loses least on validation
 * is taken: fewest errors, then least cross-entropy. The test set is not touched.
 *
 * @see <a href="https://arxiv.org/abs/2106.08295">Nagel et al., 2021</a>
 */
public final class PostTraining {

  private PostTraining() {}

  /**
   * Makes an integer model.
   *
   * @param model one input, one output of logits; takes what its metadata say, else what suits the
   *     data
   * @throws org.distill4j.fault.InputFault if the model is quantized already, has no layer that can
   *     be, or a node to keep float is not there; or if there are fewer than two examples
   * @throws org.distill4j.fault.RunFault if the model gives what is no finite number
   */
  public static Quantized of(
      Graph model, Splits data, QuantizeSettings settings, int threads, ProgressListener listener) {
    Calibrated ready =
        Calibrated.of(
            model, data.train().data(), settings.equalize(), settings.samples(), threads, listener);
    Evaluation reference = Evaluation.of(ready.graph(), data.validation(), threads);
    return of(ready, reference, data.validation(), settings, threads, listener);
  }

  /**
   * Makes an integer model from one that is calibrated, with the settings that concern its form:
   * observer, types, bits and what stays float.
   *
   * @param reference the float model on the same validation examples
   * @throws org.distill4j.fault.InputFault if a node to keep float is not there
   */
  public static Quantized of(
      Calibrated ready,
      Evaluation reference,
      ValidationSet validation,
      QuantizeSettings settings,
      int threads,
      ProgressListener listener) {
    int bits = settings.weightBitsHere();
    List<Trial> trials = new ArrayList<>();
    for (Observer observer : settings.observer().map(List::of).orElse(List.of(Observer.values()))) {
      Graph integers =
          ready.integers(
              observer, settings.activations(), bits, new HashSet<>(settings.keepFloat()));
      Evaluation found = Evaluation.of(integers, validation, threads);
      Trial trial =
          new Trial(observer, integers, found, found.agreement(reference), ready.clipped(observer));
      listener.note(trial.summary());
      trials.add(trial);
    }
    Trial best = trials.stream().reduce((a, b) -> b.found().beats(a.found()) ? b : a).orElseThrow();
    return new Quantized(best, bits, reference.accuracy(), trials);
  }

  /**
   * One way of choosing ranges, measured on validation in ONNX Runtime.
   *
   * @param observer how
   * @param graph the model it made
   * @param found on validation
   * @param agreement how often it answers as the float model does
   * @param clipped the largest share of a tensor's numbers that lay outside its range
   */
  public record Trial(
      Observer observer, Graph graph, Evaluation found, double agreement, double clipped) {
    /** One line for people. */
    public String summary() {
      return String.format(
          Locale.ROOT,
          "int8 by %s: validation accuracy %.4f, loss %.4f, answers as float %.2f %%, clips %.3f %% of a tensor at most",
          observer.name().toLowerCase(Locale.ROOT).replace('_', '-'),
          found.accuracy(),
          found.loss(),
          100 * agreement,
          100 * clipped);
    }
  }

  /**
   * What became of a model.
   *
   * @param best what was taken
   * @param weightBits 7 or 8
   * @param floatAccuracy of the float model on validation
   * @param trials everything that was tried, in the order of trial
   */
  public record Quantized(Trial best, int weightBits, double floatAccuracy, List<Trial> trials) {
    /** Takes a copy. */
    public Quantized {
      trials = List.copyOf(trials);
    }
  }
}
