package org.distill4j.quantize;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.data.Splits;
import org.distill4j.eval.Evaluation;
import org.distill4j.graph.Graph;
import org.distill4j.progress.ProgressListener;

/**
 * Models of integers made from one float model. What it was calibrated for is kept, so that a rung
 * that changes nothing in the float model runs no example through it again.
 */
public final class Attempts implements Ladder.Trier {
  private final Graph model;
  private final Splits data;
  private final QuantizeSettings settings;
  private final TargetMachine target;
  private final int threads;
  private final ProgressListener listener;
  private final Map<Set<Repair>, Calibrated> calibrated = new HashMap<>();
  private final List<PostTraining.Trial> trials = new ArrayList<>();
  private Evaluation reference;
  private PostTraining.Quantized best;

  /**
   * Attempts at a model.
   *
   * @param settings what they have in common
   * @param target decides what the settings leave open
   */
  public Attempts(
      Graph model,
      Splits data,
      QuantizeSettings settings,
      TargetMachine target,
      int threads,
      ProgressListener listener) {
    this.model = model;
    this.data = data;
    this.settings = settings;
    this.target = target;
    this.threads = threads;
    this.listener = listener;
  }

  @Override
  public double drop(Ladder.Rung rung) {
    PostTraining.Quantized made = made(rung);
    if (best == null || made.best().found().beats(best.best().found())) {
      best = made;
    }
    trials.addAll(made.trials());
    return made.floatAccuracy() - made.best().found().accuracy();
  }

  @Override
  public boolean changes(Repair repair, Ladder.Rung rung) {
    return !repair.isOfFloats() || calibrated(rung.repairs()).changed().contains(repair);
  }

  /** Makes and measures one model. */
  public PostTraining.Quantized made(Ladder.Rung rung) {
    Set<String> floats = new HashSet<>(rung.keepFloat());
    floats.addAll(settings.keepFloat());
    Calibrated ready = calibrated(rung.repairs());
    return PostTraining.of(
        ready,
        reference(),
        data.validation(),
        settings.with(rung.repairs(), floats),
        target,
        threads,
        listener);
  }

  /** The float model on validation. */
  public Evaluation reference() {
    if (reference == null) {
      reference = Evaluation.of(model, data.validation(), threads);
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
    Map<String, Double> losses = new LinkedHashMap<>();
    listener.begin("sensitivity", layers.size(), "layers");
    for (String layer : layers) {
      Set<String> others = new HashSet<>(layers);
      others.remove(layer);
      Graph alone = calibrated(repairs).integers(Observer.MSE, settings.integers(target), others);
      losses.put(layer, Evaluation.of(alone, data.validation(), threads).loss());
      listener.advance(losses.size(), Map.of());
    }
    List<String> sorted = new ArrayList<>(layers);
    sorted.sort(Comparator.comparing(losses::get, Comparator.reverseOrder()));
    listener.end("most: " + sorted.get(0));
    return sorted;
  }

  private Calibrated calibrated(Set<Repair> repairs) {
    Set<Repair> ofFloats = EnumSet.noneOf(Repair.class);
    repairs.stream().filter(Repair::isOfFloats).forEach(ofFloats::add);
    return calibrated.computeIfAbsent(
        ofFloats,
        all ->
            Calibrated.of(
                model,
                data.train().data(),
                all,
                settings.integers(target).weightBits(),
                settings.samples(),
                threads,
                listener));
  }

  /** What lost least of all that was tried. */
  PostTraining.Quantized best() {
    return new PostTraining.Quantized(best.best(), best.weightBits(), best.floatAccuracy(), trials);
  }
}
