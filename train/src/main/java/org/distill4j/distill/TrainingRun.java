package org.distill4j.distill;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.distill4j.engine.FeedBatch;
import org.distill4j.engine.Measures;
import org.distill4j.engine.Training;
import org.distill4j.eval.Evaluation;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.inference.Predictor;
import org.distill4j.progress.Epoch;
import org.distill4j.progress.LayerHealth;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensorflow.TensorFlowNatives;

/**
 * One task being carried out: epochs of steps, each epoch ending with validation and a checkpoint.
 */
final class TrainingRun {
  /**
   * How many steps pass between two reports of loss and accuracy, which read them back from
   * TensorFlow.
   */
  private static final int REPORT_EVERY = 20;

  private static final int STEPS_PER_LOOK = 20;

  private final TrainingSpec task;
  private final BatchComposer course;
  private final String key;
  private final long epochSteps;
  private final long steps;
  private final List<Epoch> epochs = new ArrayList<>();
  private Map<String, HostTensor> best = Map.of();
  private final List<Double> speeds = new ArrayList<>();
  private final List<LayerHealth.OfEpoch> health = new ArrayList<>();
  private double seconds;

  TrainingRun(TrainingSpec task) {
    this.task = task;
    this.course = task.course();
    this.key = task.checkpoint().isPresent() ? task.key() : "";
    this.epochSteps = task.stepsPerEpoch() > 0 ? task.stepsPerEpoch() : course.stepsPerPass();
    this.steps = epochSteps * task.settings().epochs();
  }

  TrainedModel run() {
    task.listener().begin(task.name(), steps * course.batch(), "images");
    TensorFlowNatives.load();
    TensorFlowNatives.warning().ifPresent(task.listener()::note);
    try {
      return trained();
    } catch (RuntimeException e) {
      task.listener().end("given up");
      throw e;
    }
  }

  private TrainedModel trained() {
    try (Training training =
        Training.open(
            task.net(),
            task.criterion(),
            task.settings(),
            course.batch(),
            task.threads(),
            task.seed(),
            task.masks().map(m -> m.layers(task.net()).keySet()).orElse(Set.of()),
            task.rounding())) {
      task.checkpoint()
          .flatMap(file -> TrainingCheckpoint.read(file, key))
          .ifPresent(c -> resume(training, c));
      long first = epochs.size() * epochSteps;
      double waited;
      try (Batches batches =
          Batches.start(task, course, training::newBatch, first, steps - first)) {
        boolean goesOn = true;
        while (goesOn && epochs.size() < task.settings().epochs() && !stopsEarly()) {
          runEpoch(training, batches);
          task.checkpoint()
              .ifPresent(
                  file ->
                      new TrainingCheckpoint(key, epochs, health, training.state(), best)
                          .write(file));
          task.listener().epoch(last());
          goesOn = task.hasTime().getAsBoolean();
        }
        waited = batches.waitedNanos() / 1e9;
      }
      task.listener().end(summary());
      Graph model = keepsBest() ? task.net().withInitializers(best) : training.model();
      return new TrainedModel(
          model, epochs, keptEpoch(), speeds, health, waited, seconds, course.seconds());
    }
  }

  private void resume(Training training, TrainingCheckpoint checkpoint) {
    training.restore(checkpoint.state());
    epochs.addAll(checkpoint.epochs());
    health.addAll(checkpoint.health());
    best = checkpoint.best();
    task.listener().advance(epochs.size() * epochSteps * course.batch(), Map.of());
  }

  private void runEpoch(Training training, Batches batches) {
    long start = System.nanoTime();
    long first = epochs.size() * epochSteps;
    Measures all = Measures.NONE;
    for (long step = first; step < first + epochSteps; step++) {
      long next = step;
      task.masks().flatMap(m -> m.due(next, steps, training::model)).ifPresent(training::mask);
      FeedBatch batch = batches.take();
      training.step(step, steps, batch);
      if (step == first + epochSteps - 1 && isLookedAt()) {
        health.add(new LayerHealth.OfEpoch(epochs.size() + 1, training.health(batch)));
      }
      batches.release(batch);
      long done = step - first + 1;
      if (done % REPORT_EVERY == 0 || done == epochSteps) {
        Measures latest = training.takeMeasures();
        report(step, latest);
        all = all.plus(latest);
      }
    }
    seconds += (System.nanoTime() - start) / 1e9;
    speeds.add(epochSteps * course.batch() * 1e9 / (System.nanoTime() - start));
    Evaluation validation;
    try (Predictor predictor = training.predictor()) {
      validation = Evaluation.of(predictor, task.preprocessing(), task.data().validation());
    }
    epochs.add(
        new Epoch(
            epochs.size() + 1,
            first + epochSteps,
            all.loss(),
            all.accuracy(),
            isWeighed() ? validation.evenLoss() : validation.loss(),
            validation.accuracy(),
            task.settings().rate().at(first + epochSteps - 1, steps),
            (System.nanoTime() - start) / 1e9));
    if (keepsBest() && bestEpoch() == epochs.size()) {
      best = new LinkedHashMap<>(training.model().initializers());
    }
  }

  /**
   * Whether classes are weighed: then the loss of validation counts them alike, as training does.
   */
  private boolean isWeighed() {
    return !task.data().train().data().classWeights().isEmpty();
  }

  /** Looking takes about as long as a step: short epochs are not all looked at. */
  private boolean isLookedAt() {
    long every = Math.max(1, STEPS_PER_LOOK / epochSteps);
    int epoch = epochs.size() + 1;
    return task.watched() && (epoch % every == 0 || epoch == task.settings().epochs());
  }

  private void report(long step, Measures measures) {
    if (!Double.isFinite(measures.loss())) {
      throw new RunFault(
          "%s: loss %s by step %s of %s (expected: finite); lower the rate %s, clip the gradient or look for broken inputs"
              .formatted(
                  task.name(),
                  measures.loss(),
                  step + 1,
                  steps,
                  task.settings().rate().at(step, steps)));
    }
    Map<String, Double> shown = new LinkedHashMap<>();
    shown.put("loss", measures.loss());
    if (!Double.isNaN(measures.accuracy())) {
      shown.put("accuracy", measures.accuracy());
    }
    task.listener().advance((step + 1) * course.batch(), shown);
  }

  private boolean keepsBest() {
    return task.settings().patience() > 0;
  }

  private boolean stopsEarly() {
    return keepsBest() && epochs.size() - bestEpoch() >= task.settings().patience();
  }

  /** The epoch of the lowest validation loss, from 1; 0 before the first. */
  private int bestEpoch() {
    int at = 0;
    for (Epoch epoch : epochs) {
      if (at == 0 || epoch.validationLoss() < epochs.get(at - 1).validationLoss()) {
        at = epoch.epoch();
      }
    }
    return at;
  }

  private int keptEpoch() {
    return keepsBest() ? bestEpoch() : epochs.size();
  }

  private Epoch last() {
    return epochs.get(epochs.size() - 1);
  }

  private String summary() {
    Epoch kept = epochs.get(keptEpoch() - 1);
    return Double.isNaN(kept.validationAccuracy())
        ? String.format(
            Locale.ROOT,
            "validation loss %.4g after epoch %d of %d",
            kept.validationLoss(),
            kept.epoch(),
            epochs.size())
        : String.format(
            Locale.ROOT,
            "validation accuracy %.4f, loss %.4f after epoch %d of %d",
            kept.validationAccuracy(),
            kept.validationLoss(),
            kept.epoch(),
            epochs.size());
  }
}
