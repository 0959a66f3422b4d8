package org.distill4j.quantize;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.distill4j.data.Splits;
import org.distill4j.data.ValidationSet;
import org.distill4j.eval.Evaluation;
import org.distill4j.eval.Metric;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.ptq.CalibratedModel;
import org.distill4j.quantize.ptq.DynamicIntegers;
import org.distill4j.quantize.ptq.QuantizationScheme;
import org.distill4j.quantize.ptq.RangeMode;
import org.distill4j.quantize.ptq.Repair;
import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.quantize.qat.QuantizationAwareTraining;

/**
 * Post-training quantization: a float model and some hundred training examples in, a model of int8
 * weights and 8-bit activations out, in the QDQ form that ONNX Runtime runs on integers.
 *
 * <p>Normalizations are folded, weights balanced, the ranges of all activations observed in one
 * pass. Where no observer is named, each makes a model and the one that loses least on validation
 * is taken: fewest errors, then least cross-entropy; where classes are uneven, as {@link
 * Metric#suiting} says. The test set is not touched.
 *
 * @see <a href="https://arxiv.org/abs/2106.08295">Nagel et al., 2021</a>
 */
public final class PostTraining {

  private PostTraining() {}

  /**
   * {@link #of(Graph, Splits, QuantizeSettings, TargetMachine, int, ProgressListener)} for here.
   */
  public static Quantized of(
      Graph model, Splits data, QuantizeSettings settings, int threads, ProgressListener listener) {
    return of(model, data, settings, TargetMachine.HERE, threads, listener);
  }

  /** The same, trained on by nobody. */
  public static Quantized of(
      Graph model,
      Splits data,
      QuantizeSettings settings,
      TargetMachine target,
      int threads,
      ProgressListener listener) {
    return of(model, data, settings, target, Optional.empty(), threads, listener);
  }

  /**
   * Makes an integer model: as set, and where that loses more than {@code max-drop}, with one
   * repair after the other, training last, and then with layers that stay float, as the {@link
   * RepairLadder} goes. Without {@code max-drop} it is trained on at once, if {@code train} is set.
   *
   * @param model one input, one output of logits; takes what its metadata say, else what suits the
   *     data
   * @param target decides what the settings leave open
   * @param school trains it on as {@code train} says; empty: nobody does
   * @throws org.distill4j.fault.InputFault if the model is quantized already, has no layer that can
   *     be, or a node to keep float is not there; or if there are fewer than two examples
   * @throws org.distill4j.fault.RunFault if the model gives what is no finite number
   */
  public static Quantized of(
      Graph model,
      Splits data,
      QuantizeSettings settings,
      TargetMachine target,
      Optional<QuantizationAwareTraining.School> school,
      int threads,
      ProgressListener listener) {
    if (settings.form() == RangeMode.DYNAMIC) {
      return dynamic(model, data, settings, target, threads, listener);
    }
    if (settings.prefer() == Preference.SPEED) {
      SlowLayers.Found slow = SlowLayers.of(model, data, settings, target, threads, listener);
      return of(model, data, settings, slow, target, school, threads, listener);
    }
    QuantizationCandidates attempts =
        new QuantizationCandidates(model, data, settings, target, school, threads, listener);
    Optional<Double> maxDrop = settings.maxDrop();
    if (maxDrop.isPresent()) {
      new RepairLadder(attempts, maxDrop.get(), () -> true, listener).climb(settings.allRepairs());
    } else {
      RepairLadder.Rung rung = new RepairLadder.Rung("int8", settings.allRepairs(), Set.of());
      attempts.drop(rung);
      attempts.trained(rung);
    }
    Quantized made = attempts.best();
    if (attempts.canTrain()) {
      listener.note(made.training());
    }
    return made;
  }

  /**
   * The same where it is known which layers integers slow down: they stay float. Where those are
   * all, the float model is what comes of it.
   */
  public static Quantized of(
      Graph model,
      Splits data,
      QuantizeSettings settings,
      SlowLayers.Found slow,
      TargetMachine target,
      Optional<QuantizationAwareTraining.School> school,
      int threads,
      ProgressListener listener) {
    if (slow.integers().isEmpty() && !slow.floats().isEmpty()) {
      return floats(model, data, threads);
    }
    Set<String> floats = new HashSet<>(settings.keepFloat());
    floats.addAll(slow.floats());
    QuantizeSettings decided = settings.with(settings.allRepairs(), floats);
    return of(model, data, decided, target, school, threads, listener);
  }

  private static Quantized floats(Graph model, Splits data, int threads) {
    Graph complete =
        Metadata.withPreprocessing(
            model, Metadata.preprocessing(model).orElseGet(data.train().data()::preprocessing));
    Evaluation found = Evaluation.of(complete, data.validation(), threads);
    Trial trial = new Trial(Optional.empty(), Set.of(), complete, found, 1, 0);
    return new Quantized(trial, Float.SIZE, found.accuracy(), List.of(trial), metric(data));
  }

  private static Quantized dynamic(
      Graph model,
      Splits data,
      QuantizeSettings settings,
      TargetMachine target,
      int threads,
      ProgressListener listener) {
    int bits = settings.integers(target).weightBits();
    Set<String> keepFloat = new HashSet<>(settings.keepFloat());
    DynamicIntegers made =
        DynamicIntegers.of(model, data.train().data(), bits, keepFloat, threads, listener);
    Evaluation reference = Evaluation.of(model, data.validation(), target.runtime(), threads);
    Evaluation found = Evaluation.of(made.graph(), data.validation(), target.runtime(), threads);
    Trial trial =
        new Trial(Optional.empty(), Set.of(), made.graph(), found, found.agreement(reference), 0);
    listener.note(trial.summary());
    return new Quantized(trial, bits, reference.accuracy(), List.of(trial), metric(data));
  }

  private static Metric metric(Splits data) {
    return Metric.suiting(data.train().data());
  }

  /**
   * Makes an integer model from one that is calibrated, with the settings that concern its form:
   * observer, types, bits, what stays float, and the repairs of integers.
   *
   * @param reference the float model on the same validation examples
   * @param metric by which trials are told apart
   * @throws org.distill4j.fault.InputFault if a node to keep float is not there
   * @throws RunFault if no observer makes a model that gives finite numbers
   */
  public static Quantized of(
      CalibratedModel ready,
      Evaluation reference,
      ValidationSet validation,
      Metric metric,
      QuantizeSettings settings,
      TargetMachine target,
      int threads,
      ProgressListener listener) {
    QuantizationScheme form = settings.integers(target);
    Set<String> keepFloat = new HashSet<>(settings.keepFloat());
    Set<Repair> repairs = settings.allRepairs();
    List<Trial> trials = new ArrayList<>();
    RunFault last = null;
    for (Observer observer : settings.observer().map(List::of).orElse(List.of(Observer.values()))) {
      Graph integers = ready.integers(observer, form, keepFloat);
      Evaluation found;
      try {
        found = Evaluation.of(integers, validation, target.runtime(), threads);
      } catch (RunFault e) { // of these ranges alone
        listener.note("int8 by " + Trial.spelled(observer) + ": left out, " + e.getMessage());
        last = e;
        continue;
      }
      Trial trial =
          new Trial(
              Optional.of(observer),
              ready.changed(),
              integers,
              found,
              found.agreement(reference),
              ready.clipped(observer));
      listener.note(trial.summary());
      trials.add(trial);
    }
    if (trials.isEmpty()) {
      throw last;
    }
    Trial best = Trial.best(trials, metric);
    if (repairs.stream().anyMatch(r -> !r.isOfFloats())) {
      Observer observer = best.observer().orElseThrow();
      Graph repaired = ready.repaired(observer, form, keepFloat, repairs, listener);
      Evaluation found = Evaluation.of(repaired, validation, target.runtime(), threads);
      Set<Repair> done = EnumSet.copyOf(repairs);
      done.removeIf(r -> r.isOfFloats() && !ready.changed().contains(r));
      best =
          new Trial(
              best.observer(), done, repaired, found, found.agreement(reference), best.clipped());
      listener.note(best.summary());
      trials.add(best);
    }
    return new Quantized(best, form.weightBits(), reference.accuracy(), trials, metric);
  }

  /**
   * One way of becoming integers, measured on validation in ONNX Runtime as the target runs it.
   *
   * @param observer how ranges were chosen; empty where each run finds its own
   * @param repairs what was done so that 8 bits hurt less
   * @param training how it was trained on while it rounded; empty where it was not
   * @param graph the model it made
   * @param found on validation
   * @param agreement how often it answers as the float model does
   * @param clipped the largest share of a tensor's numbers that lay outside its range
   */
  public record Trial(
      Optional<Observer> observer,
      Set<Repair> repairs,
      Optional<QuantizationAwareTraining.Trial> training,
      Graph graph,
      Evaluation found,
      double agreement,
      double clipped) {
    /** Not trained on. */
    public Trial(
        Optional<Observer> observer,
        Set<Repair> repairs,
        Graph graph,
        Evaluation found,
        double agreement,
        double clipped) {
      this(observer, repairs, Optional.empty(), graph, found, agreement, clipped);
    }

    /** Takes a copy. */
    public Trial {
      repairs = Set.copyOf(repairs);
    }

    /** What validation takes: the most by the metric, then least loss, then the first. */
    static Trial best(List<Trial> trials, Metric metric) {
      return trials.stream()
          .reduce((a, b) -> metric.prefers(b.found(), a.found()) ? b : a)
          .orElseThrow();
    }

    /** One line for people. */
    public String summary() {
      return String.format(
          Locale.ROOT,
          "int8 %s%s%s: validation accuracy %.4f, loss %.4f, answers as float %.2f %%%s",
          observer.map(o -> "by " + spelled(o)).orElse("with ranges found at each run"),
          repairs.isEmpty()
              ? ""
              : ", " + repairs.stream().sorted().map(Repair::done).collect(Collectors.joining(" ")),
          training.map(t -> ", " + t.name()).orElse(""),
          found.accuracy(),
          found.loss(),
          100 * agreement,
          observer.isPresent()
              ? String.format(Locale.ROOT, ", clips %.3f %% of a tensor at most", 100 * clipped)
              : "");
    }

    private static String spelled(Observer observer) {
      return observer.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * What became of a model.
   *
   * @param best what was taken
   * @param weightBits of the integers; 32 where none are used, as floats are faster
   * @param floatAccuracy of the float model on validation
   * @param trials everything that was tried, in the order of trial
   * @param metric by which they were told apart
   */
  public record Quantized(
      Trial best, int weightBits, double floatAccuracy, List<Trial> trials, Metric metric) {
    /** Takes a copy. */
    public Quantized {
      trials = List.copyOf(trials);
    }

    /** Whether it works on integers. */
    public boolean isOfIntegers() {
      return weightBits < Float.SIZE;
    }

    /** The trials that were trained on, in their order. */
    public List<QuantizationAwareTraining.Trial> taught() {
      return trials.stream().flatMap(t -> t.training().stream()).toList();
    }

    /** The best of those that were not. */
    public Trial untrained() {
      return Trial.best(trials.stream().filter(t -> t.training().isEmpty()).toList(), metric);
    }

    private String training() {
      if (taught().isEmpty()) {
        return "not trained on rounded numbers: the limit is kept without that";
      }
      return best.training().isPresent()
          ? "training on rounded numbers gained"
          : "training on rounded numbers brought no gain on validation: another model is taken";
    }
  }
}
