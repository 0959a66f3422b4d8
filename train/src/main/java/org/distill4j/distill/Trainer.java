package org.distill4j.distill;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.distill4j.data.LabelledSubset;
import org.distill4j.data.Splits;
import org.distill4j.engine.TrainSettings;
import org.distill4j.engine.lowering.FakeQuantization;
import org.distill4j.engine.lowering.TensorFlowLowering;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.progress.ProgressListener;
import org.distill4j.prune.Masks;
import org.distill4j.softlabels.SoftLabels;
import org.distill4j.tensor.HostTensor;
import org.distill4j.views.Views;

/**
 * A trainer: fits a net to data, a teacher or a lone student to labels, a student to a teacher's
 * soft labels and to the labels it may see.
 *
 * <pre>{@code
 * Graph teacher = Trainer.of(big.build(data.shape(), 10, 1), splits).settings(TrainSettings.epochs(8)).train().model();
 * }</pre>
 *
 * <p>One net, data, settings, seed, thread count and machine give one result, to the bit, however
 * often training was cut off on the way when it keeps a {@link #checkpoint}.
 */
public final class Trainer {
  private final Graph net;
  private final Splits data;
  private TrainSettings settings = TrainSettings.epochs(10);
  private Objective objective = Objective.LABELS_ONLY;
  private Optional<TeacherSignal> teaching = Optional.empty();
  private LabelledSubset labelled;
  private Views views = Views.PLAIN;
  private String name = "net";
  private long stepsPerEpoch;
  private long seed = 1;
  private int threads = Runtime.getRuntime().availableProcessors();
  private Optional<Path> checkpoint = Optional.empty();
  private boolean watched;
  private Optional<Masks> masks = Optional.empty();
  private FakeQuantization rounding = FakeQuantization.FIXED;
  private BooleanSupplier hasTime = () -> true;
  private ProgressListener listener = ProgressListener.NONE;

  private Trainer(Graph net, Splits data) {
    this.net = net;
    this.data = data;
    this.labelled = LabelledSubset.all(data.train().data().size());
  }

  /**
   * Begins to describe a training.
   *
   * @param net from its present values; one input of the data's shape, one output [batch, classes]
   *     of logits
   */
  public static Trainer of(Graph net, Splits data) {
    return new Trainer(net, data);
  }

  /** How long, in what batches, how fast. */
  public Trainer settings(TrainSettings settings) {
    this.settings = settings;
    return this;
  }

  /** What is minimised where there is no teacher; the plain cross-entropy if this is left out. */
  public Trainer objective(Objective objective) {
    this.objective = objective;
    this.teaching = Optional.empty();
    return this;
  }

  /** Learns from a teacher too, from what it said of the examples as they are. */
  public Trainer distil(Objective objective, SoftLabels softLabels) {
    return distil(objective, new TeacherSignal.Cached(softLabels, false));
  }

  /** Learns from a teacher too. */
  public Trainer distil(Objective objective, TeacherSignal teaching) {
    this.objective = objective;
    this.teaching = objective.needsTeacher() ? Optional.of(teaching) : Optional.empty();
    return this;
  }

  /** Whether it hears a teacher. */
  public boolean isTaught() {
    return teaching.isPresent();
  }

  /** In which views the training examples are seen; as they are if this is left out. */
  public Trainer views(Views views) {
    this.views = views;
    return this;
  }

  /** Which labels may be seen; all of them if this is left out. */
  public Trainer labelled(LabelledSubset labelled) {
    this.labelled = labelled;
    return this;
  }

  /** What people call the net; in messages and progress. */
  public Trainer name(String name) {
    this.name = name;
    return this;
  }

  /**
   * How many steps make an epoch, to give nets that see different numbers of examples the same
   * number of steps; one pass over the examples if this is left out.
   */
  public Trainer stepsPerEpoch(long steps) {
    this.stepsPerEpoch = steps;
    return this;
  }

  /** What order and dropout are drawn from; 1 if this is left out. */
  public Trainer seed(long seed) {
    this.seed = seed;
    return this;
  }

  /** How many threads a step may use; all processors if this is left out. */
  public Trainer threads(int threads) {
    this.threads = threads;
    return this;
  }

  /** Where to keep what a cut-off training needs to go on; deleted by nobody. */
  public Trainer checkpoint(Path file) {
    this.checkpoint = Optional.of(file);
    return this;
  }

  /**
   * Looks at every layer after an epoch, for {@link TrainedModel#health}; it takes at most a
   * twentieth of the time and changes nothing of the result.
   */
  public Trainer watched() {
    this.watched = true;
    return this;
  }

  /** Which weights are held at zero at each step; none if this is left out. */
  public Trainer masks(Masks masks) {
    this.masks = Optional.of(masks);
    return this;
  }

  /**
   * How the grids move that a net rounds to on the way; they stay as they are if this is left out.
   */
  public Trainer rounding(FakeQuantization rounding) {
    this.rounding = rounding;
    return this;
  }

  /**
   * Asked after each epoch whether another may be begun; if this is left out, all are trained. What
   * is cut off has fewer epochs than were asked for, and goes on from its {@link #checkpoint}.
   */
  public Trainer hasTime(BooleanSupplier hasTime) {
    this.hasTime = hasTime;
    return this;
  }

  /** Who hears how far it is. */
  public Trainer listener(ProgressListener listener) {
    this.listener = listener;
    return this;
  }

  /**
   * Checks at once what {@link #train} would find at its start, for those who have other work to do
   * before.
   *
   * @throws InputFault if net, data and soft labels do not belong together, or the net cannot be
   *     trained
   */
  public void check() {
    List<String> faults = TensorFlowLowering.unsupported(task().net());
    if (!faults.isEmpty()) {
      throw new InputFault(faults);
    }
  }

  /**
   * Trains, or goes on where the checkpoint says.
   *
   * @throws InputFault if net, data and soft labels do not belong together, or the net cannot be
   *     trained
   * @throws RunFault if the loss is not a number any more, or the checkpoint is damaged or of
   *     another training
   */
  public TrainedModel train() {
    return new TrainingRun(task()).run();
  }

  /**
   * Looks at the first batches without learning from them.
   *
   * @param batches how many, at least 1
   * @param taker takes the gradients of one batch: of each trained initializer by name, in its
   *     shape and order
   * @throws InputFault as {@link #train}
   */
  public void gradients(int batches, Consumer<Map<String, HostTensor>> taker) {
    new GradientProbe(task(), batches).gradients(taker);
  }

  /**
   * The net with running statistics as they are on the first batches, and nothing else changed. For
   * a net whose weights were changed by other means than training.
   *
   * @param batches how many, at least 1
   * @throws InputFault as {@link #train}
   */
  public Graph renormalized(int batches) {
    return new GradientProbe(task(), batches).renormalized();
  }

  private TrainingSpec task() {
    return new TrainingSpec(
        name,
        net,
        data,
        settings,
        objective,
        teaching,
        labelled,
        views,
        stepsPerEpoch,
        seed,
        threads,
        checkpoint,
        watched,
        masks,
        rounding,
        hasTime,
        listener);
  }
}
