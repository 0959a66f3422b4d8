package org.distill4j.engine;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.engine.lowering.ArrayCopy;
import org.distill4j.engine.lowering.FakeQuantization;
import org.distill4j.engine.lowering.StatisticUpdate;
import org.distill4j.engine.lowering.Variable;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.inference.Predictor;
import org.distill4j.progress.LayerHealth;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;
import org.distill4j.tensorflow.NativeArray;
import org.distill4j.tensorflow.Sessions;
import org.distill4j.tensorflow.TensorFlowNatives;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * A training in TensorFlow: the weights and all that belongs to them live there until they are
 * asked for.
 *
 * <p>For one graph, seed, thread count and machine the same steps give the same bits. Used from one
 * thread; batches may be filled on others.
 */
public final class Training implements AutoCloseable {
  private final Graph model;
  private final TrainingCriterion criterion;
  private final TrainSettings settings;
  private final int batch;
  private final org.tensorflow.Graph graph;
  private final TrainingGraph ops;
  private final Session session;
  private final Map<String, NativeArray> scalars = new LinkedHashMap<>();
  private final TInt64 randomness;

  private Training(
      Graph model,
      TrainingCriterion criterion,
      TrainSettings settings,
      int batch,
      int threads,
      long seed,
      Set<String> masked,
      FakeQuantization rounding) {
    this.model = model;
    this.criterion = criterion;
    this.settings = settings;
    this.batch = batch;
    this.graph = new org.tensorflow.Graph();
    try {
      this.ops =
          new TrainingGraph(
              TensorFlowNatives.ops(graph), model, criterion, settings, batch, masked, rounding);
      this.session = Sessions.open(graph, threads);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
    this.randomness = TInt64.vectorOf(seed, 0);
    ops.scalars.keySet().forEach(n -> scalars.put(n, new NativeArray(Shape.SCALAR)));
    try {
      ops.variables.initialize(session);
      List<StateVariable> zeros =
          new ArrayList<>(ops.state.subList(valueCount(), ops.state.size()));
      zeros.add(ops.sums);
      StateVariable.clearAll(session, zeros);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private int valueCount() {
    return ops.variables.trainable().size()
        + ops.variables.statistics().size()
        + ops.variables.ranges().size();
  }

  /**
   * Makes a model ready to be trained from the values it has.
   *
   * @param model one input, one output
   * @param batch examples per step, at least 1
   * @param threads how many threads a step may use, at least 1
   * @param seed what random numbers such as dropout's are drawn from
   * @throws InputFault if an operator cannot be trained
   */
  public static Training open(
      Graph model,
      TrainingCriterion criterion,
      TrainSettings settings,
      int batch,
      int threads,
      long seed) {
    return open(model, criterion, settings, batch, threads, seed, Set.of(), FakeQuantization.FIXED);
  }

  /**
   * The same with weights of which some elements will be held at zero, and grids that move.
   *
   * @param masked their initializers' names; {@link #mask} has to be called before the first step
   * @param rounding how the grids that the model rounds to move
   */
  public static Training open(
      Graph model,
      TrainingCriterion criterion,
      TrainSettings settings,
      int batch,
      int threads,
      long seed,
      Set<String> masked,
      FakeQuantization rounding) {
    TensorFlowNatives.load();
    return new Training(model, criterion, settings, batch, threads, seed, masked, rounding);
  }

  /**
   * From now on holds elements of weights at zero: at once, in their gradients, and again after
   * each update.
   *
   * @param masks 1 for what may move, 0 for what is held, by initializer, in its shape and order
   * @throws IllegalArgumentException for a name that was not given when this was opened
   */
  public void mask(Map<String, HostTensor> masks) {
    List<StateVariable> held = new ArrayList<>();
    Map<String, HostTensor> values = new LinkedHashMap<>();
    masks.forEach(
        (name, mask) -> {
          StateVariable variable = ops.masks.get(name);
          if (variable == null) {
            throw new IllegalArgumentException(
                "mask '" + name + "': is not one of " + ops.masks.keySet());
          }
          held.add(variable);
          Variable<TFloat32> masked = ops.variables.find(name).orElseThrow();
          values.put(variable.name(), masked.layout().toTensorFlow(mask));
        });
    StateVariable.setAll(session, held, values);
    session.runner().addTarget(ops.applyMasks).run();
  }

  /** New memory for a batch; whoever asks for it closes it. */
  public FeedBatch newBatch() {
    Shape input = model.onlyInput().shape().dropFirst().prepend(Dim.of(batch));
    Map<String, Shape> arrays = new LinkedHashMap<>();
    ops.arrays.forEach((name, p) -> arrays.put(name, Shape.of(p.shape().asArray())));
    return new FeedBatch(input, arrays);
  }

  /**
   * Takes one step.
   *
   * @param step from 0
   * @param steps how many there will be, for schedules
   */
  public void step(long step, long steps, FeedBatch feed) {
    prepare(step, steps);
    fed(feed).addTarget(ops.step).run();
  }

  private Session.Runner fed(FeedBatch feed) {
    Session.Runner runner = session.runner().feed(ops.input, feed.inputArray().tensor());
    feed.arrays().forEach((name, array) -> runner.feed(ops.arrays.get(name), array.tensor()));
    scalars.forEach((name, array) -> runner.feed(ops.scalars.get(name), array.tensor()));
    return runner.feed(ops.randomness, randomness);
  }

  /**
   * How the layers are after the latest step, seen on a batch such as the step's own. Changes
   * nothing; takes about as long as a step.
   */
  public List<LayerHealth> health(FeedBatch feed) {
    if (ops.probe.isEmpty()) {
      return List.of();
    }
    try (TFloat32 numbers = (TFloat32) fed(feed).fetch(ops.health).run().get(0)) {
      return ops.probe.read(NativeArray.view(numbers));
    }
  }

  /**
   * The gradient of the loss by each trained weight, on a batch and as the first step would see it.
   * Changes nothing.
   *
   * @return by the initializer's name, in its shape and order
   */
  public Map<String, HostTensor> gradients(FeedBatch feed) {
    prepare(0, 1);
    Session.Runner runner = fed(feed);
    ops.gradients.values().forEach(runner::fetch);
    return taken(runner, ops.gradients.keySet());
  }

  /**
   * What the running statistics would become after a step on a batch. Changes nothing.
   *
   * @return by the initializer's name; empty for a model without normalizations
   */
  public Map<String, HostTensor> statistics(FeedBatch feed) {
    if (ops.statisticUpdates.isEmpty()) {
      return Map.of();
    }
    prepare(0, 1);
    Session.Runner runner = fed(feed);
    ops.statisticUpdates.forEach(u -> runner.fetch(u.value()));
    return taken(runner, ops.statisticUpdates.stream().map(StatisticUpdate::variable).toList());
  }

  private static Map<String, HostTensor> taken(
      Session.Runner runner, Collection<Variable<TFloat32>> variables) {
    Map<String, HostTensor> taken = new LinkedHashMap<>();
    try (Result result = runner.run()) {
      int i = 0;
      for (Variable<TFloat32> variable : variables) {
        HostTensor stored = ArrayCopy.toHost(result.get(i++));
        taken.put(variable.name(), variable.layout().toOnnx(stored));
      }
    }
    return taken;
  }

  private void prepare(long step, long steps) {
    criterion.scalars(step, steps).forEach(this::set);
    Updates.scalarsAt(settings, step, steps)
        .forEach((name, value) -> set(TrainingGraph.optimizerScalar(name), value));
    if (scalars.containsKey(TrainingGraph.NEWS)) {
      set(TrainingGraph.NEWS, FakeQuantization.newsAt(step, steps));
    }
    randomness.setLong(step, 1);
  }

  private void set(String scalar, double value) {
    scalars.get(scalar).floats().put(0, (float) value);
  }

  /** What the steps since the last call brought. */
  public Measures takeMeasures() {
    FloatBuffer sums = ops.sums.get(session).floats();
    StateVariable.clearAll(session, List.of(ops.sums));
    return new Measures(sums.get(3), sums.get(0), sums.get(1), sums.get(2));
  }

  /**
   * All that the next step depends on but its number and its batch: weights, statistics, the
   * optimizer's memory.
   */
  public Map<String, HostTensor> state() {
    return StateVariable.getAll(session, ops.state);
  }

  /** Goes back to a state that {@link #state} gave. */
  public void restore(Map<String, HostTensor> state) {
    StateVariable.setAll(session, ops.state, state);
  }

  /** The model with the values it has now. */
  public Graph model() {
    return model.withInitializers(ops.variables.fetch(session));
  }

  /**
   * The model as it is now, in inference mode; each run sees the values of its moment. Valid until
   * this is closed.
   */
  public Predictor predictor() {
    return new EnginePredictor(model, session, ops.inferenceInput, ops.inferenceOutput);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
    randomness.close();
    scalars.values().forEach(NativeArray::close);
  }
}
