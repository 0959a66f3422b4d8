package org.distill4j.quantize.qat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.distill4j.data.Splits;
import org.distill4j.distill.TrainedModel;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.lowering.FakeQuantization;
import org.distill4j.eval.Evaluation;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.inference.InferenceRuntime;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.ptq.CalibratedModel;
import org.distill4j.quantize.ptq.QuantizationScheme;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;

/**
 * Quantization-aware training: a float model is trained on while it rounds weights and activations
 * as its integers will, so that it learns to live with the rounding. It learns as the float model
 * did, from the same teacher; T, which suits the float model, is tried anew on validation.
 *
 * <p>Normalizations are folded before, ranges begin where calibration finds them. Each trained
 * model is turned into the form that ships and judged there, in ONNX Runtime on validation; the
 * test set is not touched.
 *
 * @see <a href="https://arxiv.org/abs/1712.05877">Jacob et al., 2017</a>
 * @see <a href="https://arxiv.org/abs/1902.08153">Esser et al., 2020</a>
 */
public final class QuantizationAwareTraining {
  private final CalibratedModel ready;
  private final QuantizationScheme form;
  private final Set<String> keepFloat;
  private final AwareSettings settings;
  private final Splits data;
  private final InferenceRuntime runtime;
  private final int threads;
  private final ProgressListener listener;

  /** Says who trains a net that rounds on the way. */
  @FunctionalInterface
  public interface School {
    /**
     * A training that is described but for how ranges move.
     *
     * @param net what is trained
     * @param temperature T; empty where the float run's holds
     */
    Trainer trainer(Graph net, Optional<Double> temperature);
  }

  /**
   * Prepares it.
   *
   * @param ready the float model and what was seen of its activations
   * @param form which integers
   * @param keepFloat names of nodes that stay float
   * @param runtime what is judged in, on validation
   */
  public QuantizationAwareTraining(
      CalibratedModel ready,
      QuantizationScheme form,
      Set<String> keepFloat,
      AwareSettings settings,
      Splits data,
      InferenceRuntime runtime,
      int threads,
      ProgressListener listener) {
    this.ready = ready;
    this.form = form;
    this.keepFloat = Set.copyOf(keepFloat);
    this.settings = settings;
    this.data = data;
    this.runtime = runtime;
    this.threads = threads;
    this.listener = listener;
  }

  /**
   * Trains once for each T.
   *
   * @param observer where ranges begin
   * @return one for each T whose model gives finite numbers
   * @throws RunFault if none does
   */
  public List<Trial> run(Observer observer, School school) {
    Graph net = trainable(ready.integers(observer, form, keepFloat));
    boolean isTaught = school.trainer(net, Optional.empty()).isTaught();
    List<Trial> trials = new ArrayList<>();
    RunFault last = null;
    for (Optional<Double> temperature : temperatures(isTaught)) {
      try {
        Trial trial = trained(net, temperature, school);
        listener.note(trial.summary());
        trials.add(trial);
      } catch (RunFault e) { // of this T alone
        listener.note(named(temperature) + ": left out, " + e.getMessage());
        last = e;
      }
    }
    if (trials.isEmpty()) {
      throw last;
    }
    return trials;
  }

  /** A model without a teacher has no T. */
  private List<Optional<Double>> temperatures(boolean isTaught) {
    return !isTaught || settings.temperature().isEmpty()
        ? List.of(Optional.empty())
        : settings.temperature().stream().map(Optional::of).toList();
  }

  /** The form that is trained, from the steps that it begins with. */
  Graph trainable(Graph integers) {
    Graph net = TrainableForm.of(integers, ready.graph(), keepFloat);
    return settings.ranges() == FakeQuantization.Ranges.LSQ ? withLearnedSteps(net) : net;
  }

  /**
   * The paper's first step of weights where it is finer than the one that clips nothing: at 8 bits
   * it is coarser, as the range is then wider than the weights.
   */
  private Graph withLearnedSteps(Graph net) {
    Map<String, HostTensor> finer = new HashMap<>();
    for (Node node : net.nodes()) {
      HostTensor weights = net.initializers().get(node.input(0));
      if (node.op().equals("QuantizeLinear") && weights != null) {
        HostTensor zeros = net.initializers().get(node.input(2));
        float[] scales = net.initializers().get(node.input(1)).toFloats();
        if (zeros.type() == DType.INT8) {
          double[] begun =
              LearnedSteps.initial(
                  weights,
                  Math.toIntExact(node.intAttribute("axis", 1)),
                  scales.length,
                  form.weightBits());
          for (int c = 0; c < scales.length; c++) {
            scales[c] = begun[c] > 0 ? (float) Math.min(scales[c], begun[c]) : scales[c];
          }
          finer.put(
              node.input(1),
              HostTensor.ofFloats(net.initializers().get(node.input(1)).shape(), scales));
        }
      }
    }
    return net.withInitializers(finer);
  }

  private static String named(Optional<Double> temperature) {
    return "trained on rounded numbers" + temperature.map(t -> ", T = " + t).orElse("");
  }

  private Trial trained(Graph net, Optional<Double> temperature, School school) {
    TrainedModel trained =
        school
            .trainer(net, temperature)
            .rounding(new FakeQuantization(settings.ranges(), form.weightBits()))
            .train();
    Graph settled = FakeQuantizationRemoval.settled(trained.model(), form.weightBits());
    Graph shipped = new FakeQuantizationRemoval().apply(settled).graph();
    return new Trial(
        named(temperature),
        temperature,
        shipped,
        Evaluation.of(shipped, data.validation(), runtime, threads),
        trained);
  }

  /**
   * A model that was trained, measured on validation in ONNX Runtime.
   *
   * @param name what was done
   * @param temperature T of its training, if it had one
   * @param graph the model of integers
   * @param found on validation
   * @param trained what training brought
   */
  public record Trial(
      String name,
      Optional<Double> temperature,
      Graph graph,
      Evaluation found,
      TrainedModel trained) {
    private String summary() {
      return String.format(
          Locale.ROOT,
          "%s: validation accuracy %.4f, loss %.4f",
          name,
          found.accuracy(),
          found.loss());
    }
  }
}
