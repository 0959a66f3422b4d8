package org.distill4j.search;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.distill4j.data.Splits;
import org.distill4j.distill.Objective;
import org.distill4j.distill.Teacher;
import org.distill4j.distill.TrainedModel;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.Optimizer;
import org.distill4j.engine.Rate;
import org.distill4j.engine.TrainSettings;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.graph.TaskType;
import org.distill4j.onnx.CutSoftmax;
import org.distill4j.progress.ProgressListener;
import org.distill4j.quantize.qat.AwareSettings;
import org.distill4j.quantize.qat.QuantizationAwareTraining;
import org.distill4j.schedule.Constant;
import org.distill4j.softlabels.LabelKey;
import org.distill4j.softlabels.SoftLabels;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Sha256;
import org.distill4j.tensor.DType;
import org.distill4j.tensor.HostTensor;

/**
 * Trains nets on with the whole model as their teacher: what it says of the training examples is
 * written down once. How long is chosen from the measured time of a step.
 */
final class SelfDistillation {
  /** Mostly what the teacher says; the labels, which it may have wrong, as well. */
  private static final Objective OBJECTIVE = new Objective(.3, .7, 2);

  /** How a model is trained on while it rounds; both T are tried. */
  static final AwareSettings AWARE = AwareSettings.defaults();

  private static final double RATE = .001;
  private static final int LARGEST_BATCH = 128;
  private static final int LEAST_BATCH = 16;
  private static final int BATCHES = 50; // that a pass has at least, if a batch may be that small
  private static final int PASSES = 12;
  private static final long STEPS = 1200; // at least, for few examples
  private static final long LEAST_STEPS = 60; // what fewer bring is not worth the time
  private static final long ROUNDING_DIVISOR = 4; // of the steps, while a model rounds
  private static final int PROBED = 8; // steps whose time is measured
  private static final Pattern LEFTOVER =
      Pattern.compile("cut\\.onnx|timetable\\.json|checkpoint.*\\.safetensors");

  private final Graph model;
  private final Splits data;
  private final Path folder;
  private final CandidateMeasurement bench;
  private final int threads;
  private final ProgressListener listener;
  private SoftLabels labels;

  /**
   * Of one teacher.
   *
   * @param model the whole model
   * @param folder where its soft labels are kept
   */
  SelfDistillation(
      Graph model,
      Splits data,
      Path folder,
      CandidateMeasurement bench,
      int threads,
      ProgressListener listener) {
    this.model = model;
    this.data = data;
    this.folder = folder;
    this.bench = bench;
    this.threads = threads;
    this.listener = listener;
  }

  /** Why nothing like the model can be trained on these data; empty if it can. */
  List<String> obstacles() {
    try {
      Trainer.of(logits(model), data).check();
      return List.of();
    } catch (InputFault e) {
      return e.lines();
    }
  }

  /**
   * A model as it is trained, and as it teaches: without the softmax or sigmoid at its end, which
   * is a part of it where numbers are asked for.
   */
  Graph logits(Graph graph) {
    return data.task() == TaskType.REGRESSION
        ? CutSoftmax.apply(graph)
        : CutSoftmax.toLogits(graph);
  }

  /** Whether nothing has to be cut off. */
  boolean endsInLogits() {
    return logits(model).nodes().size() == model.nodes().size();
  }

  /** A trainer for looks at a model that change nothing. */
  Trainer glance(Graph graph) {
    return Trainer.of(logits(graph), data).settings(settings(1, RATE)).threads(threads);
  }

  private TrainSettings settings(int epochs, double rate) {
    long batch = Math.max(LEAST_BATCH, Math.min(LARGEST_BATCH, examples() / BATCHES));
    return new TrainSettings(
        epochs, (int) batch, Optimizer.adam(), new Rate.Cosine(rate, 0, 0), 0, 0, 0);
  }

  private long examples() {
    return data.train().data().size();
  }

  /**
   * Whether the teacher's labels and a training could be made in time at the speed of running
   * forward; if not, they surely cannot.
   *
   * @param trainings how many
   */
  boolean canTeach(int trainings, Budget budget) {
    long seen = trainings * LEAST_STEPS * settings(1, RATE).batch();
    return budget.allows(((labels == null ? examples() : 0) + seen) * bench.secondsPerExample());
  }

  private SoftLabels labels() {
    if (labels == null) {
      Teacher teacher = Teacher.of(model, data.train().data()).threads(threads);
      LabelKey key = teacher.key(data, DType.FLOAT16);
      String question = Sha256.ofTexts(key.teacher(), key.data());
      String name = "labels-" + question.substring(0, 8) + ".safetensors";
      labels = teacher.teach(data, folder.resolve(name), key.type(), listener).labels();
    }
    return labels;
  }

  /**
   * Trains a model on, or goes on where it was cut off.
   *
   * @param name of the candidate, whose folder keeps the checkpoint
   * @param key the digest of what is trained
   * @param graph what is trained
   * @param time what it should take
   * @param budget what it may take before it is cut off
   * @return empty where there is no time for it, or it was cut off; the listener is told
   */
  Optional<Taught> train(String name, String key, Graph graph, Budget time, Budget budget) {
    if (!canTeach(1, budget)) {
      listener.note(name + ": not begun, " + budget.says());
      return Optional.empty();
    }
    Graph net = logits(graph);
    Timetable plan = timetable(name, key, net, wanted(), time.left());
    if (plan.steps() < Math.min(LEAST_STEPS, wanted()) || !budget.allows(plan.secondsPerEpoch())) {
      listener.note(
          String.format(
              Locale.ROOT,
              "%s: not begun, as only %.0f s of the budget are left for it; give more --budget",
              name,
              time.left()));
      return Optional.empty();
    }
    plan.write(folder.resolve(name));
    TrainedModel trained =
        trainer(name, net, plan, RATE)
            .checkpoint(folder.resolve(name).resolve("checkpoint.safetensors"))
            .hasTime(() -> budget.allows(plan.secondsPerEpoch()))
            .train();
    if (trained.epochs().size() < plan.epochs()) {
      listener.note(
          "%s: cut off by the budget after epoch %s of %s; run again with more --budget to go on"
              .formatted(name, trained.epochs().size(), plan.epochs()));
      return Optional.empty();
    }
    return Optional.of(new Taught(merged(graph, trained.model()), plan.steps()));
  }

  /**
   * Trains nets on while they round, each T with a checkpoint of its own.
   *
   * @param name of the candidate, whose folder keeps the checkpoints
   * @param key the digest of what is trained
   * @param budget what all of it may take
   */
  QuantizationAwareTraining.School rounding(String name, String key, Budget budget) {
    return (net, temperature) -> {
      double each = budget.left() / AWARE.trainings(true);
      Timetable plan = timetable(name, key, net, wanted() / ROUNDING_DIVISOR, each);
      plan.write(folder.resolve(name));
      String own = temperature.map(t -> "-T" + t).orElse("");
      Objective objective =
          temperature.map(t -> OBJECTIVE.temperature(new Constant(t))).orElse(OBJECTIVE);
      return trainer(name + own, net, plan, RATE * AWARE.rate())
          .distil(objective, labels())
          .checkpoint(folder.resolve(name).resolve("checkpoint" + own + ".safetensors"));
    };
  }

  /** Takes away what a training leaves that is over, or was of another model. */
  void forget(String name) {
    Path own = folder.resolve(name);
    try {
      Files.createDirectories(own);
      List<Path> left;
      try (Stream<Path> files = Files.list(own)) {
        left = files.filter(f -> LEFTOVER.matcher(f.getFileName().toString()).matches()).toList();
      }
      for (Path file : left) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new RunFault(own + ": cannot be written: " + AtomicFile.reason(e), e);
    }
  }

  private Trainer trainer(String name, Graph net, Timetable plan, double rate) {
    return Trainer.of(net, data)
        .name(name)
        .distil(OBJECTIVE, labels())
        .settings(settings(plan.epochs(), rate))
        .stepsPerEpoch(plan.stepsPerEpoch())
        .threads(threads)
        .listener(listener);
  }

  private long pass() {
    return Math.max(1, examples() / settings(1, RATE).batch());
  }

  private long wanted() {
    return Math.max(STEPS, PASSES * pass());
  }

  /** Whether a model was trained for less than half as long as it should. */
  boolean isCutShort(Candidate trained) {
    return trained.trainedSteps() < wanted() / 2;
  }

  /** What was chosen for the same before; else measures steps and validation, and chooses. */
  private Timetable timetable(String name, String key, Graph net, long wanted, double seconds) {
    Optional<Timetable> before = Timetable.read(folder.resolve(name), key);
    if (before.isPresent()) {
      return before.get();
    }
    long start = System.nanoTime();
    Timetable probe = new Timetable(key, 2, PROBED, 0);
    TrainedModel tried = trainer("probe", net, probe, RATE).listener(ProgressListener.NONE).train();
    double step = settings(1, RATE).batch() / tried.examplesPerSecond();
    double validation = Math.max(0, tried.epochs().get(1).seconds() - PROBED * step);
    double took = (System.nanoTime() - start) / 1e9;
    return Timetable.of(key, wanted, pass(), step, validation, Math.max(0, seconds - took));
  }

  /** A graph with the values of what was trained of it. */
  static Graph merged(Graph graph, Graph trained) {
    Map<String, HostTensor> values = new LinkedHashMap<>(trained.initializers());
    values.keySet().retainAll(graph.initializers().keySet());
    return graph.withInitializers(values);
  }

  /**
   * What was trained.
   *
   * @param graph with a softmax or sigmoid at its end, if it had one
   * @param steps how many
   */
  record Taught(Graph graph, long steps) {}
}
