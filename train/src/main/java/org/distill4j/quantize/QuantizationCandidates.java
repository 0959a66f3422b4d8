package org.distill4j.quantize;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;
import org.distill4j.data.Splits;
import org.distill4j.eval.Evaluation;
import org.distill4j.eval.Metric;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.observe.Observer;
import org.distill4j.quantize.ptq.CalibratedModel;
import org.distill4j.quantize.ptq.Repair;
import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.quantize.qat.QuantizationAwareTraining;

/**
 * The candidates for quantization: models of integers made from one float model. What it was
 * calibrated for is kept, so that a rung that changes nothing in the float model runs no example
 * through it again.
 */
public final class QuantizationCandidates implements RepairLadder.Trier {
  /** What a rung loses that could not be made: more than any limit grants. */
  private static final double NOT_MADE = Double.POSITIVE_INFINITY;

  private final Graph model;
  private final Splits data;
  private final QuantizeSettings settings;
  private final TargetMachine target;
  private final Optional<QuantizationAwareTraining.School> school;
  private final int threads;
  private final ProgressListener listener;
  private final Map<Set<Repair>, Observer> observers = new HashMap<>(); // what lost least
  private final Map<Set<Repair>, CalibratedModel> calibrated = new HashMap<>();
  private final List<PostTraining.Trial> trials = new ArrayList<>();
  private final Metric metric;
  private Evaluation reference;
  private PostTraining.Quantized best;
  private RunFault fault; // of the last rung that could not be made

  /** Attempts that nobody trains on. */
  public QuantizationCandidates(
      Graph model,
      Splits data,
      QuantizeSettings settings,
      TargetMachine target,
      int threads,
      ProgressListener listener) {
    this(model, data, settings, target, Optional.empty(), threads, listener);
  }

  /**
   * Attempts at a model.
   *
   * @param settings what they have in common; {@code train} says how they are trained on
   * @param target decides what the settings leave open
   * @param school trains them on; empty: nobody does
   */
  public QuantizationCandidates(
      Graph model,
      Splits data,
      QuantizeSettings settings,
      TargetMachine target,
      Optional<QuantizationAwareTraining.School> school,
      int threads,
      ProgressListener listener) {
    this.model = model;
    this.data = data;
    this.metric = Metric.suiting(data.train().data());
    this.settings = settings;
    this.target = target;
    this.school = school;
    this.threads = threads;
    this.listener = listener;
  }

  @Override
  public double drop(RepairLadder.Rung rung) {
    return heard(rung, () -> made(rung)).orElse(NOT_MADE);
  }

  @Override
  public OptionalDouble trained(RepairLadder.Rung rung) {
    return canTrain() ? heard(rung, () -> train(rung)) : OptionalDouble.empty();
  }

  /** What a rung lost; empty where it could not be made, which is that rung's matter alone. */
  private OptionalDouble heard(RepairLadder.Rung rung, Supplier<PostTraining.Quantized> made) {
    try {
      return OptionalDouble.of(noted(made.get()));
    } catch (RunFault e) {
      listener.note(rung.name() + ": not made, " + e.getMessage());
      fault = e;
    } catch (InputFault e) {
      if (best == null) { // it concerns them all
        throw e;
      }
      listener.note(rung.name() + ": not made, " + e.lines().get(0));
    }
    return OptionalDouble.empty();
  }

  private double noted(PostTraining.Quantized made) {
    if (best == null || metric.prefers(made.best().found(), best.best().found())) {
      best = made;
    }
    trials.addAll(made.trials());
    return metric.drop(reference(), made.best().found());
  }

  /** Whether {@link #train} can be asked: the settings say how, and there is a school. */
  public boolean canTrain() {
    return settings.train().isPresent() && school.isPresent();
  }

  /**
   * Trains a model on while it rounds, once for each T, beginning with the weights and ranges that
   * a rung's repairs of the float model leave.
   *
   * @return the trained models, the best of them taken
   * @throws java.util.NoSuchElementException if it cannot be trained
   */
  public PostTraining.Quantized train(RepairLadder.Rung rung) {
    CalibratedModel ready = calibrated(rung.repairs());
    Observer observer =
        settings
            .observer()
            .or(() -> Optional.ofNullable(observers.get(ofFloats(rung.repairs()))))
            .or(() -> made(rung).best().observer())
            .orElseThrow();
    List<PostTraining.Trial> taught =
        new QuantizationAwareTraining(
                ready,
                settings.integers(target),
                floats(rung),
                settings.train().orElseThrow(),
                data,
                target.runtime(),
                threads,
                listener)
            .run(observer, school.orElseThrow()).stream()
                .map(
                    trial ->
                        new PostTraining.Trial(
                            Optional.of(observer),
                            ready.changed(),
                            Optional.of(trial),
                            trial.graph(),
                            trial.found(),
                            trial.found().agreement(reference()),
                            ready.clipped(observer)))
                .toList();
    return new PostTraining.Quantized(
        PostTraining.Trial.best(taught, metric),
        settings.integers(target).weightBits(),
        reference().accuracy(),
        taught,
        metric);
  }

  @Override
  public boolean changes(Repair repair, RepairLadder.Rung rung) {
    return !repair.isOfFloats() || calibrated(rung.repairs()).changed().contains(repair);
  }

  /** Makes and measures one model. */
  public PostTraining.Quantized made(RepairLadder.Rung rung) {
    PostTraining.Quantized made =
        PostTraining.of(
            calibrated(rung.repairs()),
            reference(),
            data.validation(),
            metric,
            settings.with(rung.repairs(), floats(rung)),
            target,
            threads,
            listener);
    observers.put(ofFloats(rung.repairs()), made.best().observer().orElseThrow());
    return made;
  }

  private Set<String> floats(RepairLadder.Rung rung) {
    Set<String> floats = new HashSet<>(rung.keepFloat());
    floats.addAll(settings.keepFloat());
    return floats;
  }

  /** The float model on validation. */
  public Evaluation reference() {
    if (reference == null) {
      reference = Evaluation.of(model, data.validation(), target.runtime(), threads);
    }
    return reference;
  }

  /** A model of integers that is not measured, other biases and rounding left out. */
  public Graph integers(Observer observer, Set<Repair> repairs, Set<String> keepFloat) {
    return calibrated(repairs).integers(observer, settings.integers(target), keepFloat);
  }

  @Override
  public List<String> layers(Set<Repair> repairs) {
    return calibrated(repairs).layers();
  }

  @Override
  public List<String> bySensitivity(Set<Repair> repairs) {
    List<String> layers = layers(repairs);
    Map<String, Evaluation> found = new LinkedHashMap<>();
    listener.begin("sensitivity", layers.size(), "layers");
    int done = 0;
    for (String layer : layers) {
      Set<String> others = new HashSet<>(layers);
      others.remove(layer);
      Graph alone = calibrated(repairs).integers(Observer.MSE, settings.integers(target), others);
      try {
        found.put(layer, Evaluation.of(alone, data.validation(), target.runtime(), threads));
      } catch (RunFault e) { // nothing suffers more
        listener.note(layer + ": on integers alone, " + e.getMessage());
      }
      listener.advance(++done, Map.of());
    }
    List<String> sorted = new ArrayList<>(layers);
    sorted.sort(
        Comparator.comparing((String layer) -> found.containsKey(layer))
            .thenComparingDouble(
                layer -> found.containsKey(layer) ? -metric.badness(found.get(layer)) : 0)
            .thenComparingDouble(layer -> found.containsKey(layer) ? -found.get(layer).loss() : 0));
    listener.end("most: " + sorted.get(0));
    return sorted;
  }

  private CalibratedModel calibrated(Set<Repair> repairs) {
    return calibrated.computeIfAbsent(
        ofFloats(repairs),
        all ->
            CalibratedModel.of(
                model,
                data.train().data(),
                all,
                settings.integers(target).weightBits(),
                settings.samples(),
                threads,
                listener));
  }

  private static Set<Repair> ofFloats(Set<Repair> repairs) {
    Set<Repair> ofFloats = EnumSet.noneOf(Repair.class);
    repairs.stream().filter(Repair::isOfFloats).forEach(ofFloats::add);
    return ofFloats;
  }

  /**
   * What lost least of all that was tried.
   *
   * @throws RunFault if nothing could be made
   */
  PostTraining.Quantized best() {
    if (best == null) {
      throw fault;
    }
    return new PostTraining.Quantized(
        best.best(), best.weightBits(), best.floatAccuracy(), trials, metric);
  }
}
