package org.distill4j.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.distill4j.engine.lowering.FakeQuantization;
import org.distill4j.engine.lowering.LoweringMode;
import org.distill4j.engine.lowering.StatisticUpdate;
import org.distill4j.engine.lowering.TensorFlowGraph;
import org.distill4j.engine.lowering.TensorFlowLowering;
import org.distill4j.engine.lowering.Variable;
import org.distill4j.engine.lowering.Variables;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Node;
import org.distill4j.graph.Value;
import org.distill4j.tensor.Dim;
import org.distill4j.tensor.Shape;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * One TensorFlow graph that holds a whole training step: the model in training mode, the criterion,
 * its gradients, the updates; and beside it, on the same weights, the model in inference mode.
 */
final class TrainingGraph {
  /** The name of the scalar pair (seed, step) behind every random number of a step. */
  final Placeholder<TInt64> randomness;

  final Placeholder<TFloat32> input;
  final Map<String, Placeholder<TFloat32>> arrays = new LinkedHashMap<>();
  final Map<String, Placeholder<TFloat32>> scalars = new LinkedHashMap<>();
  final Variables<TFloat32> variables;
  final List<StateVariable> state = new ArrayList<>();

  /** Sums since they were last cleared: loss, correct, counted, steps. */
  final StateVariable sums;

  final Op step;

  /** The gradient of each trained weight, as it is stored. */
  final Map<Variable<TFloat32>, Operand<TFloat32>> gradients = new LinkedHashMap<>();

  final List<StatisticUpdate<TFloat32>> statisticUpdates;
  final HealthProbe probe;

  /** What {@link #probe} looks at, of one batch. */
  final Operand<TFloat32> health;

  final Placeholder<TFloat32> inferenceInput;
  final Operand<TFloat32> inferenceOutput;

  private final Ops tf;

  /** Which of a weight's elements may be other than zero, by name; 1 or 0 for each. */
  final Map<String, StateVariable> masks = new LinkedHashMap<>();

  /** Sets every masked weight's other elements to zero. */
  final Op applyMasks;

  /** What the part of a range that a step replaces is called among the scalars. */
  static final String NEWS = "ranges/news";

  TrainingGraph(
      Ops tf,
      Graph model,
      TrainingCriterion criterion,
      TrainSettings settings,
      int batch,
      Set<String> masked,
      FakeQuantization rounding) {
    this.tf = tf;
    Value in = model.onlyInput();
    Shape example = in.shape().dropFirst();
    if (rounding.ranges() == FakeQuantization.Ranges.MOVING_AVERAGE) {
      scalars.put(NEWS, placeholder(Shape.SCALAR));
      variables =
          TensorFlowLowering.variables(tf, model, TFloat32.class, rounding, scalars.get(NEWS));
    } else {
      variables =
          TensorFlowLowering.variables(tf, model, TFloat32.class, rounding, tf.constant(0f));
    }
    randomness =
        tf.placeholder(TInt64.class, Placeholder.shape(org.tensorflow.ndarray.Shape.of(2)));
    input = placeholder(example.prepend(Dim.of(batch)));
    TensorFlowGraph<TFloat32> training =
        TensorFlowLowering.lower(
            tf, model, variables, Map.of(in.name(), input), LoweringMode.training(randomness));
    Operand<TFloat32> logits = training.output(model.onlyOutput().name());

    Shape output = Shape.of(logits.shape().asArray()).dropFirst();
    criterion
        .arrays(output)
        .forEach((n, s) -> arrays.put(n, placeholder(s.prepend(Dim.of(batch)))));
    criterion.scalars(0, 1).keySet().forEach(n -> scalars.put(n, placeholder(Shape.SCALAR)));
    Updates.scalarsAt(settings, 0, 1)
        .keySet()
        .forEach(n -> scalars.put(optimizerScalar(n), placeholder(Shape.SCALAR)));
    CriterionOutputs<TFloat32> goal = criterion.build(tf, new Seen(logits));

    List<Variable<TFloat32>> trained = reachable(model);
    List<Operand<TFloat32>> refs = new ArrayList<>();
    trained.forEach(v -> refs.add(v.ref()));
    List<Operand<TFloat32>> gradients = new ArrayList<>();
    for (var gradient : tf.gradients(goal.loss(), refs)) {
      gradients.add(gradient.asOutput().expect(TFloat32.class));
    }
    for (int i = 0; i < trained.size(); i++) {
      this.gradients.put(trained.get(i), gradients.get(i));
    }
    statisticUpdates = training.statisticUpdates();
    for (int i = 0; i < trained.size(); i++) {
      if (masked.contains(trained.get(i).name())) {
        gradients.set(i, tf.math.mul(gradients.get(i), mask(trained.get(i))));
      }
    }
    Slots slots = new Slots(tf);
    Map<String, Operand<TFloat32>> fed = new LinkedHashMap<>();
    Updates.scalarsAt(settings, 0, 1)
        .keySet()
        .forEach(n -> fed.put(n, scalars.get(optimizerScalar(n))));
    List<Op> updates =
        new Updates(tf, settings, fed, slots).build(trained, gradients, statisticUpdates);

    variables
        .trainable()
        .forEach(v -> state.add(new StateVariable(tf, "weight/" + v.name(), v.ref())));
    variables
        .statistics()
        .forEach(v -> state.add(new StateVariable(tf, "statistic/" + v.name(), v.ref())));
    variables.ranges().forEach(v -> state.add(new StateVariable(tf, "range/" + v.name(), v.ref())));
    state.addAll(slots.all());
    state.addAll(masks.values());
    applyMasks = masking(tf);
    sums = StateVariable.create(tf, "sums", org.tensorflow.ndarray.Shape.of(4));
    List<Op> all = new ArrayList<>(updates);
    if (!masks.isEmpty()) {
      all.add(masking(tf.withControlDependencies(updates)));
    }
    all.add(
        tf.assignAdd(
            sums.ref(),
            tf.stack(List.of(goal.loss(), goal.correct(), goal.counted(), tf.constant(1f)))));
    step = tf.withControlDependencies(all).noOp();

    probe = new HealthProbe(tf, model, training, trained, gradients);
    health = probe.isEmpty() ? tf.constant(new float[0]) : probe.fetch();

    inferenceInput = placeholder(example.prepend(Dim.UNKNOWN));
    inferenceOutput =
        TensorFlowLowering.lower(
                tf, model, variables, Map.of(in.name(), inferenceInput), LoweringMode.inference())
            .output(model.onlyOutput().name());
  }

  private Operand<TFloat32> mask(Variable<TFloat32> variable) {
    StateVariable mask =
        StateVariable.create(tf, "mask/" + variable.name(), variable.ref().shape());
    masks.put(variable.name(), mask);
    return mask.ref();
  }

  /** What momentum gave back to a masked weight is taken again. */
  private Op masking(Ops after) {
    List<Op> assigned = new ArrayList<>();
    masks.forEach(
        (name, mask) -> {
          Operand<TFloat32> ref = variables.find(name).orElseThrow().ref();
          assigned.add(after.assign(ref, after.math.mul(ref, mask.ref())));
        });
    return tf.withControlDependencies(assigned).noOp();
  }

  /** What an optimizer's scalar is called among a criterion's. */
  static String optimizerScalar(String name) {
    return "optimizer/" + name;
  }

  private Placeholder<TFloat32> placeholder(Shape shape) {
    long[] sizes = shape.dims().stream().mapToLong(Dim::size).toArray(); // -1 is unknown to both
    return tf.placeholder(
        TFloat32.class, Placeholder.shape(org.tensorflow.ndarray.Shape.of(sizes)));
  }

  /** The weights that the model's output depends on; the others have no gradient. */
  private List<Variable<TFloat32>> reachable(Graph model) {
    Map<String, Node> producers = model.producers();
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(model.onlyOutput().name()));
    while (!open.isEmpty()) {
      String value = open.pop();
      if (seen.add(value) && producers.containsKey(value)) {
        open.addAll(producers.get(value).inputs());
      }
    }
    return variables.trainable().stream()
        .filter(v -> v.role().isEmpty() || seen.contains(v.name())) // a step is where its pair is
        .toList();
  }

  private final class Seen implements CriterionInputs<TFloat32> {
    private final Operand<TFloat32> output;

    Seen(Operand<TFloat32> output) {
      this.output = output;
    }

    @Override
    public Operand<TFloat32> output() {
      return output;
    }

    @Override
    public Operand<TFloat32> array(String name) {
      return arrays.get(name);
    }

    @Override
    public Operand<TFloat32> scalar(String name) {
      return scalars.get(name);
    }
  }
}
